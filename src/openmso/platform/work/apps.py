from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "openmso.platform.work"
    label = "work"
