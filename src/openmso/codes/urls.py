"""The addresses of codes."""

from __future__ import annotations

from django.urls import path

from openmso.codes import views

app_name = "codes"
urlpatterns = [
    path("", views.codes, name="codes"),
    path("loads/", views.loads, name="loads"),
    path("loads/new/", views.new_load, name="new-load"),
    path("loads/<slug:load>/", views.load, name="load"),
    path("loads/<slug:load>/undo/", views.undo_load, name="undo-load"),
    path("<slug:code>/", views.code, name="code"),
]
