"""Building claims: charges that wait become claims, one a visit, scrubbed at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from openmso.charges import queries as charge_queries
from openmso.charges import services as charges
from openmso.charges.contracts import Charge, Coding
from openmso.claims import contracts
from openmso.claims.contracts import Built
from openmso.claims.events import ClaimDropped, ClaimsBuilt
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.queries.register import Register
from openmso.claims.rules.parts import apart
from openmso.claims.services import carrying, moving, scrubbing, waiting
from openmso.claims.states import S
from openmso.kit.errors import Conflict
from openmso.kit.ids import public_id
from openmso.patients import contracts as patients
from openmso.patients import queries as patient_queries
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.scheduling import queries as visit_queries
from openmso.scheduling.contracts import Visit


@atomic
def build(*, actor: Actor, practice: int, at: datetime, visit_ids: Collection[int] | None = None) -> Built:
    """Make claims of all charges that wait (of some visits, when given), one claim a visit, and scrub them.

    Each goes to the first payer whose coverage holds on the service day. A visit without one becomes a claim too:
    on hold, saying so; one of more lines than a claim holds, of two years, or that a facility bills in part, becomes
    several. Nothing that was
    charged is left lying.
    """
    decision = actor.must(contracts.WORK.code, practice)
    taken = charges.take_up(practice=practice, visit_ids=visit_ids, at=at)
    if not taken:
        return Built()
    by_claim = [
        part for _, of_visit in groupby(taken, key=lambda charge: charge.visit_id) for part in apart(list(of_visit))
    ]
    visits = visit_queries.by_ids({found[0].visit_id for found in by_claim})
    covers = patient_queries.coverages_of({visit.patient_id for visit in visits.values()})
    codings = charge_queries.codings_of(visits)
    register = Register([practice], tenancy.today(practice, at))
    rows = []
    for found in by_claim:
        visit = visits[found[0].visit_id]
        rows.append(_claim(practice, visit, found, codings.get(visit.id), _cover(covers, visit), register, at))
    Claim.objects.bulk_create(rows, batch_size=1000)
    lines = (
        line_of(row, charge, number)
        for row, found in zip(rows, by_claim, strict=True)
        for number, charge in enumerate(found, start=1)
    )
    ClaimLine.objects.bulk_create(lines, batch_size=2000)
    moving.begin(rows, actor=actor, at=at)
    built = scrubbing.judge(rows, actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="claims.built", practice=practice, subject=("claims.claim", ""), at=at,
        facts={"count": len(rows), "ready": built.ready, "held": built.held}, decision=decision,
    )  # fmt: skip
    outbox.publish(ClaimsBuilt(built.ready, built.held), practice=practice, at=at)
    return built


@atomic
def drop(*, actor: Actor, claim: str, why: str, at: datetime) -> None:
    """Take back a claim that no payer has: it is voided, and its charges wait for another.

    Of a replacement, or of denied lines asked for anew, only those wait that were added on it: the others stand on the
    claim they came from.
    """
    row = moving.one(claim)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if row.ordinal != "P":
        raise Conflict(
            "An earlier payer has decided about this claim; it is not dropped.",
            code="not_the_first_payer",
            fix="Leave what is open to the patient instead of asking the next payer.",
        )
    moving.move(row, to=S.VOIDED, actor=actor, at=at, why=why)
    returned = carrying.give_back(row, actor=actor, at=at)
    lines = ClaimLine.objects.filter(claim=row).exclude(charge_id__in=returned)
    if row.original_id is not None:
        kept = ClaimLine.objects.filter(claim_id=row.original_id).values("charge_id")
        lines = lines.exclude(charge_id__in=kept)
    ids = list(lines.values_list("charge_id", flat=True))
    charges.mark_waiting(practice=row.practice_id, charge_ids=ids, at=at)
    waiting.keep_in_step([row], actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="claims.dropped", practice=row.practice_id, subject=("claims.claim", claim), at=at,
        why=why, decision=decision,
    )  # fmt: skip
    outbox.publish(ClaimDropped(claim), practice=row.practice_id, at=at, behind=decision.grant)


def _cover(covers: dict[int, tuple[patients.Coverage, ...]], visit: Visit) -> patients.Coverage | None:
    """The coverage that the visit goes to on its day; else the first there is, so that the finding can name it."""
    mine = covers.get(visit.patient_id, ())
    held = visit_queries.asked_first(visit, mine)
    return held or (mine[0] if mine else None)


def _claim(
    practice: int,
    visit: Visit,
    found: list[Charge],
    coding: Coding | None,
    cover: patients.Coverage | None,
    register: Register,
    at: datetime,
) -> Claim:
    name = public_id("CLM")
    biller = register.open_biller(practice, visit.service_on)
    return Claim(
        practice_id=practice, public_id=name, control=name, patient_id=visit.patient_id, visit_id=visit.id,
        payer_id=cover.payer_id if cover else None, coverage_id=cover.id if cover else None,
        billing_provider_id=biller.id if biller else None, rendering_id=visit.clinician_id, site_id=visit.site_id,
        form="I" if found[0].is_institutional else "P", state=S.DRAFT, state_at=at,
        service_on=min(charge.service_on for charge in found),
        service_through=_through(found), place_of_service=visit.place_of_service,
        diagnoses=list(coding.diagnoses) if coding else [], diagnosis_system=coding.system if coding else "",
        total_amount=sum((charge.amount.amount for charge in found), Decimal("0.00")), built_at=at,
    )  # fmt: skip


def _through(found: Iterable[Charge]) -> date | None:
    first = min(charge.service_on for charge in found)
    last = max(charge.service_through or charge.service_on for charge in found)
    return last if last > first else None


def line_of(row: Claim, charge: Charge, number: int) -> ClaimLine:
    """A charge as a line of a claim."""
    return ClaimLine(
        practice_id=row.practice_id, claim_id=row.pk, charge_id=charge.id, number=number,
        line_control=f"{row.control}-{number:02d}", code=charge.code, modifiers=list(charge.modifiers),
        pointers=list(charge.pointers), units=charge.units, service_on=charge.service_on,
        service_through=charge.service_through, amount=charge.amount.amount,
    )  # fmt: skip
