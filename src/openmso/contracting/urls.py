"""The addresses of payer contracts."""

from __future__ import annotations

from django.urls import path

from openmso.contracting import views

app_name = "contracting"
urlpatterns = [
    path("contracts/", views.index, name="contracts"),
    path("contracts/new/", views.new, name="new"),
    path("contracts/<str:contract>/", views.contract, name="contract"),
    path("contracts/<str:contract>/draft/", views.draft, name="draft"),
    path("contracts/<str:contract>/withdraw/", views.withdraw, name="withdraw"),
    path("contracts/<str:contract>/publish/", views.publish, name="publish"),
    path("contracts/<str:contract>/versions/<int:number>/", views.version, name="version"),
    path("contracts/<str:contract>/versions/<int:number>/price/", views.price, name="price"),
    path("practices/<str:practice>/contracts/", views.of_practice, name="of-practice"),
]
