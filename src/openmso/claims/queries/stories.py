"""One claim: what its page shows, what happened to it, and the bytes that speak of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from openmso.charges import queries as charges
from openmso.charges.contracts import Charge
from openmso.claims.contracts import (
    AckRow,
    AnswerRow,
    BatchPage,
    Candidate,
    Claim,
    ClaimKey,
    FindingRow,
    LineKey,
    LineRow,
)
from openmso.claims.models.acknowledgements import Acknowledgement, ClaimAnswer
from openmso.claims.models.claims import Claim as ClaimModel
from openmso.claims.models.claims import ClaimLine
from openmso.claims.models.findings import ClaimFinding, Override
from openmso.claims.models.submissions import Batch, Sending
from openmso.claims.queries import worklist
from openmso.claims.rules import book
from openmso.claims.rules.findings import Severity
from openmso.claims.states import S
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.queries import payers, providers
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants

NO_PAYER = "No payer"
KEEPING = [one.value for one in Severity if one.keeps]
"""The severities that keep a claim from going out."""


def find(public_id: str) -> ClaimKey | None:
    """A claim in scope by its public id, if there is one."""
    row = ClaimModel.objects.filter(public_id=public_id).first()
    return _key(row, ()) if row else None


def key(public_id: str) -> ClaimKey:
    """A claim in scope by its public id; raises `NotFound`."""
    found = find(public_id)
    if found is None:
        raise NotFound(f"There is no claim {public_id}.")
    return found


def keys_of(*, practice: int, controls: Collection[str]) -> dict[str, ClaimKey]:
    """Claims of a practice with their lines, by control number: two questions for any number of them."""
    rows = list(ClaimModel.objects.filter(practice_id=practice, control__in=[c[:20] for c in controls]))
    lines: dict[int, list[LineKey]] = {row.pk: [] for row in rows}
    for line in ClaimLine.objects.filter(practice_id=practice, claim_id__in=lines).order_by("claim_id", "number"):
        lines[line.claim_id].append(_line_key(line))
    return {row.control: _key(row, tuple(lines[row.pk])) for row in rows}


def keys_by_id(ids: Collection[int]) -> dict[int, ClaimKey]:
    """Claims in scope with their lines, by key: two questions for any number of them."""
    rows = list(ClaimModel.objects.filter(pk__in=ids))
    lines: dict[int, list[LineKey]] = {row.pk: [] for row in rows}
    for line in ClaimLine.objects.filter(claim_id__in=lines).order_by("claim_id", "number"):
        lines[line.claim_id].append(_line_key(line))
    return {row.pk: _key(row, tuple(lines[row.pk])) for row in rows}


def candidates(
    *,
    practice: int,
    control: str = "",
    payer_control: str = "",
    last_name: str = "",
    first_name: str = "",
    member_id: str = "",
    service_on: date | None = None,
    charge: Decimal | None = None,
    limit: int = 5,
) -> list[Candidate]:
    """Claims that an answer without a match might be about, the likeliest first, each with the reason in words."""
    rows = ClaimModel.objects.filter(practice_id=practice).exclude(sent_at=None)
    named = patients.ids_named(f"{last_name}, {first_name}") if last_name else []
    scored: dict[int, tuple[int, list[str], ClaimModel]] = {}

    def add(found: Collection[ClaimModel], points: int, words: str) -> None:
        for row in found:
            before = scored.get(row.pk, (0, [], row))
            scored[row.pk] = (before[0] + points, [*before[1], words], row)

    if control:
        add(rows.filter(control__startswith=control[:12])[:limit], 8, "the number begins alike")
    if payer_control:
        add(rows.filter(payer_control=payer_control)[:limit], 8, "the payer's number")
    if named and service_on:
        add(rows.filter(patient_id__in=named, service_on=service_on)[:20], 6, "same patient and day")
    elif named:
        add(rows.filter(patient_id__in=named).order_by("-service_on")[:20], 3, "same patient")
    if charge is not None and service_on:
        add(rows.filter(service_on=service_on, total_amount=charge)[:20], 4, "same day and charge")
    best = sorted(scored.values(), key=lambda one: (-one[0], -one[2].pk))[:limit]
    names = patients.names_of({row.patient_id for _, _, row in best})
    return [
        Candidate(
            row.pk, row.public_id, names.get(row.patient_id, ""), row.service_on, Money.of(row.total_amount),
            Money.of(row.open_amount), payer_name(row.payer_id), ", ".join(why),
        )
        for _, why, row in best
    ]  # fmt: skip


def claim(public_id: str) -> Claim:
    """A claim with its lines and findings; raises `NotFound`."""
    row = ClaimModel.objects.select_related("original", "split_from").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no claim {public_id}.")
    tenant = next(one for one in tenants() if one.pk == row.practice_id)
    payer = payers.payer(row.payer_id) if row.payer_id else None
    patient = patients.by_ids([row.patient_id])[row.patient_id]
    there = list(ClaimLine.objects.select_related("carried_to").filter(claim=row).order_by("number"))
    carried = sum((line.denied_amount for line in there if line.carried_to_id), Decimal("0.00"))
    known = charges.by_ids({line.charge_id for line in there})
    lines = tuple(_line(line, known[line.charge_id], row) for line in there)
    stay = charges.stays_of([row.visit_id]).get(row.visit_id) if row.form == "I" else None
    attended = (stay.attending_id if stay else None) or row.rendering_id
    found = findings_of(row.pk)
    flagged = {finding.line for finding in found if finding.line and not finding.overridden}
    return Claim(
        id=row.pk,
        public_id=row.public_id,
        practice=row.practice_id,
        practice_name=tenant.name,
        practice_public_id=tenant.public_id,
        patient_id=row.patient_id,
        patient=patient.name,
        patient_born_on=patient.person.born_on,
        payer_id=row.payer_id,
        payer=payer.name if payer else NO_PAYER,
        payer_public_id=payer.public_id if payer else "",
        clinician=providers.clinician(row.rendering_id).name if row.rendering_id else "",
        site=providers.site(row.site_id, on=row.service_on).name if row.site_id else "",
        state=S(row.state),
        state_at=row.state_at,
        ordinal=row.ordinal,
        frequency=row.frequency,
        original=row.original.public_id if row.original else "",
        split_from=row.split_from.public_id if row.split_from else "",
        payer_control=row.payer_control,
        service_on=row.service_on,
        service_through=row.service_through,
        place_of_service=row.place_of_service,
        diagnoses=tuple(row.diagnoses),
        prior_authorization=row.prior_authorization,
        due_on=row.due_on,
        charged=Money.of(row.total_amount),
        paid=Money.of(row.paid_amount),
        adjusted=Money.of(row.adjusted_amount),
        patient_share=Money.of(row.patient_amount),
        denied=Money.of(row.denied_amount - carried),
        open=Money.of(row.open_amount),
        hold_reason=row.hold_reason,
        version=row.version,
        is_held_by_hand=row.is_held_by_hand,
        sheet_version=row.sheet_version,
        form=row.form,
        stay=stay,
        attending=providers.clinician(attended).name if stay and attended else "",
        lines=tuple(_flag(line, flagged) for line in lines),
        findings=found,
    )


def findings_of(claim_id: int) -> tuple[FindingRow, ...]:
    """The findings of the latest scrub, blocks first, with the reasons of those set aside."""
    why = {(o.code, o.line): o.why for o in Override.objects.filter(claim_id=claim_id)}
    rows = ClaimFinding.objects.filter(claim_id=claim_id).order_by("overridden", "severity", "pk")
    return tuple(
        FindingRow(
            row.code, row.severity, row.words, row.fix, row.field, row.line, row.source, row.overridden,
            why.get((row.code, row.line or 0), ""), row.severity == Severity.BLOCK and row.code in book.BY_CODE,
        )
        for row in rows
    )  # fmt: skip


def payer_name(payer_id: int | None) -> str:
    """A payer's name; of none the words for it."""
    return payers.payer(payer_id).name if payer_id else NO_PAYER


def _line(row: ClaimLine, charge: Charge, claim: ClaimModel) -> LineRow:
    charged, paid = Money.of(row.amount), Money.of(row.paid_amount)
    adjusted, patient = Money.of(row.adjusted_amount), Money.of(row.patient_amount)
    denied = claim.is_denied_whole or row.denied_amount >= row.amount > 0
    return LineRow(
        row.pk, row.number, row.line_control, row.code, tuple(row.modifiers), tuple(row.pointers), row.units,
        row.service_on, row.place_of_service, charged, paid, adjusted, patient,
        Money.of(0) if row.carried_to else charged - paid - adjusted - patient,
        flagged=row.denied_amount > 0 and charged != paid + adjusted + patient and not row.carried_to,
        service_through=row.service_through, expected=charge.expected, revenue_code=charge.revenue_code,
        minutes=charge.minutes,
        carried_to=row.carried_to.public_id if row.carried_to else "",
        is_denied_whole=denied and not (paid or adjusted or patient),
    )  # fmt: skip


def _flag(line: LineRow, flagged: set[int]) -> LineRow:
    return replace(line, flagged=True) if line.number in flagged else line


def _key(row: ClaimModel, lines: tuple[LineKey, ...]) -> ClaimKey:
    return ClaimKey(
        row.pk, row.public_id, row.practice_id, row.control, row.payer_id, row.patient_id, row.billing_provider_id,
        S(row.state), Money.of(row.total_amount), row.service_on, lines,
    )  # fmt: skip


def _line_key(row: ClaimLine) -> LineKey:
    return LineKey(
        row.pk, row.number, row.line_control, row.code, tuple(row.modifiers), row.units, Money.of(row.amount),
        row.service_on,
    )  # fmt: skip


def editable(public_id: str) -> dict[str, object]:
    """What the form of a claim starts from; raises `NotFound`."""
    row = ClaimModel.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no claim {public_id}.")
    names = (
        "place_of_service prior_authorization referral_number referring_last_name referring_first_name referring_npi "
        "accident accident_on accident_state delay_reason payer_control sheet_version"
    )
    return {name: getattr(row, name) for name in names.split()} | {"diagnoses": " ".join(row.diagnoses)}


def batch(public_id: str) -> BatchPage:
    """A batch with its claims and answers; raises `NotFound`."""
    row = Batch.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no batch {public_id}.")
    sent = Sending.objects.filter(batch=row).order_by("position").values_list("submission__claim_id", flat=True)
    claims = {claim.pk: claim for claim in ClaimModel.objects.filter(pk__in=list(sent))}
    acks = Acknowledgement.objects.filter(batch=row).order_by("received_at", "pk")
    return BatchPage(
        worklist.batch_ref(row, payer_name(row.payer_id)), row.sha256, row.receiver,
        worklist.rows_of([claims[pk] for pk in sent]), tuple(_ack(ack) for ack in acks),
        row.form, row.is_paper,
    )  # fmt: skip


def acknowledgement(public_id: str) -> AckRow:
    """An acknowledgement with its answers, those without a claim first; raises `NotFound`."""
    row = Acknowledgement.objects.select_related("batch").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no acknowledgement {public_id}.")
    answers = ClaimAnswer.objects.filter(acknowledgement=row).select_related("claim")
    listed = (
        AnswerRow(a.control, a.claim.public_id if a.claim else "", a.is_accepted, a.words, a.fix)
        for a in answers.order_by(F("claim_id").asc(nulls_first=True), "pk")
    )
    return replace(_ack(row), answers=tuple(listed))


def _ack(row: Acknowledgement) -> AckRow:
    return AckRow(
        row.public_id, row.practice_id, row.kind, row.document, row.control, row.words,
        row.batch.public_id if row.batch else "", row.received_at, row.accepted, row.rejected, row.unmatched,
    )  # fmt: skip


def of_visits(*, practice: int, visit_ids: Collection[int]) -> list[tuple[str, tuple[str, ...]]]:
    """The live claims of some visits, each with the codes of the findings that hold it."""
    rows = _live(practice, visit_ids).order_by("pk").values_list("pk", "public_id", "state", "is_held_by_hand")
    found: dict[int, list[str]] = {pk: [] for pk, *_ in rows}
    blocks = ClaimFinding.objects.filter(claim_id__in=found, severity__in=KEEPING, overridden=False).order_by("pk")
    for claim, code in blocks.values_list("claim_id", "code"):
        if code not in found[claim]:
            found[claim].append(code)
    return [
        (public_id, tuple(found[pk]) or (("held_by_hand",) if by_hand else ()) if state == S.HELD else ())
        for pk, public_id, state, by_hand in rows
    ]


def editable_visits(*, practice: int, visit_ids: Collection[int]) -> set[int]:
    """Those of the visits whose claims no payer has and no batch holds."""
    untouched = Q(ordinal="P", state__in=[S.DRAFT, S.HELD, S.READY])
    gone = _live(practice, visit_ids).exclude(untouched).values_list("visit_id", flat=True)
    return set(visit_ids) - set(gone)


def late_claims(*, practice: int, visit_ids: Collection[int]) -> list[str]:
    """The claims of some visits that are held because they are filed too late."""
    late = ClaimFinding.objects.filter(code="filed_too_late", overridden=False).values("claim_id")
    return list(_live(practice, visit_ids).filter(state=S.HELD, pk__in=late).values_list("public_id", flat=True))


def ready_claims(*, practice: int, visit_ids: Collection[int]) -> list[str]:
    """The claims of some visits that are ready to send."""
    return list(_live(practice, visit_ids).filter(state=S.READY).values_list("public_id", flat=True))


def open_claims(*, practice: int, visit_ids: Collection[int]) -> list[str]:
    """The claims of some visits that nobody has yet: in the making, on hold, or ready to send."""
    rows = _live(practice, visit_ids).filter(state__in=[S.DRAFT, S.HELD, S.READY])
    return list(rows.order_by("pk").values_list("public_id", flat=True))


def _live(practice: int, visit_ids: Collection[int]) -> QuerySet[ClaimModel]:
    rows = ClaimModel.objects.filter(practice_id=practice, visit_id__in=list(visit_ids))
    return rows.exclude(state__in=[S.VOIDED, S.REPLACED])
