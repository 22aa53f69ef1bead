"""The addresses of remittances."""

from __future__ import annotations

from django.urls import path

from openmso.remittances.views import acts, lists, money, pages

app_name = "remittances"
urlpatterns = [
    path("", lists.remittances, name="remittances"),
    path("upload/", lists.upload, name="upload"),
    path("files/", lists.received, name="files"),
    path("files/<slug:file>/", lists.file, name="file"),
    path("files/<slug:file>/again/", lists.try_again, name="try-again"),
    path("unmatched/", lists.unmatched, name="unmatched"),
    path("deposits/", money.awaited, name="deposits"),
    path("deposits/unexplained/", money.unexplained, name="unexplained"),
    path("deposits/matched/", money.matched, name="matched"),
    path("deposits/fit/<slug:waiting>/", money.pair, name="pair"),
    path("deposits/match/", acts.match_all, name="match-deposits"),
    path("deposits/pair/", money.match_pair, name="match-pair"),
    path("deposits/<slug:deposit>/", money.deposit, name="deposit"),
    path("deposits/<slug:deposit>/undo/", acts.unmatch, name="unmatch"),
    path("payments/<slug:payment>/", pages.payment, name="payment"),
    path("payments/<slug:payment>/match/", acts.match_claim, name="match-claim"),
    path("adjustments/<slug:adjustment>/", pages.adjustment, name="adjustment"),
    path("claims/<slug:claim>/", pages.of_claim, name="of-claim"),
    path("<slug:remittance>/", pages.remittance, name="remittance"),
]
