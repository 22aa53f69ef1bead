"""The routes of settlement."""

from django.urls import path

from openmso.settlement.views import pages as views
from openmso.settlement.views import whatif

app_name = "settlement"
urlpatterns = [
    path("", views.statements, name="statements"),
    path("settle/", views.settle, name="settle"),
    path("runs/<str:run>/", views.run, name="run"),
    path("what-if/of/<str:agreement>/", whatif.panel, name="what-if-panel"),
    path("what-if/<str:agreement>/", whatif.what_if, name="what-if"),
    path("what-if/<str:agreement>/<str:asked>/", whatif.restated, name="restated"),
    path("<str:settlement>/", views.statement, name="statement"),
    path("<str:settlement>/fee/", views.fee, name="fee"),
    path("<str:settlement>/fee/<slug:name>/<slug:category>/", views.given, name="given"),
    path("<str:settlement>/levels/<str:kind>/", views.level, name="level"),
    path("<str:settlement>/rows/<int:number>/", views.behind, name="behind"),
    path("<str:settlement>/approve/", views.approve, name="approve"),
    path("<str:settlement>/pay/", views.pay, name="pay"),
    path("<str:settlement>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:settlement>/<str:paper>.pdf", views.paper, name="paper"),
]
