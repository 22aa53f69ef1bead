"""Pages of claims."""

from django.urls import path

from openmso.claims.views import answers, lists, mending, pages

app_name = "claims"
urlpatterns = [
    path("", lists.worklist_page, name="worklist"),
    path("next/", lists.take_next, name="next"),
    path("submit/", lists.submit_many, name="submit_many"),
    path("scrub/", lists.scrub_many, name="scrub_many"),
    path("build/", lists.build, name="build"),
    path("clinicians/", mending.clinicians, name="clinicians"),
    path("clinicians/name/", mending.name_clinician, name="name_clinician"),
    path("snooze/", lists.snooze_many, name="snooze_many"),
    path("undo/", lists.undo_submit, name="undo_submit"),
    path("runs/<str:key>/", lists.run, name="run"),
    path("runs/<str:key>/<str:reason>/", lists.refused, name="run_refused"),
    path("release/", lists.release, name="release"),
    path("releases/", lists.releases, name="releases"),
    path("batches/", lists.batches, name="batches"),
    path("batches/<str:batch>/", lists.batch, name="batch"),
    path("acknowledgements/", answers.acknowledge, name="acknowledge"),
    path("acknowledgements/<str:acknowledgement>/", answers.acknowledgement, name="acknowledgement"),
    path("<str:claim>/", pages.claim, name="claim"),
    path("<str:claim>/peek/", pages.peek, name="peek"),
    path("<str:claim>/raw/", pages.raw, name="raw"),
    path("<str:claim>/submit/", pages.submit, name="submit"),
    path("<str:claim>/unsubmit/", pages.unsubmit, name="unsubmit"),
    path("<str:claim>/hold/", pages.hold, name="hold"),
    path("<str:claim>/unhold/", pages.unhold, name="unhold"),
    path("<str:claim>/override/", pages.override, name="override"),
    path("<str:claim>/scrub/", pages.scrub, name="scrub"),
    path("<str:claim>/change/", mending.change, name="change"),
    path("<str:claim>/visit/", mending.visit, name="visit"),
    path("<str:claim>/patient/", mending.patient, name="patient"),
    path("<str:claim>/coverage/", mending.coverage, name="coverage"),
    path("<str:claim>/coverage/choose/", mending.choose_coverage, name="choose_coverage"),
    path("<str:claim>/correct/", pages.correct, name="correct"),
    path("<str:claim>/drop/", pages.drop, name="drop"),
    path("<str:claim>/close/", pages.close, name="close"),
]
