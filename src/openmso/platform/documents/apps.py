from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "openmso.platform.documents"
    label = "documents"
