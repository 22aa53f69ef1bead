"""The routes of settlement."""

from django.urls import path

from openmso.settlement.views import accounts, ahead, disputes, whatif
from openmso.settlement.views import pages as views

app_name = "settlement"
urlpatterns = [
    path("", views.statements, name="statements"),
    path("settle/", views.settle, name="settle"),
    path("runs/<str:run>/", views.run, name="run"),
    path("what-if/of/<str:agreement>/", whatif.panel, name="what-if-panel"),
    path("what-if/kinds/<str:agreement>/", whatif.other_kind, name="other-kind"),
    path("what-if/<str:agreement>/", whatif.what_if, name="what-if"),
    path("what-if/<str:agreement>/<str:asked>/", whatif.restated, name="restated"),
    path("ahead/", ahead.index, name="ahead"),
    path("ahead/<str:month>/<str:practice>/", ahead.of_practice, name="ahead-of"),
    path("ahead/<str:month>/<str:practice>/<str:category>/", ahead.behind, name="ahead-behind"),
    path("ageing/", views.aged, name="ageing"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<str:account_code>/", accounts.account, name="account"),
    path("accounts/<str:account_code>/account.pdf", accounts.account_paper, name="account-paper"),
    path("revenue/", accounts.revenue, name="revenue"),
    path("disputes/", disputes.listed, name="disputes"),
    path("disputes/<str:dispute>/", disputes.dispute, name="dispute"),
    path("disputes/<str:dispute>/answer/", disputes.answer, name="answer-dispute"),
    path("disputes/<str:dispute>/accept/", disputes.accept, name="accept-answer"),
    path("disputes/<str:dispute>/take-back/", disputes.take_back, name="take-back-dispute"),
    path("disputes/<str:dispute>/escalate/", disputes.escalate, name="escalate-dispute"),
    path("memos/<str:memo>.pdf", disputes.memo, name="memo"),
    path("<str:settlement>/", views.statement, name="statement"),
    path("<str:settlement>/fee/", views.fee, name="fee"),
    path("<str:settlement>/fee/<slug:name>/<slug:category>/", views.given, name="given"),
    path("<str:settlement>/metered/<str:count>/", views.metered, name="metered"),
    path("<str:settlement>/levels/<str:kind>/", views.level, name="level"),
    path("<str:settlement>/rows/<int:number>/", views.behind, name="behind"),
    path("<str:settlement>/rows/<int:number>/dispute/", disputes.open_dispute, name="dispute-row"),
    path("<str:settlement>/approve/", views.approve, name="approve"),
    path("<str:settlement>/pay/", views.pay, name="pay"),
    path("<str:settlement>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:settlement>/<str:paper>.pdf", views.paper, name="paper"),
]
