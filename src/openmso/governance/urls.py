"""The addresses of governance."""

from __future__ import annotations

from django.urls import path

from openmso.governance import views

app_name = "governance"
urlpatterns = [
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/new/", views.new, name="new"),
    path("proposals/<str:proposal>/", views.proposal, name="proposal"),
    path("proposals/<str:proposal>/decide/", views.decide, name="decide"),
    path("proposals/<str:proposal>/withdraw/", views.withdraw, name="withdraw"),
    path("proposals/<str:proposal>/carry-out/", views.carry_out, name="carry-out"),
    path("reserved/", views.of_practices, name="practices"),
    path("reserved/<str:practice>/", views.practice, name="practice"),
    path("agreements/<str:agreement>/proposals/", views.of_agreement, name="of-agreement"),
]
