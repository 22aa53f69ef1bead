"""Correcting what a payer has: a replacement (frequency 7), a void (8), closing; and mending what nobody has yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, Min
from django.db.models.functions import Coalesce

from openmso.charges import queries as charge_queries
from openmso.charges import services as charges
from openmso.charges.contracts import ChargeDraft, Drug
from openmso.claims import contracts
from openmso.claims.events import ClaimCorrected
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.models.turns import EarlierPayer
from openmso.claims.rules.lines import LINES_MAX
from openmso.claims.services import building, moving, scrubbing, waiting
from openmso.claims.states import EDITABLE, WITH_PAYER, S
from openmso.kit.errors import Conflict, Refused
from openmso.kit.ids import public_id
from openmso.kit.money import Money
from openmso.patients import queries as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic
from openmso.scheduling import queries as visits

FIELDS = frozenset(
    "prior_authorization referral_number delay_reason accident accident_state accident_on referring_last_name "
    "referring_first_name referring_npi place_of_service payer_control patient_paid_amount".split()
)
"""What a biller changes on the claim itself; people, payers and billers are changed where they live."""


class NotCorrectable(Conflict):
    """The payer does not have the claim, so there is nothing to correct there."""

    code = "not_correctable"


class NotEditable(Conflict):
    """The payer has the claim; what it has is not changed in place."""

    code = "not_editable"


class ChangedMeanwhile(Conflict):
    """Somebody else changed the claim since the form was opened."""

    code = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class LineChange:
    """New codes of a claim line; what is None stays."""

    code: str | None = None
    modifiers: tuple[str, ...] | None = None
    pointers: tuple[int, ...] | None = None
    units: Decimal | None = None
    amount: Money | None = None
    """Given, it is charged as it is; left out, a changed line is priced anew by the fee schedule."""
    service_on: date | None = None
    service_through: date | None = None
    """The last day of several; with `service_on` alone the line is of that one day."""
    revenue_code: str | None = None
    minutes: int | None = None
    """How long it took."""
    drug: Drug | None = None
    drugless: bool = False
    """The line is of no drug any more."""


@atomic
def correct(*, actor: Actor, claim: str, frequency: str, why: str, at: datetime) -> str:
    """Make a replacement (7) or a void (8) of a claim that the payer has; returns its public id."""
    original = moving.one(claim)
    decision = actor.must(contracts.WORK.code, original.practice_id)
    if frequency not in {"7", "8"}:
        raise Refused("A correction is a replacement (7) or a void (8).", code="no_such_frequency", field="frequency")
    if S(original.state) not in WITH_PAYER:
        raise NotCorrectable(
            f"The claim is {S(original.state).label.lower()}; only what a payer has can be corrected.",
            fix="Change the claim itself.",
        )
    row = _copy(original, frequency, at)
    moving.begin([row], actor=actor, at=at)
    scrubbing.judge([row], actor=actor, at=at, under=decision)
    act = "replace" if frequency == "7" else "void"
    audit.record(
        actor=actor, action="claims.corrected", practice=row.practice_id, subject=("claims.claim", row.public_id),
        at=at, facts={"act": act, "original": claim}, why=why, decision=decision,
    )  # fmt: skip
    outbox.publish(
        ClaimCorrected(row.public_id, claim, frequency), practice=row.practice_id, at=at, behind=decision.grant
    )
    return row.public_id


_FRESH = {
    "id": None, "paid_amount": 0, "adjusted_amount": 0, "patient_amount": 0, "denied_amount": 0, "version": 0,
    "sent_at": None, "first_sent_on": None, "recognised_amount": 0, "forwarded": False, "hold_reason": "",
    "crossed_on": None, "ordinal": "P", "asked_as": "1",
    "state": S.DRAFT.value, "split_from_id": None,
}  # fmt: skip


def _copy(original: Claim, frequency: str, at: datetime) -> Claim:
    row = fresh(original, at, frequency=frequency, original_id=original.pk, **_first_payer(original))
    copy_lines(row, list(ClaimLine.objects.filter(claim=original, carried_to=None).order_by("number")))
    return row


def fresh(original: Claim, at: datetime, **different: object) -> Claim:
    """A new claim in the making that says what another one says, without its lines, decisions and history."""
    name = public_id("CLM")
    kept = {
        field.attname: getattr(original, field.attname)
        for field in Claim._meta.local_concrete_fields
        if not field.generated
    }
    row = Claim(
        **kept
        | _FRESH
        | {
            "public_id": name, "control": name, "frequency": "1", "original_id": None, "built_at": at, "state_at": at,
        }
        | different
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def copy_lines(row: Claim, lines: Sequence[ClaimLine]) -> None:
    """Let a claim ask anew for lines of another one, under numbers of its own."""
    for number, line in enumerate(lines, start=1):
        line.pk, line.claim_id, line.number = None, row.pk, number
        line.line_control = f"{row.control}-{number:02d}"
        line.paid_amount = line.adjusted_amount = line.patient_amount = line.denied_amount = Decimal(0)
    ClaimLine.objects.bulk_create(lines)


def _first_payer(original: Claim) -> dict[str, object]:
    """A corrected claim goes to the first payer again, whoever is asked now: all others follow from its decision."""
    if original.ordinal == "P":
        return {}
    first = EarlierPayer.objects.filter(claim=original, ordinal="P").order_by("-pk").first()
    if first is None:
        return {}
    return {
        "payer_id": first.payer_id, "coverage_id": first.coverage_id, "payer_control": first.payer_control[:50],
    }  # fmt: skip


@atomic
def change(
    *,
    actor: Actor,
    claim: str,
    fields: Mapping[str, str | date | Decimal | None],
    at: datetime,
    diagnoses: tuple[str, ...] | None = None,
    lines: Mapping[int, LineChange] | None = None,
    more: Sequence[ChargeDraft] = (),
    sheet_version: int | None = None,
) -> None:
    """Mend a claim that no payer has, and scrub it again. Line changes go through its charges, so that no cent is lost;
    `more` becomes charges of the visit and lines of this claim.

    Raises `NotEditable`, and `ChangedMeanwhile` when `sheet_version` is not the claim's any more.
    """
    row = editable(claim, sheet_version)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    unknown = set(fields) - FIELDS
    if unknown:
        raise Refused(f"{sorted(unknown)[0]} is not changed on the claim.", code="no_such_field", field=min(unknown))
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    saved = [*changed, "sheet_version"]
    if diagnoses is not None and list(diagnoses) != row.diagnoses:
        row.diagnoses, row.diagnosis_system = list(diagnoses), ""
        changed += ["diagnoses"]
        saved += ["diagnoses", "diagnosis_system"]
    if row.ordinal != "P" and (lines or diagnoses is not None):
        raise NotEditable(
            "An earlier payer has judged these lines; the next one is asked for the same.",
            fix="Correct the claim with the first payer.",
        )
    for number, new in (lines or {}).items():
        _change_line(row, number, new, actor, at)
    for draft in more:
        _add_line(row, draft, actor, at)
    if lines or more:
        changed += ["lines"]
        saved += ["total_amount", "service_on", "service_through"]
    row.sheet_version += 1
    row.save(update_fields=saved)
    scrubbing.judge([row], actor=actor, at=at, under=decision, mended=True)
    if changed:
        audit.record(
            actor=actor, action="claims.amended", practice=row.practice_id, subject=("claims.claim", claim), at=at,
            facts={"fields": ", ".join(changed)}, decision=decision,
        )  # fmt: skip


def editable(claim: str, sheet_version: int | None = None) -> Claim:
    """A claim that no payer has, locked; raises `NotEditable`, and `ChangedMeanwhile` for an older sheet."""
    row = moving.one(claim)
    if no := why_not_editable(S(row.state)):
        raise no
    if sheet_version is not None and sheet_version != row.sheet_version:
        raise ChangedMeanwhile("Somebody changed this claim while the form was open.", fix="Open it again.")
    return row


def why_not_editable(state: S) -> NotEditable | None:
    """Why a claim in a state is not changed in place, with what to do instead; none where it can be."""
    if state in EDITABLE:
        return None
    if state in WITH_PAYER:
        fix = "Correct it from its page: what replaces it can be changed."
    else:
        fix = "Take it back out of the batch first." if state is S.QUEUED else ""
    return NotEditable(f"The claim is {state.label.lower()}; it is not changed in place.", fix=fix)


def _change_line(row: Claim, number: int, new: LineChange, actor: Actor, at: datetime) -> None:
    line = ClaimLine.objects.select_for_update().filter(claim=row, number=number).first()
    if line is None:
        raise Refused(f"The claim has no line {number}.", code="no_such_line", field="line")
    charge = charge_queries.by_ids([line.charge_id])[line.charge_id]
    draft = ChargeDraft(
        code=charge.code, service_on=charge.service_on, modifiers=charge.modifiers, pointers=charge.pointers,
        units=charge.units, service_through=charge.service_through, code_system=charge.code_system, drug=charge.drug,
        note=charge.note, source_id=charge.source_id, revenue_code=charge.revenue_code,
        minutes=charge.minutes,
    )  # fmt: skip
    given = {one.name: value for one in fields_of(new) if (value := getattr(new, one.name)) is not None}
    if given.pop("drugless"):
        given["drug"] = None
    if "code" in given:
        given["code_system"] = ""
    if "service_on" in given:
        given.setdefault("service_through", None)
    if not {"code", "modifiers", "units", "amount", "service_on"} & set(given):
        given["amount"] = charge.amount
    amended = charges.amend(
        actor=actor, charge_id=line.charge_id, draft=replace(draft, **given), payer_id=row.payer_id, at=at
    )
    row.total_amount += amended.amount.amount - line.amount
    line.code, line.modifiers, line.pointers = amended.code, list(amended.modifiers), list(amended.pointers)
    line.units, line.amount = amended.units, amended.amount.amount
    line.service_on, line.service_through = amended.service_on, amended.service_through
    line.save(update_fields=["code", "modifiers", "pointers", "units", "amount", "service_on", "service_through"])
    span(row)


def _add_line(row: Claim, draft: ChargeDraft, actor: Actor, at: datetime) -> None:
    if row.ordinal != "P":
        raise Refused(
            "A second payer is asked for what the first one judged; a line is added to the claim of the first.",
            code="not_the_first_payer",
        )
    last = ClaimLine.objects.filter(claim=row).order_by("number").last()
    if last is None or last.number >= LINES_MAX:
        raise Refused(f"A claim has {LINES_MAX} lines at most.", code="too_many_lines", fix="Leave the line out.")
    charge = charges.add_beside(actor=actor, charge_id=last.charge_id, draft=draft, payer_id=row.payer_id, at=at)
    building.line_of(row, charge, last.number + 1).save(force_insert=True)
    row.total_amount += charge.amount.amount
    span(row)


def span(row: Claim) -> None:
    """Let a claim begin and end with its lines."""
    days = ClaimLine.objects.filter(claim=row, carried_to=None).aggregate(
        first=Min("service_on"), last=Max(Coalesce("service_through", "service_on"))
    )
    row.service_on = days["first"]
    row.service_through = days["last"] if days["last"] > days["first"] else None


@atomic
def refresh_coverage(*, actor: Actor, practice: int, patient_ids: list[int], at: datetime) -> int:
    """Give claims that nobody has yet and that lack a coverage the one that is on file now; how many got one."""
    decision = actor.must(contracts.WORK.code, practice)
    rows = list(
        Claim.objects.select_for_update()
        .filter(
            practice_id=practice, patient_id__in=patient_ids, coverage=None, ordinal="P", state__in=[S.DRAFT, S.HELD]
        )
        .order_by("pk")
    )
    covers = patients.coverages_of({row.patient_id for row in rows})
    seen = visits.by_ids({row.visit_id for row in rows})
    given = []
    for row in rows:
        mine, visit = covers.get(row.patient_id, ()), seen[row.visit_id]
        found = visits.asked_first(visit, mine, on=row.service_on)
        if found is not None:
            row.coverage_id, row.payer_id, row.sheet_version = found.id, found.payer_id, row.sheet_version + 1
            given.append(row)
    update(given, ["coverage_id", "payer_id", "sheet_version"])
    expect_anew(practice, given)
    scrubbing.judge(given, actor=actor, at=at, under=decision, mended=True)
    return len(given)


@atomic
def follow_visit(*, actor: Actor, practice: int, visit: str, at: datetime) -> int:
    """Put the claims of a visit that no payer has under the coverage that the visit asks first; how many moved."""
    decision = actor.must(contracts.WORK.code, practice)
    seen = visits.get(visit)
    mine = patients.coverages_of([seen.patient_id]).get(seen.patient_id, ())
    rows = list(
        Claim.objects.select_for_update()
        .filter(practice_id=practice, visit_id=seen.id, ordinal="P", state__in=[S.DRAFT, S.HELD, S.READY])
        .order_by("pk")
    )
    moved = []
    for row in rows:
        found = visits.asked_first(seen, mine, on=row.service_on)
        if found is not None and found.id != row.coverage_id:
            row.coverage_id, row.payer_id, row.sheet_version = found.id, found.payer_id, row.sheet_version + 1
            moved.append(row)
    update(moved, ["coverage_id", "payer_id", "sheet_version"])
    expect_anew(practice, moved)
    scrubbing.judge(moved, actor=actor, at=at, under=decision, mended=True)
    return len(moved)


def expect_anew(practice: int, rows: Collection[Claim], payer_id: int | None = None) -> None:
    """Let charges of claims say what they should bring: their payer is known now, or another."""
    charged = ClaimLine.objects.filter(claim__in=rows).values_list("charge_id", flat=True)
    charges.expect_anew(practice=practice, charge_ids=list(charged), payer_id=payer_id)


@atomic
def take_codes(*, actor: Actor, practice: int, visit_ids: list[int], at: datetime) -> int:
    """Copy codes and clinicians of mended visits onto their claims that nobody has yet, scrub those, and count them."""
    decision = actor.must(contracts.WORK.code, practice)
    rows = list(
        Claim.objects.select_for_update()
        .filter(practice_id=practice, visit_id__in=visit_ids, ordinal="P", state__in=[S.DRAFT, S.HELD, S.READY])
        .order_by("pk")
    )
    codings = charge_queries.codings_of({row.visit_id for row in rows})
    lines = list(ClaimLine.objects.select_for_update().filter(claim__in=rows).order_by("claim_id", "number"))
    known = charge_queries.by_ids({line.charge_id for line in lines})
    totals: dict[int, Decimal] = {}
    for line in lines:
        charge = known[line.charge_id]
        line.code, line.modifiers, line.pointers = charge.code, list(charge.modifiers), list(charge.pointers)
        line.units, line.amount = charge.units, charge.amount.amount
        totals[line.claim_id] = totals.get(line.claim_id, Decimal("0.00")) + charge.amount.amount
    update(lines, ["code", "modifiers", "pointers", "units", "amount"])
    seen = visits.by_ids({row.visit_id for row in rows})
    for row in rows:
        coding = codings[row.visit_id]
        row.rendering_id = row.rendering_id or seen[row.visit_id].clinician_id
        row.diagnoses, row.diagnosis_system = list(coding.diagnoses), coding.system
        row.total_amount, row.sheet_version = totals[row.pk], row.sheet_version + 1
    fields = ["rendering_id", "diagnoses", "diagnosis_system", "total_amount", "sheet_version"]
    update(rows, fields)
    scrubbing.judge(rows, actor=actor, at=at, under=decision, mended=True)
    return len(rows)


@atomic
def close(*, actor: Actor, claim: str, why: str, at: datetime) -> None:
    """Close a claim that a payer has judged or sent back: nobody works on it any more; says why."""
    row = moving.one(claim)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if not why.strip():
        raise Refused("Say why the claim is closed.", code="no_reason", field="why", fix="A few words will do.")
    moving.move(row, to=S.CLOSED, actor=actor, at=at, why=why)
    waiting.keep_in_step([row], actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="claims.closed", practice=row.practice_id, subject=("claims.claim", claim), at=at, why=why,
        decision=decision,
    )  # fmt: skip
