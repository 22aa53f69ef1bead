"""The addresses of exchange."""

from __future__ import annotations

from django.urls import path

from openmso.exchange.views import enrolments, routes, transmissions

app_name = "exchange"
urlpatterns = [
    path("", transmissions.index, name="transmissions"),
    path("again/", transmissions.again_many, name="again-many"),
    path("handed-in/", transmissions.handed_in_many, name="handed-in-many"),
    path("files/<str:transmission>/", transmissions.transmission, name="transmission"),
    path("files/<str:transmission>/again/", transmissions.again, name="again"),
    path("files/<str:transmission>/take/", transmissions.take, name="take"),
    path("files/<str:transmission>/handed-in/", transmissions.handed_in, name="handed-in"),
    path("files/<str:transmission>/give-up/", transmissions.give_up, name="give-up"),
    path("routes/", routes.routes, name="routes"),
    path("routes/set/", routes.set_route, name="set-route"),
    path("partners/", routes.partners, name="partners"),
    path("partners/new/", routes.add, name="add-partner"),
    path("partners/<str:partner>/", routes.partner, name="partner"),
    path("partners/<str:partner>/change/", routes.change, name="change-partner"),
    path("partners/<str:partner>/down/", routes.down, name="partner-down"),
    path("partners/<str:partner>/up/", routes.up, name="partner-up"),
    path("enrolments/", enrolments.index, name="enrolments"),
    path("enrolments/new/", enrolments.begin, name="open-enrolment"),
    path("enrolments/<str:enrolment>/", enrolments.enrolment, name="enrolment"),
    path("enrolments/<str:enrolment>/step/", enrolments.move, name="enrolment-step"),
    path("mailbox/", transmissions.arrivals, name="arrivals"),
    path("mailbox/new/", transmissions.take_in, name="take-in"),
    path("mailbox/<str:arrival>/", transmissions.arrival, name="arrival"),
]
