"""The addresses of leaving."""

from __future__ import annotations

from django.urls import path

from openmso.leaving.views import desk, pages

app_name = "leaving"
urlpatterns = [
    path("exits/", pages.exits, name="exits"),
    path("exits/new/", desk.give_notice, name="new"),
    path("exits/<str:exit>/", pages.exit, name="exit"),
    path("exits/<str:exit>/withdraw/", desk.withdraw, name="withdraw"),
    path("exits/<str:exit>/tasks/<int:number>/", desk.move_own_task, name="move-task"),
    path("exits/<str:exit>/tasks/<int:number>/ours/", desk.move_our_task, name="move-our-task"),
    path("exits/<str:exit>/assets/new/", desk.list_asset, name="list-asset"),
    path("exits/<str:exit>/assets/<int:number>/appraise/", desk.appraise_own, name="appraise"),
    path("exits/<str:exit>/assets/<int:number>/appraise/ours/", desk.appraise_ours, name="appraise-ours"),
    path("exits/<str:exit>/election/", desk.elect, name="elect"),
    path("exits/<str:exit>/items/new/", desk.tell_item, name="tell-item"),
    path("exits/<str:exit>/statement/", desk.state, name="state"),
    path("exits/<str:exit>/certificate/", desk.certify, name="certify"),
    path("exits/<str:exit>/close/", desk.close, name="close"),
]
