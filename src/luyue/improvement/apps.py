from importlib import import_module

from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "luyue.improvement"
    label = "improvement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("luyue.improvement.record_types")
