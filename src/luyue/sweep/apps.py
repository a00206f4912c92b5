from importlib import import_module

from django.apps import AppConfig


class SweepConfig(AppConfig):
    name = "luyue.sweep"
    label = "sweep"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("luyue.sweep.duties")
