from importlib import import_module

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "luyue.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("luyue.messaging.reactions")
