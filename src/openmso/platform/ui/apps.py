from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "openmso.platform.ui"
    label = "ui"
