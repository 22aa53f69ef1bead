from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "openmso.platform.jobs"
    label = "jobs"
