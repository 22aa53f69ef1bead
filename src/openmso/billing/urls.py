"""The addresses of billing."""

from __future__ import annotations

from django.urls import path

from openmso.billing.views import accounts, payments

app_name = "billing"
urlpatterns = [
    path("", accounts.index, name="accounts"),
    path("payments/", payments.index, name="payments"),
    path("payments/apply/", payments.apply_many, name="apply-many"),
    path("payments/<slug:receipt>/", payments.payment, name="payment"),
    path("payments/<slug:receipt>/apply/", payments.apply, name="apply"),
    path("payments/<slug:receipt>/withdraw/", payments.withdraw, name="withdraw"),
    path("payments/<slug:receipt>/reverse/", payments.reverse_payment, name="reverse"),
    path("claims/<slug:claim>/", accounts.of_claim, name="of-claim"),
    path("patients/<slug:patient>/", accounts.account, name="account"),
    path("patients/<slug:patient>/pay/", payments.take, name="take"),
]
