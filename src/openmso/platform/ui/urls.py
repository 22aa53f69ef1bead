"""The addresses of the shell itself."""

from django.urls import path

from openmso.platform.ui import gallery, views

app_name = "ui"
urlpatterns = [
    path("preferences/", views.set_preferences, name="preferences"),
    path("columns/", views.choose_columns, name="columns"),
    path("palette/", views.palette, name="palette"),
    path("present/", views.present, name="present"),
    path("counts/", views.counts, name="counts"),
    path("gallery/", gallery.index, name="gallery"),
    path("gallery/act/", gallery.act, name="gallery-act"),
    path("gallery/write-off/", gallery.write_off, name="gallery-write-off"),
    path("gallery/<slug:name>/", gallery.show, name="gallery-page"),
]
