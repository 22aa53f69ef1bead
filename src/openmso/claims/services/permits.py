"""Authorizations that claims lack: the payer is asked for them, and the claims are scrubbed again when they come."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from openmso.claims import contracts
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.queries import sheets
from openmso.claims.services import moving, scrubbing
from openmso.claims.states import S
from openmso.eligibility.contracts import Permit, RequestDraft
from openmso.eligibility.queries import permits
from openmso.eligibility.services import requesting
from openmso.kit.errors import Conflict
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

FIELDS = {Permit.AUTHORIZATION: "prior_authorization", Permit.REFERRAL: "referral_number"}
ASKED_DAYS = 90
"""How long a request runs from the first day of service: what is begun goes on."""


class NothingLacks(Conflict):
    """The claim lacks nothing that its payer could be asked for."""

    code = "nothing_lacks"


@atomic
def ask(*, actor: Actor, claim: str, at: datetime) -> list[str]:
    """Ask the payer for what the rules say that a claim lacks, one request for each code; their public ids.

    Raises `NothingLacks`, and what `eligibility` refuses.
    """
    row = moving.one(claim)
    actor.must(contracts.WORK.code, row.practice_id)
    sheet, context = sheets.sheets([row], today=tenancy.today(row.practice_id, at))[row.pk]
    lines = {line.number: line for line in sheet.lines}
    lacking: dict[tuple[Permit, str], list[int]] = {}
    for one in context.permits:
        if one.blocks and not getattr(row, FIELDS[one.kind]):
            lacking.setdefault((one.kind, lines[one.line].code), []).append(one.line)
    if not lacking or row.payer_id is None:
        raise NothingLacks("The claim lacks nothing that its payer could be asked for.", fix="Scrub it again.")
    return [
        requesting.ask(
            actor=actor, practice=row.practice_id, at=at,
            draft=RequestDraft(
                row.patient_id, row.payer_id, kind, code, row.service_on, row.service_on + timedelta(days=ASKED_DAYS),
                sum((lines[number].units for number in numbers), start=lines[numbers[0]].units * 0),
                sheet.place_of_service, tuple(sheet.diagnoses[:12]), claim,
            ),
        )
        for (kind, code), numbers in lacking.items()
    ]  # fmt: skip


@atomic
def permitted(*, actor: Actor, practice: int, authorization: str, at: datetime) -> int:
    """A payer's yes is on file: claims that it covers and that nobody has bear its number and are scrubbed again.

    Returns how many. Safe to hear twice.
    """
    decision = actor.must(contracts.WORK.code, practice)
    one = permits.one(authorization)
    covered = ClaimLine.objects.filter(
        practice_id=practice, claim__patient_id=one.patient_id, claim__payer_id=one.payer_id, carried_to=None,
        code__range=(one.first_code, one.last_code), service_on__range=(one.starts_on, one.ends_on),
    )  # fmt: skip
    field = FIELDS[one.kind]
    wanting = Claim.objects.filter(
        Q(**{field: ""}) | Q(**{field: one.number}), pk__in=covered.values("claim_id"),
        state__in=[S.DRAFT, S.HELD, S.READY],
    )  # fmt: skip
    rows = moving.locked(list(wanting.values_list("pk", flat=True)))
    named = [row for row in rows if not getattr(row, field)]
    for row in named:
        setattr(row, field, one.number)
        row.sheet_version += 1
    Claim.objects.bulk_update(named, [field, "sheet_version"], batch_size=2000)
    scrubbing.judge(rows, actor=actor, at=at, under=decision, mended=True)
    return len(rows)
