"""The addresses of remittances."""

from __future__ import annotations

from django.urls import path

from openmso.remittances.views import acts, lists, money, pages, papers, recoupments

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
    path("deposits/payers/", money.punctuality, name="punctuality"),
    path("deposits/fit/<slug:waiting>/", money.pair, name="pair"),
    path("deposits/match/", acts.match_all, name="match-deposits"),
    path("deposits/pair/", money.match_pair, name="match-pair"),
    path("deposits/<slug:deposit>/", money.deposit, name="deposit"),
    path("deposits/<slug:deposit>/undo/", acts.unmatch, name="unmatch"),
    path("recoupments/", recoupments.listed, name="recoupments"),
    path("recoupments/lines/", recoupments.ledger, name="recoupment-ledger"),
    path("recoupments/all/", recoupments.beside, name="beside"),
    path("recoupments/<slug:adjustment>/", recoupments.recoupment, name="recoupment"),
    path("recoupments/<slug:adjustment>/explain/", recoupments.explain, name="explain-recoupment"),
    path("papers/", papers.listed, name="eobs"),
    path("papers/open/", papers.begin, name="open-eob"),
    path("papers/<slug:eob>/", papers.paper, name="eob"),
    path("papers/<slug:eob>/claim/", papers.add_claim, name="add-eob-claim"),
    path("papers/<slug:eob>/claims/<slug:claim>/", papers.claim, name="eob-claim"),
    path("papers/<slug:eob>/claims/<slug:claim>/remove/", papers.remove, name="remove-eob-claim"),
    path("papers/<slug:eob>/taken-back/", papers.take_back, name="take-back"),
    path("papers/<slug:eob>/taken-back/<slug:payment>/remove/", papers.leave_back, name="leave-back"),
    path("papers/<slug:eob>/provider/", papers.provider, name="eob-provider"),
    path("papers/<slug:eob>/provider/<int:place>/remove/", papers.remove_provider, name="remove-eob-provider"),
    path("papers/<slug:eob>/post/", papers.post, name="post-eob"),
    path("papers/<slug:eob>/withdraw/", papers.withdraw, name="withdraw-eob"),
    path("payments/<slug:payment>/", pages.payment, name="payment"),
    path("payments/<slug:payment>/match/", acts.match_claim, name="match-claim"),
    path("adjustments/<slug:adjustment>/", pages.adjustment, name="adjustment"),
    path("claims/<slug:claim>/", pages.of_claim, name="of-claim"),
    path("claims/<slug:claim>/turns/", pages.turns, name="turns"),
    path("claims/<slug:claim>/next/", acts.ask_next, name="ask-next"),
    path("claims/<slug:claim>/again/", acts.ask_again, name="ask-again"),
    path("claims/<slug:claim>/patient/", acts.leave_to_patient, name="leave-to-patient"),
    path("<slug:remittance>/", pages.remittance, name="remittance"),
]
