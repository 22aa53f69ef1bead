"""The routes of portability."""

from django.urls import path

from openmso.portability import views

app_name = "portability"
urlpatterns = [
    path("", views.take, name="take"),
    path("<str:code>/", views.archive, name="archive"),
]
