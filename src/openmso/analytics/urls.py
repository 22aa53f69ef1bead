"""The addresses of analytics."""

from __future__ import annotations

from django.urls import path

from openmso.analytics import views

app_name = "analytics"
urlpatterns = [
    path("", views.board, name="board"),
    path("ageing/", views.ageing, name="ageing"),
    path("ageing/claims/", views.behind_ageing, name="behind-ageing"),
    path("cohorts/claims/", views.behind_cohort, name="behind-cohort"),
    path("cohorts/", views.cohorts, name="cohorts"),
    path("forecast/", views.forecast, name="forecast"),
    path("definitions/", views.definitions, name="definitions"),
    path("count/", views.count, name="count"),
    path("costs/", views.hour_costs, name="hour-costs"),
    path("costs/enter/", views.enter_cost, name="enter-cost"),
    path("<slug:kpi>/", views.figure, name="figure"),
    path("<slug:kpi>/<slug:side>/", views.behind, name="behind"),
]
