"""The addresses of the dead letters."""

from __future__ import annotations

from django.urls import path

from openmso.platform.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.dead_jobs, name="dead-jobs"),
    path("jobs/replay/", views.replay_jobs, name="replay-jobs"),
    path("facts/", views.dead_facts, name="dead-facts"),
    path("facts/replay/", views.replay_facts, name="replay-facts"),
]
