"""Pages of intake."""

from django.urls import path

from openmso.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("new/", views.take, name="take"),
    path("template.csv", views.template, name="template"),
    path("<str:run>/", views.run, name="run"),
]
