"""The addresses of estimates."""

from __future__ import annotations

from django.urls import path

from openmso.estimates.views import desk, usual
from openmso.estimates.views import estimates as views

app_name = "estimates"
urlpatterns = [
    path("", views.index, name="estimates"),
    path("desk/", desk.desk, name="desk"),
    path("desk/arrived/", desk.mark_many, {"to": "arrived"}, name="arrive-many"),
    path("desk/done/", desk.mark_many, {"to": "done"}, name="done-many"),
    path("desk/no-show/", desk.mark_many, {"to": "no_show"}, name="no-show-many"),
    path("desk/cancelling/", desk.ask_cancel, name="ask-cancel"),
    path("desk/cancelled/", desk.mark_many, {"to": "cancelled"}, name="cancel-many"),
    path("desk/<slug:visit>/", desk.visit, name="visit"),
    path("desk/<slug:visit>/mark/", desk.mark, name="mark"),
    path("desk/<slug:visit>/collect/", desk.collect, name="collect"),
    path("desk/<slug:visit>/plan/", desk.choose, name="choose"),
    path("desk/<slug:visit>/take-back/", desk.take_back, name="take-back"),
    path("new/", views.make, name="make"),
    path("requests/new/", views.request_one, name="request"),
    path("usual/", usual.index, name="usual-list"),
    path("usual/new/", usual.say, name="usual-new"),
    path("usual/<slug:usual>/", usual.usual, name="usual"),
    path("usual/<slug:usual>/change/", usual.change, name="usual-change"),
    path("usual/<slug:usual>/end/", usual.end, name="usual-end"),
    path("<slug:estimate>/", views.estimate, name="estimate"),
    path("<slug:estimate>/paper.pdf", views.paper, name="paper"),
    path("<slug:estimate>/give/", views.give, name="give"),
    path("<slug:estimate>/drop/", views.drop, name="drop"),
]
