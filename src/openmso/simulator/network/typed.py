"""What payers explain on paper, as the poster types it: one is posted, one takes a payment back and still lies open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from openmso.claims.queries import stories, worklist
from openmso.parties.queries import payers, providers
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.remittances.queries import eobs as told
from openmso.remittances.services import eobs
from openmso.simulator.network import papers
from openmso.simulator.network.building import Site
from openmso.simulator.payer.profile import CENT

WHERE = "CEDAR"
SHARE = Decimal("0.55")
"""Of a charge that a paper pays; the rest is what its contract takes off."""


def type_papers(site: Site, *, actor: Actor, at: datetime) -> None:
    """Type both; the caller gives the scope, with the mailroom."""
    if waiting := _first("accepted"):
        eob = _opened(site, waiting, "40718822", actor, at)
        with reading():
            lines = [
                replace(line, paid=(paid := _share(line.charge)), reasons=(("CO", "45", line.charge - paid),))
                for line in told.to_type(eob, waiting).lines
            ]
        eobs.type_claim(actor=actor, eob=eob, claim=waiting, status="1", payer_control="P40718822", lines=lines, at=at)
        eobs.post(actor=actor, eob=eob, at=at)
    if settled := _first("paid"):
        eob = _opened(site, settled, "40718823", actor, at)
        with reading():
            before = told.to_take_back(eob, settled)
        eobs.type_taken_back(actor=actor, eob=eob, payments=before[:1], at=at)


def _first(state: str) -> str:
    """The first claim in a state by its number; none where there is none."""
    with reading():
        rows = worklist.claims(filters=Filters((Term("is", "=", state, state),)), page=PageAsk(size=200)).rows
    return min((row.public_id for row in rows), default="")


def _opened(site: Site, claim: str, number: str, actor: Actor, at: datetime) -> str:
    """A check of the claim's payer over what it pays, with the paper as it was scanned."""
    on = at.date() - timedelta(days=3)
    with reading():
        key = stories.key(claim)
        whole = stories.keys_by_id([key.id])[key.id]
        payer = payers.payer(key.payer_id or 0)
        biller = providers.billers(site.practice, on=on)[0].public_id
    amount = sum((_share(line.amount.amount) for line in whole.lines), Decimal("0.00"))
    scan = papers.copy(f"{payer.name}: explanation of benefits, check {number}", f"{amount} for {whole.control}")
    return eobs.open_eob(
        actor=actor, biller=biller, payer=payer.public_id, method="CHK", trace=number, paid_on=on, amount=amount,
        scan=(f"eob-{number}.pdf", scan), at=at,
    )  # fmt: skip


def _share(charge: Decimal) -> Decimal:
    return (charge * SHARE).quantize(CENT)
