"""The addresses of the trail."""

from __future__ import annotations

from django.urls import path

from openmso.platform.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.index, name="events"),
    path("proof/", views.proof, name="proof"),
    path("proof/<str:practice>/", views.proof_of, name="proof-of"),
    path("<str:kind>/<str:public_id>/", views.history, name="history"),
]
