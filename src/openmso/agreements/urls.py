"""The addresses of agreements."""

from __future__ import annotations

from django.urls import path

from openmso.agreements.views import desk, law, pages

app_name = "agreements"
urlpatterns = [
    path("agreements/", pages.index, name="agreements"),
    path("agreements/new/", desk.choose, name="new"),
    path("agreements/new/<str:practice>/", desk.begin, name="draft"),
    path("agreements/<str:agreement>/", pages.agreement, name="agreement"),
    path("agreements/<str:agreement>/law/", law.of_agreement, name="law"),
    path("agreements/<str:agreement>/law/facts/", law.say, name="facts"),
    path("agreements/<str:agreement>/quote/", pages.quote, name="quote"),
    path("agreements/<str:agreement>/summary.pdf", pages.summary, name="summary"),
    path("agreements/<str:agreement>/versions/<int:number>/", pages.compare, name="compare"),
    path("agreements/<str:agreement>/versions/<int:number>/signed.pdf", pages.paper, name="paper"),
    path("agreements/<str:agreement>/revise/", desk.revise, name="revise"),
    path("agreements/<str:agreement>/amend/", desk.amend, name="amend"),
    path("agreements/<str:agreement>/withdraw/", desk.withdraw, name="withdraw"),
    path("agreements/<str:agreement>/execute/", desk.execute, name="execute"),
    path("agreements/<str:agreement>/terminate/", desk.terminate, name="terminate"),
    path("agreements/<str:agreement>/notice/", desk.give_notice, name="notice"),
    path("agreements/<str:agreement>/baa/", desk.sign_baa, name="sign-baa"),
    path("agreements/<str:agreement>/baa/<str:baa>/end/", desk.end_baa, name="end-baa"),
    path("law/", law.rules, name="law-rules"),
    path("law/new/", law.write, name="law-new"),
    path("law/<str:code>/", law.rule, name="law-rule"),
    path("law/<str:code>/change/", law.write, name="law-change"),
    path("law/<str:code>/withdraw/", law.withdraw, name="law-withdraw"),
    path("law/<str:code>/sign-off/", law.sign_off, name="law-sign-off"),
]
