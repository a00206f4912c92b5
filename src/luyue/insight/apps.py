from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "luyue.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"
