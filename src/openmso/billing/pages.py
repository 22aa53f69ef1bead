"""The addresses that patients reach without signing in."""

from __future__ import annotations

from django.urls import path

from openmso.billing.views import paying

app_name = "pay"
urlpatterns = [
    path("events/<slug:provider>/", paying.heard, name="heard"),
    path("<slug:payment_link>/", paying.page, name="page"),
]
