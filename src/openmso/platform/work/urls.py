"""The addresses of the inbox."""

from __future__ import annotations

from django.urls import path

from openmso.platform.work.views import escalating, oversight, queues
from openmso.platform.work.views import items as views

app_name = "work"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("order/", views.order, name="order"),
    path("queues/", queues.queues, name="queues"),
    path("functions/", queues.functions, name="functions"),
    path("ask-lead/", escalating.ask_lead, name="ask-lead"),
    path("to-lead/", escalating.to_lead, name="to-lead"),
    path("next/", views.take_next, name="next"),
    path("done/", views.done_many, name="done-many"),
    path("snooze/", views.snooze_many, name="snooze-many"),
    path("take/", views.take_many, name="take-many"),
    path("later/", views.later, name="later"),
    path("takers/", views.takers, name="takers"),
    path("give/", views.give_many, name="give-many"),
    path("undo/", views.undo, name="undo"),
    path("measures/", oversight.measures, name="measures"),
    path("reviews/", oversight.reviews, name="reviews"),
    path("reviews/draw/", oversight.draw, name="draw"),
    path("reviews/mine/", oversight.my_reviews, name="my-reviews"),
    path("reviews/mine/<str:review>/", oversight.my_review, name="my-review"),
    path("reviews/<str:review>/settle/", oversight.settle, name="settle"),
    path("reviews/<str:review>/", oversight.review, name="review"),
    path("policies/", oversight.policies, name="policies"),
    path("policies/new/", oversight.policy, name="policy"),
    path("views/", views.save_view, name="save-view"),
    path("views/<str:public_id>/forget/", views.forget_view, name="forget-view"),
    path("<str:public_id>/", views.item, name="item"),
    path("<str:public_id>/peek/", views.peek, name="peek"),
    path("<str:public_id>/done/", views.done, name="done"),
    path("<str:public_id>/snooze/", views.snooze, name="snooze"),
    path("<str:public_id>/wake/", views.wake, name="wake"),
    path("<str:public_id>/take/", views.take, name="take"),
    path("<str:public_id>/give/", views.give, name="give"),
    path("<str:public_id>/comment/", views.comment, name="comment"),
]
