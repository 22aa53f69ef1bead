"""The routes of portability."""

from django.urls import path

from openmso.portability import views

app_name = "portability"
urlpatterns = [
    path("", views.take, name="take"),
    path("<str:code>/", views.archive, name="archive"),
    path("<str:code>/revenue-cycle/", views.revenue_cycle, name="revenue_cycle"),
]
