"""Mending what claims are made of: who rendered the visit and where, the patient's record, the coverage.

Whoever works the claims of a practice may do it, like intake: what lies below is written by the house on their behalf.
Every claim made of it that no payer has is scrubbed again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from openmso.charges import queries as charge_queries
from openmso.charges import services as charges
from openmso.charges.contracts import Stay
from openmso.claims import contracts
from openmso.claims.contracts import Answered, No
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.services import moving, scrubbing
from openmso.claims.services.correcting import LineChange, change, editable, expect_anew, why_not_editable
from openmso.claims.states import EDITABLE, S
from openmso.kit.errors import Conflict, Refused
from openmso.kit.ids import npi_is_valid
from openmso.parties.contracts import Clinician, Site
from openmso.parties.queries import providers
from openmso.patients import queries as patient_queries
from openmso.patients import services as patients
from openmso.patients.contracts import Coverage, CoverageDraft, Person
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.scheduling import services as visits


class NotInstitutional(Conflict):
    """The claim is not a facility's."""

    code = "not_institutional"


class NotTheirVisit(Refused):
    """The clinician or site cannot be that of the visit."""

    code = "not_of_the_visit"


@atomic
def correct_visits(
    *, actor: Actor, practice: int, claim_ids: Collection[int], at: datetime, clinician: str = "", site: str = ""
) -> Answered:
    """Say by their public ids who rendered the visits of some claims, or at which site; what is left out stays.

    Every claim for which it cannot be said is in the answer, with the reason. Raises `NotTheirVisit` for a clinician
    or site that no claim of the practice can name.
    """
    decision = actor.must(contracts.WORK.code, practice)
    if not (clinician or site):
        raise NotTheirVisit("Nobody is named, and no site.", field="clinician", fix="Choose one of the two.")
    who = _clinician(practice, clinician) if clinician else None
    where = _site(practice, site, at) if site else None
    rows = [row for row in moving.locked(claim_ids) if row.practice_id == practice]
    refused = [no for row in rows if (no := _why_not(row, who))]
    noes = {no.claim for no in refused}
    mended = {row.visit_id for row in rows if row.public_id not in noes}
    open_ones = list(
        Claim.objects.select_for_update()
        .filter(practice_id=practice, visit_id__in=mended, state__in=EDITABLE)
        .order_by("pk")
    )
    visits.correct(
        actor=_house(actor, at, decision), practice=practice, visits=mended, at=at,
        clinician_id=who.id if who else None, site_id=where.id if where else None,
    )  # fmt: skip
    changed = [row for row in open_ones if _renamed(row, who, where)]
    update(changed, ["rendering_id", "site_id", "sheet_version"])
    said = [name for name, given in (("clinician", who), ("site", where)) if given]
    _judge(open_ones, changed, " and ".join(said), actor, at, decision)
    return Answered(tuple(row.public_id for row in rows if row.public_id not in noes), tuple(refused))


def correct_visit(
    *, actor: Actor, claim: str, at: datetime, clinician: str = "", site: str = "", sheet_version: int | None = None
) -> None:
    """The same for the visit of one claim; raises `NotEditable`, `NotTheirVisit` and `ChangedMeanwhile`."""
    with atomic.open():
        row = editable(claim, sheet_version)
        answer = correct_visits(
            actor=actor, practice=row.practice_id, claim_ids=[row.pk], at=at, clinician=clinician, site=site
        )
        for no in answer.refused:
            raise NotTheirVisit(no.words, code=no.code, field="clinician", fix=no.fix)


@atomic
def correct_patient(
    *, actor: Actor, claim: str, person: Person, at: datetime, sheet_version: int | None = None
) -> None:
    """Correct the record of a claim's patient: name, birth date, sex, address."""
    row = editable(claim, sheet_version)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    here = patient_queries.by_ids([row.patient_id])[row.patient_id]
    patients.change(
        actor=_house(actor, at, decision), patient=here.public_id, person=person, phone=here.phone, email=here.email,
        at=at,
    )  # fmt: skip
    mine = _of_patient(row)
    changed = mine if person != here.person else []
    for other in changed:
        other.sheet_version += 1
    update(changed, ["sheet_version"])
    _judge(mine, changed, "the patient's record", actor, at, decision)


@atomic
def cover(
    *,
    actor: Actor,
    claim: str,
    draft: CoverageDraft,
    at: datetime,
    coverage: str = "",
    sheet_version: int | None = None,
) -> Coverage:
    """Add a coverage of a claim's patient, or correct the one named, and ask its payer by this claim.

    The patient's other claims that lack a coverage get the one that holds on their day. Raises `CoveragesOverlap`.
    """
    row = editable(claim, sheet_version)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    house = _house(actor, at, decision)
    if coverage:
        on_file(row.patient_id, coverage)
        saved = patients.correct_coverage(actor=house, coverage=coverage, draft=draft, at=at)
    else:
        saved = patients.cover(actor=house, practice=row.practice_id, patient_id=row.patient_id, draft=draft, at=at)
    mine = _of_patient(row)
    asking = [
        other for other in mine
        if other.pk == row.pk or other.coverage_id == saved.id
        or (other.coverage_id is None and saved.holds_on(other.service_on))
    ]  # fmt: skip
    for other in asking:
        other.coverage_id, other.payer_id = saved.id, saved.payer_id
        other.sheet_version += 1
    update(asking, ["coverage_id", "payer_id", "sheet_version"])
    expect_anew(row.practice_id, asking, saved.payer_id)
    _judge(mine, asking, "coverage", actor, at, decision)
    return saved


@atomic
def choose_coverage(*, actor: Actor, claim: str, coverage: str, at: datetime) -> None:
    """Ask another payer: put the claim under another coverage of the patient."""
    row = editable(claim)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    chosen = on_file(row.patient_id, coverage)
    row.coverage_id, row.payer_id, row.sheet_version = chosen.id, chosen.payer_id, row.sheet_version + 1
    row.save(update_fields=["coverage_id", "payer_id", "sheet_version"])
    expect_anew(row.practice_id, [row], chosen.payer_id)
    _judge([row], [row], "coverage", actor, at, decision)


def on_file(patient: int, coverage: str) -> Coverage:
    """A coverage of a patient by its public id; refuses one of somebody else."""
    mine = patient_queries.coverages_of([patient]).get(patient, ())
    found = next((one for one in mine if one.public_id == coverage), None)
    if found is None:
        raise Refused("The patient has no such coverage.", code="no_such_coverage", field="coverage")
    return found


@atomic
def say_stay(
    *, actor: Actor, claim: str, stay: Stay, at: datetime, revenue: Mapping[int, str] | None = None,
    sheet_version: int | None = None,
) -> None:  # fmt: skip
    """Write down what the facility says of the visit of an institutional claim, and revenue codes of lines by number.

    Raises `NotEditable`, `ChangedMeanwhile`, `NotInstitutional`, and `Refused` for what no claim has room for.
    """
    row = editable(claim, sheet_version)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if row.form != "I":
        raise NotInstitutional("A professional claim has no part of a facility.", fix="Bill it by revenue code.")
    here = {one.id for one in providers.clinicians(row.practice_id, on=row.service_on)}
    for field, key in (("attending", stay.attending_id), ("operating", stay.operating_id)):
        if key is not None and key not in here:
            raise NotTheirVisit("They are no clinician of the practice.", field=field, fix="Choose one of the list.")
    house = _house(actor, at, decision)
    charges.keep_stay(
        actor=house, practice=row.practice_id, visit_id=row.visit_id, stay=stay, at=at, subject=row.public_id
    )
    asked = ClaimLine.objects.filter(claim=row, number__in=list(revenue or {}))
    known = charge_queries.by_ids({line.charge_id for line in asked})
    changes = {
        line.number: LineChange(revenue_code=(revenue or {})[line.number])
        for line in asked
        if known[line.charge_id].revenue_code != (revenue or {})[line.number]
    }
    change(actor=house, claim=claim, fields={}, lines=changes, at=at)


def _clinician(practice: int, public_id: str) -> Clinician:
    found = providers.clinician_by_public_id(public_id)
    if found.practice != practice:
        raise NotTheirVisit(
            f"{found.name} is not a clinician of the practice.", field="clinician",
            fix="Choose one of its own, or add them to it first.",
        )  # fmt: skip
    if not npi_is_valid(found.npi):
        raise NotTheirVisit(
            f"{found.name} has no valid NPI.", field="clinician", fix="Correct it with the practice's clinicians."
        )
    return found


def _site(practice: int, public_id: str, at: datetime) -> Site:
    found = providers.site_by_public_id(public_id, on=tenancy.today(practice, at))
    if found.practice != practice:
        raise NotTheirVisit(f"{found.name} is not a site of the practice.", field="site", fix="Choose one of its own.")
    return found


def _why_not(row: Claim, who: Clinician | None) -> No | None:
    if no := why_not_editable(S(row.state)):
        return No(row.public_id, no.code, no.sentence, no.fix)
    gone = who and (row.service_on < who.starts_on or (who.ends_on and row.service_on >= who.ends_on))
    if who and gone:
        words = f"{who.name} was not with the practice on {row.service_on}."
        return No(row.public_id, NotTheirVisit.code, words, "Choose who was, or correct the clinician's days.")
    return None


def _of_patient(row: Claim) -> list[Claim]:
    """The open claims of a claim's patient, itself among them, in the order of their keys."""
    mine = Claim.objects.select_for_update().filter(
        practice_id=row.practice_id, patient_id=row.patient_id, state__in=EDITABLE
    )
    return list(mine.order_by("pk"))


def _renamed(row: Claim, who: Clinician | None, where: Site | None) -> bool:
    """Write who rendered a claim, and where; whether that is something new."""
    before = row.rendering_id, row.site_id
    row.rendering_id, row.site_id = who.id if who else row.rendering_id, where.id if where else row.site_id
    is_new = before != (row.rendering_id, row.site_id)
    row.sheet_version += is_new
    return is_new


def _judge(
    rows: Sequence[Claim], changed: Collection[Claim], fields: str, actor: Actor, at: datetime, decision: Decision
) -> None:
    """Scrub claims again, and say on each that was changed what it was."""
    scrubbing.judge(rows, actor=actor, at=at, under=decision, mended=True)
    for row in changed:
        audit.record(
            actor=actor, action="claims.amended", practice=row.practice_id, subject=("claims.claim", row.public_id),
            at=at, facts={"fields": fields}, decision=decision,
        )  # fmt: skip


def _house(actor: Actor, at: datetime, decision: Decision) -> Actor:
    return Actor.system(f"claims for {actor.name}", at=at, behind=decision.grant)
