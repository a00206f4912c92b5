from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "luyue.site"
    label = "luyue_site"

    def ready(self) -> None:
        # Models can be imported only now.
        from luyue.organization import changes
        from luyue.site.entering import enter_change_of_organization

        changes.enter = enter_change_of_organization
