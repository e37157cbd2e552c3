from importlib import import_module

from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    name = "municipalities"
    verbose_name = "Регионы и города"

    def ready(self):
        # Models can be imported only now.
        import_module("municipalities.editions").watch()
        import_module("municipalities.full_text")  # registers the lookup `words`
