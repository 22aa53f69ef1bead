"""The addresses of underpayments."""

from __future__ import annotations

from django.urls import path

from openmso.underpayments.views import lines as views
from openmso.underpayments.views import proposing

app_name = "underpayments"
urlpatterns = [
    path("underpayments/", views.index, name="underpayments"),
    path("underpayments/disputes/", views.disputes, name="disputes"),
    path("underpayments/disputes/new/", views.dispute, name="dispute"),
    path("underpayments/of/<str:claim>/", views.of_claim, name="of-claim"),
    path("underpayments/contracts/<str:contract>/", views.reprice, name="reprice"),
    path("underpayments/contracts/<str:contract>/codes/", views.of_contract, name="of-contract"),
    path("underpayments/contracts/<str:contract>/allowed/", views.allowed, name="allowed"),
    path("underpayments/contracts/<str:contract>/<int:number>/", views.repricing, name="repricing"),
    path("underpayments/rules/", proposing.rules, name="rules"),
    path("underpayments/rules/new/", proposing.new_rule, name="new-rule"),
    path("underpayments/rules/<slug:posting_rule>/", proposing.rule, name="rule"),
    path("underpayments/rules/<slug:posting_rule>/change/", proposing.change_rule, name="change-rule"),
    path("underpayments/proposals/", proposing.proposals, name="proposals"),
    path("underpayments/proposals/ask/", proposing.ask_rules, name="ask-rules"),
    path("underpayments/proposals/take/", proposing.take_many, name="take-many"),
    path("underpayments/differences/", proposing.differences, name="differences"),
    path("underpayments/differences/<slug:difference>/", proposing.difference, name="difference"),
    path("underpayments/differences/<slug:difference>/take/", proposing.take_difference, name="take-difference"),
    path("underpayments/differences/<slug:difference>/decline/", proposing.decline_difference,
         name="decline-difference"),
    path("underpayments/<str:underpayment>/take/", proposing.take, name="take"),
    path("underpayments/<str:underpayment>/decline/", proposing.decline, name="decline"),
    path("underpayments/<str:underpayment>/", views.underpayment, name="underpayment"),
    path("underpayments/<str:underpayment>/accept/", views.accept, name="accept"),
]  # fmt: skip
