"""The URLs of the whole site."""

from django.urls import URLPattern, URLResolver, include, path

from openmso.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("ui/", include("openmso.platform.ui.urls")),
]

handler500 = "openmso.platform.ui.errors.server_error"
