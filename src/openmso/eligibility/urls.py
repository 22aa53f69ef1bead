"""The addresses of eligibility."""

from __future__ import annotations

from django.urls import path

from openmso.eligibility import views

app_name = "eligibility"
urlpatterns = [
    path("", views.checks, name="checks"),
    path("ask/", views.ask_many, name="ask_many"),
    path("ahead/", views.ask_ahead, name="ask_ahead"),
    path("answers/", views.take, name="take"),
    path("patients/<slug:patient>/ask/", views.ask_patient, name="ask_patient"),
    path("<slug:check>/", views.check, name="check"),
    path("<slug:check>/ask/", views.ask_one, name="ask"),
    path("<slug:check>/coverage/", views.take_as_coverage, name="take_as_coverage"),
]
