"""The addresses of underpayments."""

from __future__ import annotations

from django.urls import path

from openmso.underpayments import views

app_name = "underpayments"
urlpatterns = [
    path("underpayments/", views.index, name="underpayments"),
    path("underpayments/disputes/", views.disputes, name="disputes"),
    path("underpayments/disputes/new/", views.dispute, name="dispute"),
    path("underpayments/of/<str:claim>/", views.of_claim, name="of-claim"),
    path("underpayments/contracts/<str:contract>/", views.reprice, name="reprice"),
    path("underpayments/contracts/<str:contract>/<int:number>/", views.repricing, name="repricing"),
    path("underpayments/<str:underpayment>/", views.underpayment, name="underpayment"),
    path("underpayments/<str:underpayment>/accept/", views.accept, name="accept"),
]
