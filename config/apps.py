from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps

from config import checks

__all__ = ["RegionAdminConfig", "SiteConfig", "checks"]  # the import registers the checks


class SiteConfig(AppConfig):
    """The roof: home page, system pages, checks, template tags and cross-app commands."""

    name = "config"
    label = "site_config"
    verbose_name = "Сайт"
    default = True


class RegionAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site, whose door is role assignments."""

    default = False
    default_site = "config.admin_site.RegionAdminSite"
