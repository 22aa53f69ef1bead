"""The addresses of equity."""

from __future__ import annotations

from django.urls import path

from openmso.equity.views import desk, facilities, holdings, lending, money, pages

app_name = "equity"
urlpatterns = [
    path("cap-tables/", pages.ventures, name="ventures"),
    path("cap-tables/new/", desk.new, name="new"),
    path("cap-tables/rollover/", pages.rollover, name="rollover"),
    path("cap-tables/<str:venture>/", pages.venture, name="venture"),
    path("cap-tables/<str:venture>/classes/new/", desk.add_class, name="add-class"),
    path("cap-tables/<str:venture>/holders/new/", desk.name_holder, name="name-holder"),
    path("cap-tables/<str:venture>/units/", pages.units, name="units"),
    path("cap-tables/<str:venture>/units/new/", desk.move_units, name="move-units"),
    path("cap-tables/<str:venture>/revenue/new/", desk.tell_revenue, name="tell-revenue"),
    path("cap-tables/<str:venture>/allocations/new/", money.allocate, name="allocate"),
    path("cap-tables/<str:venture>/calls/new/", money.call_capital, name="call-capital"),
    path("cap-tables/<str:venture>/distributions/new/", money.declare, name="declare"),
    path("holders/<str:holder>/", pages.holder, name="holder"),
    path("holders/<str:holder>/correct/", desk.correct_holder, name="correct-holder"),
    path("holders/<str:holder>/statement/", pages.statement, name="statement"),
    path("holders/<str:holder>/year/", holdings.issue, name="issue-statement"),
    path("holdings/", holdings.listed, name="holdings"),
    path("holdings/<str:holding>/", holdings.statement, name="holding"),
    path("capital-calls/<str:call>/", pages.call, name="call"),
    path("capital-calls/<str:call>/<str:holder>/pay/", money.pay_share, name="pay-share"),
    path("capital-calls/<str:call>/<str:holder>/default/", money.default_share, name="default-share"),
    path("distributions/<str:distribution>/", pages.distribution, name="distribution"),
    path("distributions/<str:distribution>/pay/", money.pay, name="pay"),
    path("facilities/", facilities.facilities, name="facilities"),
    path("facilities/new/", lending.request, name="request"),
    path("facilities/<str:facility>/", facilities.facility, name="facility"),
    path("facilities/<str:facility>/approve/", lending.approve, name="approve"),
    path("facilities/<str:facility>/decline/", lending.decline, name="decline"),
    path("facilities/<str:facility>/close/", lending.close, name="close"),
    path("facilities/<str:facility>/draws/new/", lending.draw, name="draw"),
    path("facilities/<str:facility>/covenants/new/", lending.add_covenant, name="add-covenant"),
    path("facilities/<str:facility>/unused/", lending.pay_unused, name="pay-unused"),
    path("draws/<str:draw>/", facilities.draw, name="of-draw"),
    path("draws/<str:draw>/pay/", lending.pay, name="pay-instalment"),
    path("draws/<str:draw>/prepay/", lending.prepay, name="prepay"),
    path("covenants/<str:covenant>/test/", lending.check, name="test-covenant"),
    path("covenants/<str:covenant>/cure/", lending.cure, name="cure-covenant"),
]
