"""The addresses of banking."""

from __future__ import annotations

from django.urls import path

from openmso.banking import views

app_name = "banking"
urlpatterns = [
    path("", views.lines, name="lines"),
    path("statements/", views.statements, name="statements"),
    path("import/", views.import_statement, name="import"),
    path("lines/<slug:line>/", views.line, name="line"),
]
