"""The addresses of estimates."""

from __future__ import annotations

from django.urls import path

from openmso.estimates import views

app_name = "estimates"
urlpatterns = [
    path("", views.index, name="estimates"),
    path("desk/", views.desk, name="desk"),
    path("desk/<slug:visit>/", views.visit, name="visit"),
    path("new/", views.make, name="make"),
    path("requests/new/", views.request_one, name="request"),
    path("<slug:estimate>/", views.estimate, name="estimate"),
    path("<slug:estimate>/paper.pdf", views.paper, name="paper"),
    path("<slug:estimate>/give/", views.give, name="give"),
    path("<slug:estimate>/drop/", views.drop, name="drop"),
]
