from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "luyue.exchange"
    label = "exchange"
