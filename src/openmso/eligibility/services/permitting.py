"""Recording what payers ask to be authorized, and what they have authorized; what runs out becomes work in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from openmso.agreements.queries import clocks
from openmso.eligibility.contracts import AUTHORIZE, EXPIRING, LINE, AuthorizationDraft, RuleDraft
from openmso.eligibility.events import Permitted
from openmso.eligibility.models import Authorization, AuthorizationRule
from openmso.eligibility.queries import permits
from openmso.kit.errors import Conflict, Refused
from openmso.kit.words import day
from openmso.parties.queries import payers
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when

WARNED_DAYS = 14
RULE, SUBJECT = "eligibility.authorizationrule", "eligibility.authorization"


class NotARange(Refused):
    """The codes or days do not hold together."""

    code = "not_a_range"


@atomic
def add_rule(*, actor: Actor, practice: int, draft: RuleDraft, at: datetime) -> str:
    """Record that a payer asks for an authorization or a referral; its public id."""
    decision = actor.must(AUTHORIZE.code, practice)
    _refuse_turned(draft.first_code, draft.last_code)
    if draft.ends_on is not None and draft.ends_on <= draft.starts_on:
        raise NotARange("The rule would end before it begins.", field="ends_on", fix="Correct one of the days.")
    row = AuthorizationRule.objects.create(
        practice_id=practice, payer_id=draft.payer_id, kind=draft.kind, first_code=draft.first_code,
        last_code=draft.last_code, places=list(draft.places), diagnoses=list(draft.diagnoses),
        starts_on=draft.starts_on, ends_on=draft.ends_on, source=draft.source[:200],
    )  # fmt: skip
    codes = draft.first_code if draft.first_code == draft.last_code else f"{draft.first_code}-{draft.last_code}"
    audit.record(
        actor=actor, action="eligibility.rule_added", practice=practice, subject=(RULE, row.public_id), at=at,
        facts={"payer": payers.payer(draft.payer_id).name, "kind": draft.kind.label.lower(), "codes": codes,
               "starts_on": str(draft.starts_on)}, decision=decision,
    )  # fmt: skip
    return row.public_id


@atomic
def record(*, actor: Actor, practice: int, draft: AuthorizationDraft, at: datetime) -> str:
    """Record a payer's yes; its public id. Raises `Conflict` for a number that is on file for the patient."""
    return Authorization.objects.get(pk=put(actor=actor, practice=practice, draft=draft, at=at)).public_id


@atomic
def put(*, actor: Actor, practice: int, draft: AuthorizationDraft, at: datetime) -> int:
    """The same; the key of the row. Claims that lack it hear of it."""
    decision = actor.must(AUTHORIZE.code, practice)
    _refuse_turned(draft.first_code, draft.last_code)
    if draft.ends_on < draft.starts_on:
        raise NotARange("It would end before it begins.", field="ends_on", fix="Correct one of the days.")
    if draft.units is not None and draft.units <= 0:
        raise NotARange("It would allow nothing.", field="units", fix="Say how many, or leave it empty.")
    number = draft.number.strip()
    on_file = Authorization.objects.filter(
        practice_id=practice, patient_id=draft.patient_id, payer_id=draft.payer_id, number=number
    )
    if on_file.exists():
        raise Conflict(f"{number} is on file for this patient.", field="number", fix="Look at the list.")
    row = Authorization.objects.create(
        practice_id=practice, patient_id=draft.patient_id, payer_id=draft.payer_id, kind=draft.kind, number=number,
        first_code=draft.first_code, last_code=draft.last_code, units=draft.units, starts_on=draft.starts_on,
        ends_on=draft.ends_on, note=draft.note[:200],
    )  # fmt: skip
    audit.record(
        actor=actor, action="eligibility.authorized", practice=practice, subject=(SUBJECT, row.public_id), at=at,
        facts={"kind": draft.kind.label.lower(), "payer": payers.payer(draft.payer_id).name}, decision=decision,
    )  # fmt: skip
    outbox.publish(
        Permitted(row.public_id, row.patient_id, row.payer_id, draft.kind.value, number), practice=practice, at=at,
        behind=decision.grant,
    )  # fmt: skip
    return row.pk


@atomic
def warn(*, actor: Actor, practice: int, at: datetime) -> int:
    """Open work for what runs out within two weeks; how many there are."""
    actor.must(AUTHORIZE.code, practice)
    today = tenancy.today(practice, at)
    soon = permits.ending(practice, starts_on=today, ends_on=today + timedelta(days=WARNED_DAYS + 1))
    due = clocks.sla_due(practice, LINE, EXPIRING, at)
    items = [
        NewItem(
            kind=EXPIRING, subject=(SUBJECT, one.public_id), title=f"{one.kind.label} {one.public_id}",
            why=f"It ends on {day(one.ends_on)}. Ask {one.payer} for the next one if care goes on.", priority=50,
            priority_why=f"last day {when(one.ends_on)}", due_at=due,
            key=f"{EXPIRING}:{one.public_id}",
        )
        for one in soon
    ]  # fmt: skip
    if items:
        work.open_items(practice=practice, items=items, at=at)
    return len(items)


def _refuse_turned(first: str, last: str) -> None:
    if last < first:
        raise NotARange(f"{first} comes after {last}.", field="last_code", fix="Turn the two codes round.")
