"""The addresses of denials."""

from __future__ import annotations

from django.urls import path

from openmso.denials.views import acts, appeals, lists, network, pages, prevention, promised, report

app_name = "denials"
urlpatterns = [
    path("", lists.queue_page, name="queue"),
    path("next/", lists.take_next, name="next"),
    path("take/", lists.take, name="take"),
    path("give/", lists.givers, name="givers"),
    path("later/", lists.later, name="later"),
    path("correct/", lists.correct_many, name="correct-many"),
    path("resubmit/", lists.resubmit_many, name="resubmit-many"),
    path("write-off/", lists.ask_write_off, name="ask-write-off"),
    path("write-off/do/", lists.write_off_many, name="write-off-many"),
    path("causes/", report.causes, name="causes"),
    path("promises/", promised.kept, name="promises"),
    path("promises/denials/", promised.behind, name="promised"),
    path("prevention/", prevention.suggestions, name="prevention"),
    path("prevention/<slug:suggestion>/", prevention.suggestion, name="suggestion"),
    path("prevention/<slug:suggestion>/draft/", prevention.draft, name="draft-rule"),
    path("prevention/<slug:suggestion>/dismiss/", prevention.dismiss, name="dismiss-rule"),
    path("map/", network.the_map, name="map"),
    path("map/change/", network.change_map, name="change-map"),
    path("limit/", network.limit, name="limit"),
    path("appeal/", appeals.choose_letter, name="choose-letter"),
    path("appeal/draft/", appeals.draft_many, name="draft-many"),
    path("appeals/", appeals.listed, name="appeals"),
    path("appeals/<slug:appeal>/", appeals.appeal, name="appeal"),
    path("appeals/<slug:appeal>/letter.pdf", appeals.letter, name="letter"),
    path("appeals/<slug:appeal>/change/", appeals.change, name="change-letter"),
    path("appeals/<slug:appeal>/enclose/", appeals.enclose, name="enclose"),
    path("appeals/<slug:appeal>/send/", appeals.send, name="send"),
    path("appeals/<slug:appeal>/answer/", appeals.answer, name="answer"),
    path("appeals/<slug:appeal>/drop/", appeals.drop, name="drop"),
    path("letters/", appeals.templates, name="letters"),
    path("letters/<slug:letter>/", appeals.template, name="template"),
    path("claims/<slug:claim>/", pages.of_claim, name="of-claim"),
    path("write-offs/<slug:write_off>/approve/", acts.approve, name="approve"),
    path("write-offs/<slug:write_off>/refuse/", acts.refuse, name="refuse"),
    path("<slug:denial>/", pages.denial, name="denial"),
    path("<slug:denial>/peek/", pages.peek, name="peek"),
    path("<slug:denial>/raw/", pages.raw, name="raw"),
    path("<slug:denial>/correct/", acts.correct, name="correct"),
    path("<slug:denial>/resubmit/", acts.resubmit, name="resubmit"),
    path("<slug:denial>/ask/", acts.ask, name="ask"),
    path("<slug:denial>/appeal/", appeals.draft, name="draft"),
    path("<slug:denial>/take-up/", acts.take_up, name="take-up"),
    path("<slug:denial>/patient/", acts.to_patient, name="to-patient"),
    path("<slug:denial>/write-off/", acts.write_off, name="write-off"),
    path("<slug:denial>/cause/", acts.cause, name="cause"),
]
