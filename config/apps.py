from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The roof: home page, system pages, checks, template tags and cross-app commands."""

    name = "config"
    label = "site_config"
    verbose_name = "Сайт"
