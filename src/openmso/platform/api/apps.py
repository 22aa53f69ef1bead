from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "openmso.platform.api"
    label = "api"
