"""The addresses of parties."""

from __future__ import annotations

from django.urls import path

from openmso.parties.views import clinicians, enrolments, notes, payers, practices, secrets

app_name = "parties"
urlpatterns = [
    path("practices/", practices.index, name="practices"),
    path("practices/new/", practices.open_practice, name="open-practice"),
    path("practices/<str:practice>/", practices.practice, name="practice"),
    path("practices/<str:practice>/change/", practices.change, name="change-practice"),
    path("practices/<str:practice>/name/", practices.rename, name="rename-practice"),
    path("practices/<str:practice>/entities/new/", practices.add_entity, name="add-entity"),
    path("practices/<str:practice>/accounts/new/", practices.open_account, name="open-account"),
    path("practices/<str:practice>/accounts/<str:account>/reveal/", secrets.account, name="reveal-account"),
    path("practices/<str:practice>/contacts/new/", practices.add_contact, name="add-contact"),
    path("practices/<str:practice>/billers/new/", practices.add_biller, name="add-biller"),
    path("practices/<str:practice>/billers/<str:biller>/change/", practices.change_biller, name="change-biller"),
    path("practices/<str:practice>/sites/new/", practices.add_site, name="add-site"),
    path("practices/<str:practice>/sites/<str:site>/change/", practices.change_site, name="change-site"),
    path("practices/<str:practice>/clinicians/new/", practices.add_clinician, name="add-clinician"),
    path(
        "practices/<str:practice>/clinicians/<str:clinician>/change/",
        practices.change_clinician,
        name="change-clinician",
    ),
    path(
        "practices/<str:practice>/clinicians/<str:clinician>/leaves/",
        practices.clinician_leaves,
        name="clinician-leaves",
    ),
    path("practices/<str:practice>/clinicians/<str:clinician>/time/", clinicians.time, name="clinician-time"),
    path("practices/<str:practice>/clinicians/<str:clinician>/ssn/", secrets.ssn, name="reveal-ssn"),
    path("clinicians/<str:clinician>/", clinicians.clinician, name="clinician"),
    path("practices/<str:practice>/enrolments/new/", enrolments.add, name="add-enrolment"),
    path("practices/<str:practice>/enrolments/<str:payer_enrolment>/end/", enrolments.end, name="end-enrolment"),
    path("payers/", payers.index, name="payers"),
    path("payers/new/", payers.add, name="add-payer"),
    path("payers/<str:payer>/", payers.payer, name="payer"),
    path("payers/<str:payer>/change/", payers.change, name="change-payer"),
    path("payers/<str:payer>/notes/new/", notes.write_about_payer, name="note-payer"),
    path("practices/<str:practice>/notes/new/", notes.write_about_practice, name="note-practice"),
    path("notes/<str:note>/end/", notes.end, name="end-note"),
    path("mso/", payers.mso, name="mso"),
]
