from importlib import import_module

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "luyue.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("luyue.customers.endpoints")
