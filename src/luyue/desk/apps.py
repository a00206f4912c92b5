from django.apps import AppConfig
from django.core.checks import register


class DeskConfig(AppConfig):
    name = "luyue.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The tags of templates are known only after all areas are.
        from luyue.desk.checks import every_icon_is_there

        register(every_icon_is_there)
