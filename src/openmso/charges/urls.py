"""Pages of charges: what a practice asks for each code."""

from __future__ import annotations

from django.urls import path

from openmso.charges import views

app_name = "charges"
urlpatterns = [
    path("practices/<str:practice>/fees/", views.fees, name="fees"),
    path("practices/<str:practice>/fees/latest/", views.latest, name="latest"),
    path("practices/<str:practice>/fees/publish/", views.publish, name="publish"),
]
