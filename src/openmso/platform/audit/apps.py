from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "openmso.platform.audit"
    label = "audit"
