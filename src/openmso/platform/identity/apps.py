from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "openmso.platform.identity"
    label = "identity"
