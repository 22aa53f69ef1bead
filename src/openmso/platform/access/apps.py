from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "openmso.platform.access"
    label = "access"
