"""What payers decided, set-wise: remittances stages its claim payments here, has them matched, and applies them.

The order of the files does not matter: amounts are added, never written over. The state afterwards follows from the
sums alone (`rules.outcome.state_after`, said again in SQL and proven equal).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources

from django.db import connection

from openmso.claims.events import LeftToPatient
from openmso.claims.models.claims import Claim
from openmso.claims.services import following, recognising, waiting
from openmso.kit.money import ZERO, Money
from openmso.parties.queries import providers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database import plans
from openmso.platform.database.writing import update
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic


def _sql(name: str) -> str:
    return resources.files("openmso.claims").joinpath("sql", name).read_text(encoding="utf-8")


@atomic
def open_adjudications() -> None:
    """Make the two empty staging tables of this transaction: `claims_adjudication` and `claims_adjudication_line`."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("stage.sql"))


@atomic
def stage_one(
    *,
    practice: int,
    control: str,
    decided_on: date,
    source: str,
    paid: Money,
    contractual: Money,
    patient: Money,
    denied: Money,
    line_control: str = "",
) -> None:
    """Stage one decision about a claim, or about one line of it by its control number: what a person decides."""
    amounts = [one.amount for one in (paid, contractual, patient, denied)]
    names = "paid_amount, contractual_amount, patient_amount, denied_amount"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO claims_adjudication (position, practice_id, control, decided_on, source_id, {names}) "
            "SELECT coalesce(max(position), 0) + 1, %s, %s, %s, %s, %s, %s, %s, %s FROM claims_adjudication",
            [practice, control, decided_on, source, *amounts],
        )
        if line_control:
            cursor.execute(
                f"INSERT INTO claims_adjudication_line (position, number, line_control, {names}) "
                "SELECT max(position), 1, %s, %s, %s, %s, %s FROM claims_adjudication",
                [line_control, *amounts],
            )


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person decides about a line of a claim (about the claim as a whole, without its control number)."""

    patient: Money = ZERO
    adjusted: Money = ZERO
    denied: Money = ZERO
    line_control: str = ""


@atomic
def decide_by_hand(
    *, actor: Actor, practice: int, control: str, decided_on: date, source: str, parts: Iterable[ByHand],
    at: datetime, under: Decision,
) -> None:  # fmt: skip
    """Apply what a person decides about a claim, under a public id that names it (`source`).

    Where a patient owes something else now, it is told: a remittance tells of its own.
    """
    open_adjudications()
    told = list(parts)
    for one in told:
        stage_one(
            practice=practice, control=control, decided_on=decided_on, source=source, paid=ZERO,
            contractual=one.adjusted, patient=one.patient, denied=one.denied, line_control=one.line_control,
        )  # fmt: skip
    match_adjudications()
    apply_adjudications(actor=actor, at=at, under=under)
    patient = Money.total(one.patient for one in told)
    if patient:
        name = Claim.objects.values_list("public_id", flat=True).get(practice_id=practice, control=control)
        outbox.publish(LeftToPatient(name, patient.amount), practice=practice, at=at, behind=under.grant)


@atomic
def match_adjudications() -> None:
    """Find the claim, and the line of it, that each staged decision is about; what fits none or several stays empty.

    A claim by our control number, else by the payer's number for it; a line by its line control, then by code,
    modifiers, day and charge, then with less and less of that, a facility's by revenue code and charge; each line once.
    What is left then is of a line that the payer made several of (units judged apart, one code judged as two), or has
    the charge alone of one that nothing was said of: the payer judged another code and does not say which was billed.
    A line without a day is of any day: the payer has told that of the claim alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(_sql("match_claims.sql"))
        with plans.looked_up_in_order():  # from a staged line to its claim's; lines that look alike are many
            for rank in ("line_control", "exact", "charge", "code", "revenue"):
                cursor.execute(_sql("match_lines.sql").replace("{same}", _SAME[rank]))
            for rank in ("line_control", "code"):
                cursor.execute(_sql("match_parts.sql").replace("{same}", _SAME[rank]))
            cursor.execute(_sql("match_lines.sql").replace("{same}", _SAME["recoded"]))


_DAY = "(l.service_on IS NULL OR l.service_on = c.service_on)"
_CODE = f"coalesce(nullif(l.submitted_code, ''), l.code) = c.code AND {_DAY}"
_SAME = {
    "line_control": "l.line_control <> '' AND l.line_control = c.line_control",
    "exact": (
        f"{_CODE} AND abs(l.charge_amount) = c.amount "
        "AND coalesce(nullif(l.submitted_modifiers, ''), l.modifiers) = array_to_string(c.modifiers, ',')"
    ),
    "charge": f"{_CODE} AND abs(l.charge_amount) = c.amount",
    "code": _CODE,
    "recoded": f"l.charge_amount <> 0 AND abs(l.charge_amount) = c.amount AND {_DAY}",
    "revenue": (
        "coalesce(nullif(l.submitted_code, ''), l.code) ~ '^[0-9]{4}$' AND abs(l.charge_amount) = c.amount "
        "AND EXISTS (SELECT FROM charges_charge h WHERE h.practice_id = c.practice_id AND h.id = c.charge_id "
        "AND h.revenue_code = coalesce(nullif(l.submitted_code, ''), l.code))"
    ),
}


@atomic
def apply_adjudications(*, actor: Actor, at: datetime, under: Decision) -> int:
    """Add the staged decisions to their claims and lines, move the claims, and say how many claims changed.

    What allowed it is the caller's decision (`under`): posting a remittance is a permission of remittances.
    """
    with connection.cursor() as cursor:
        cursor.execute(_sql("lock.sql"))
        cursor.execute(_sql("journal.sql"), {"at": at})
        cursor.execute(_sql("sums.sql"), {"at": at})
        cursor.execute(_sql("moves.sql"), {"at": at, "actor": actor.name[:160], "user": actor.user_id})
        cursor.execute("SELECT practice_id, array_agg(claim_id) FROM claims_decided GROUP BY practice_id ORDER BY 1")
        changed = cursor.fetchall()
    _recognise_unsent(actor, at, under)
    _keep_in_step(actor, at, under)
    following.decided([key for _, claims in changed for key in claims], actor=actor, at=at, under=under)
    for practice, claims in changed:
        audit.record(
            actor=actor, action="claims.adjudicated", practice=practice, subject=("claims.claim", ""), at=at,
            facts={"count": len(claims)}, decision=under,
        )  # fmt: skip
    return sum(len(claims) for _, claims in changed)


NEVER_SENT = """
SELECT d.claim_id, min(a.decided_on)
  FROM claims_decided d JOIN claims_adjudication a ON a.practice_id = d.practice_id AND a.claim_id = d.claim_id
 WHERE a.applies AND d.frm IN ('draft', 'held', 'ready') AND d."to" <> d.frm GROUP BY d.claim_id
"""


def _recognise_unsent(actor: Actor, at: datetime, under: Decision) -> None:
    """A payer that decides a claim which never left from here was asked in another way: its revenue is due that day."""
    with connection.cursor() as cursor:
        cursor.execute(NEVER_SENT)
        decided_on = dict(cursor.fetchall())
    by_day: dict[date, list[Claim]] = defaultdict(list)
    for row in Claim.objects.filter(pk__in=decided_on, billing_provider__isnull=False).order_by("pk"):
        by_day[decided_on[row.pk]].append(row)
    for on, rows in sorted(by_day.items()):
        billers = {row.billing_provider_id for row in rows if row.billing_provider_id}
        entities = {biller: providers.biller(biller, on=on).entity for biller in billers}
        recognising.recognise(
            rows, entities=entities, actor=actor, on=on, at=at, under=[under], is_insurers=True
        )  # fmt: skip
        update(rows, ["recognised_amount"])


def _keep_in_step(actor: Actor, at: datetime, under: Decision) -> None:
    """Claims that waited (a rejection that was judged after all) wait no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT claim_id, frm FROM claims_decided WHERE frm IN ('held', 'rejected')")
        waited = dict(cursor.fetchall())
    rows = list(Claim.objects.filter(pk__in=waited))
    for row in rows:
        row.came_from = waited[row.pk]
    waiting.keep_in_step(rows, actor=actor, at=at, under=under)
