from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "openmso.platform.outbox"
    label = "outbox"
