from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "luyue.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from luyue.ledger.chains import enter_organization_change  # models are loaded only by now
        from luyue.organization import changes

        changes.enter = enter_organization_change
