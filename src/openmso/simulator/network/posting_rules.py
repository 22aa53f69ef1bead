"""Posting rules of the demo: what is done where payments differ, and a poster's morning with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.simulator.network.building import Network, within
from openmso.simulator.network.rulebook import WRITTEN_AT
from openmso.underpayments import queries
from openmso.underpayments.contracts import About, Owner, RuleDraft, Treatment
from openmso.underpayments.services import deciding, rulebook

AT = WRITTEN_AT + timedelta(hours=3)
TAKEN, DECLINED = 2, 1
"""How many proposals of a practice are decided; the others wait."""


def write(network: Network, by: Callable[[str, datetime], Actor]) -> None:
    """Write them as the billing lead."""
    with within(network.mso):
        for draft in (_small(), _bundled(), *_others()):
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


def _others() -> Iterator[RuleDraft]:
    """About what is not paid short: each says whose work it becomes."""

    def rule(
        code: str, title: str, about: About, condition: dict[str, str], treatment: Treatment, words: str, owner: Owner
    ) -> RuleDraft:
        return RuleDraft(
            code, title, None, {"all": [condition]}, treatment, words, AT.date(), "Agreed with the leads in September",
            about=about, owner=owner,
        )  # fmt: skip

    some = {"property": "line.amount", "operator": "at_least", "value": "1.00"}
    yield rule(
        "no-authorization", "A denial for want of an authorization is appealed with the one that we hold",
        About.DENIED, {"property": "line.reasons", "operator": "has_any", "value": "CO-197, CO-198"},
        Treatment.APPEAL, "The authorization is on file.", Owner.DENIALS,
    )  # fmt: skip
    yield rule(
        "overpaid", "What is allowed above the contract is looked into before it is asked back", About.OVERPAID, some,
        Treatment.RETURN, "What is too much is not ours to keep.", Owner.POSTING,
    )  # fmt: skip
    yield rule(
        "patient-share", "A share above what the benefits told is made sure of before the patient is asked",
        About.PATIENT, some, Treatment.PATIENT, "Ask the payer by which benefit.", Owner.PATIENTS,
    )  # fmt: skip
    yield rule(
        "take-backs", "A take-back whose payment we do not have is asked about", About.TAKEN_BACK, some, Treatment.ASK,
        "Ask which payment it takes back.", Owner.POSTING,
    )  # fmt: skip
    yield rule(
        "recoded", "A line that the payer recoded is looked into by whoever answers denials", About.RECODED, some,
        Treatment.CHECK, "The record shows what was done.", Owner.DENIALS,
    )  # fmt: skip


def decide(actor: Actor, at: datetime) -> int:
    """Take some proposals of a practice and decline one; how many were decided."""
    with reading():
        rows = queries.proposals(filters=Filters(), page=PageAsk(size=TAKEN + DECLINED)).rows
    for number, row in enumerate(rows):
        take = number < TAKEN
        deciding.decide(actor=actor, subject=row.subject, take=take, why="" if take else "Promised in writing", at=at)
    return len(rows)
