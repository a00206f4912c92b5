from importlib import import_module

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "luyue.complaints"
    label = "complaints"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("luyue.complaints.record_types")
