from importlib import import_module

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "luyue.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("luyue.insight.endpoints")
