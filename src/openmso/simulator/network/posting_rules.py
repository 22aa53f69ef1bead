"""Posting rules of the demo: what is done where payments differ, and a poster's morning with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.simulator.network.building import Network, within
from openmso.simulator.network.rulebook import WRITTEN_AT
from openmso.underpayments import queries
from openmso.underpayments.contracts import RuleDraft, Treatment
from openmso.underpayments.services import deciding, rulebook

AT = WRITTEN_AT + timedelta(hours=3)
TAKEN, DECLINED = 2, 1
"""How many proposals of a practice are decided; the others wait."""


def write(network: Network, by: Callable[[str, datetime], Actor]) -> None:
    """Write them as the billing lead."""
    with within(network.mso):
        for draft in (_small(), _bundled()):
            rulebook.write_rule(actor=by("billing_lead", AT), mso=network.mso, draft=draft, at=AT)


def _small() -> RuleDraft:
    when = {"all": [
        {"property": "line.short", "operator": "at_most", "value": "5.00"},
        {"property": "line.cause", "operator": "is_none_of", "value": "bundled, sequestration"},
    ]}  # fmt: skip
    return RuleDraft(
        "small-differences", "Differences of five dollars and less are not worth a dispute", None, when,
        Treatment.ACCEPT, "Less than what asking costs.", AT.date(), "Decided with the practices in September",
    )  # fmt: skip


def _bundled() -> RuleDraft:
    when = {"all": [{"property": "line.cause", "operator": "is_one_of", "value": "bundled, multiple"}]}
    return RuleDraft(
        "bundled", "What is bundled or cut as a further procedure is disputed", None, when, Treatment.DISPUTE,
        "The contract pays each procedure.", AT.date(), "The contracts know no such reduction",
    )  # fmt: skip


def decide(actor: Actor, at: datetime) -> int:
    """Take some proposals of a practice and decline one; how many were decided."""
    with reading():
        rows = queries.proposals(filters=Filters(), page=PageAsk(size=TAKEN + DECLINED)).rows
    for number, row in enumerate(rows):
        take = number < TAKEN
        deciding.decide(actor=actor, subject=row.subject, take=take, why="" if take else "Promised in writing", at=at)
    return len(rows)
