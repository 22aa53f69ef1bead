"""The addresses of eligibility."""

from __future__ import annotations

from django.urls import path

from openmso.eligibility.views import checks, patients, permits

app_name = "eligibility"
urlpatterns = [
    path("", checks.checks, name="checks"),
    path("ask/", checks.ask_many, name="ask_many"),
    path("ahead/", checks.ask_ahead, name="ask_ahead"),
    path("answers/", checks.take, name="take"),
    path("authorizations/", permits.authorizations, name="authorizations"),
    path("authorizations/new/", permits.new_authorization, name="new_authorization"),
    path("authorization-requests/", permits.requests, name="requests"),
    path("authorization-requests/new/", permits.new_request, name="new_request"),
    path("authorization-requests/answers/", permits.take_requests, name="take_requests"),
    path("authorization-requests/<slug:permit_request>/", permits.request, name="request"),
    path("authorization-rules/", permits.rules, name="rules"),
    path("authorization-rules/new/", permits.new_rule, name="new_rule"),
    path("reasons/", patients.routes, name="routes"),
    path("reasons/new/", patients.new_route, name="new_route"),
    path("reasons/<slug:route>/", patients.route, name="route"),
    path("reasons/<slug:route>/end/", patients.end_route, name="end_route"),
    path("patients/<slug:patient>/", patients.patient, name="patient"),
    path("patients/<slug:patient>/new/", patients.record, name="record_coverage"),
    path("patients/<slug:patient>/ask/", checks.ask_patient, name="ask_patient"),
    path("<slug:check>/", checks.check, name="check"),
    path("<slug:check>/ask/", checks.ask_one, name="ask"),
    path("<slug:check>/coverage/", checks.take_as_coverage, name="take_as_coverage"),
]
