"""The URLs of the whole site."""

from django.urls import URLPattern, URLResolver, path

from openmso.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez),
    path("readyz", health.readyz),
]
