"""The addresses of stored files."""

from __future__ import annotations

from django.urls import path

from openmso.platform.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.index, name="documents"),
    path("<str:public_id>/", views.document, name="document"),
    path("<str:public_id>/bytes/", views.download, name="download"),
]
