from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "luyue.site"
    label = "luyue_site"
