"""The sheets of claims and what else the rules must know, for any number of claims in a dozen questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Window

from openmso.charges import queries as charges
from openmso.charges.contracts import Charge
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.queries import attachments, history, rulebook, turns
from openmso.claims.queries.edited import Edits
from openmso.claims.queries.listed import Listed
from openmso.claims.queries.permitted import Permits
from openmso.claims.rules.sheet import (
    Biller,
    ClaimSheet,
    Context,
    Cover,
    Earlier,
    Facility,
    Human,
    Insurer,
    Line,
    Medicine,
    Place,
    Renderer,
    Whose,
)
from openmso.claims.states import S
from openmso.parties import contracts as parties
from openmso.parties.queries import enrolments, providers
from openmso.parties.queries import payers as payer_queries
from openmso.parties.queries import practices as practice_queries
from openmso.patients import contracts as patients
from openmso.patients import queries as patient_queries
from openmso.platform.tenancy import queries as tenancy

EDITED_KINDS = frozenset({"medicare", "medicaid", "tricare", "commercial", "blues"})
"""Payers whose claims are held against NCCI pairs; vision plans do not use them."""

REPEATED = frozenset({"76", "77", "59", "91", "XE", "XS", "XP", "XU"})
"""Modifiers that say why a service stands twice on a day."""

Units = dict[tuple[str, date], Decimal]
"""Units by code and day."""
NO_UNITS: Units = {}
NOT_LEFT = frozenset({S.DRAFT, S.HELD, S.READY})


class Register:
    """Payers, and the billers, sites and clinicians of the practices at hand, as of a day."""

    def __init__(self, practices: Collection[int], on: date) -> None:
        self.payers = {payer.id: payer for payer in payer_queries.every()}
        self.billers: dict[int, parties.BillingProvider] = {}
        self.sites: dict[int, parties.Site] = {}
        self.clinicians: dict[int, parties.Clinician] = {}
        self.codes = {tenant.pk: tenant.code for tenant in tenancy.tenants()}
        self.specialties = practice_queries.specialties()
        for practice in practices:
            self.billers |= {biller.id: biller for biller in providers.billers(practice, on=on)}
            self.sites |= {site.id: site for site in providers.sites(practice, on=on)}
            self.clinicians |= {clinician.id: clinician for clinician in providers.clinicians(practice)}
        self._enrolled = enrolments.days(practices)
        self._insurers: dict[int | None, Insurer | None] = {}
        self._referrers: dict[tuple[str, ...], Renderer] = {}
        self._whose: dict[tuple[int, str, int | None], Whose] = {}
        self.as_biller = {key: _biller(one) for key, one in self.billers.items()}
        self.as_renderer = {key: _renderer(one) for key, one in self.clinicians.items()}
        self.as_facility = {key: _facility(one) for key, one in self.sites.items()}

    def payer(self, payer_id: int | None) -> parties.Payer | None:
        """A payer by its key, closed ones too."""
        if payer_id is None:
            return None
        if payer_id not in self.payers:
            self.payers[payer_id] = payer_queries.payer(payer_id)
        return self.payers[payer_id]

    def insurer(self, payer_id: int | None) -> Insurer | None:
        """A payer as a claim says it, the same object for all its claims."""
        if payer_id not in self._insurers:
            self._insurers[payer_id] = insurer(self.payer(payer_id))
        return self._insurers[payer_id]

    def referrer(self, *named: str) -> Renderer | None:
        """Who referred, by last name, first name and NPI: the same object for all their claims."""
        return self._referrers.setdefault(named, Renderer(*named)) if named[0] else None

    def whose(self, practice: int, sheet: ClaimSheet, payer_id: int | None) -> Whose:
        """Where a claim stands, as the scopes of rules name it; the same object for all that stand there."""
        where = sheet.facility or sheet.biller
        state = where.address.state if where else ""
        if (known := self._whose.get((practice, state, payer_id))) is None:
            specialty, payer = self.specialties.get(practice), self.payer(payer_id)
            known = self._whose[practice, state, payer_id] = Whose(
                self.codes.get(practice, ""), specialty.value if specialty else "", state,
                payer.public_id if payer else "", payer.kind.value if payer else "",
            )  # fmt: skip
        return known

    def part_b(self) -> frozenset[int]:
        """The keys of payers that are Medicare Part B."""
        return frozenset(key for key, payer in self.payers.items() if payer.filing is parties.Filing.MEDICARE_B)

    def enrolled(self, row: Claim) -> enrolments.Days | None:
        """On which days a claim's payer has enrolled who rendered; None where nobody is recorded of the payer."""
        people = self._enrolled.get((row.practice_id, row.payer_id or 0), {})
        return people.get(row.rendering_id or 0, ()) if people.keys() - {None} else None

    def practice_enrolled(self, row: Claim) -> enrolments.Days | None:
        """On which days a claim's payer has enrolled the practice itself; None where nothing says that it does."""
        return self._enrolled.get((row.practice_id, row.payer_id or 0), {}).get(None)

    def open_biller(self, practice: int, on: date) -> parties.BillingProvider | None:
        """The billing provider new claims of a practice go out under."""
        mine = (b for b in self.billers.values() if b.practice == practice)
        return next((b for b in mine if b.closed_on is None or on < b.closed_on), None)


def sheets(rows: Sequence[Claim], *, today: date, for_judging: bool = False) -> dict[int, tuple[ClaimSheet, Context]]:
    """The sheet and context of every claim, by its key, in the order given.

    For judging alone, claims whose lines are alike share them, without the numbers that tell lines of claims apart.
    """
    ids = [row.id for row in rows]
    register = Register(sorted({row.practice_id for row in rows}), today)
    people = {
        key: (human(patient.person), patient.mrn)
        for key, patient in patient_queries.by_ids({row.patient_id for row in rows}).items()
    }
    told = turns.earlier([row for row in rows if row.ordinal != "P"])
    held = {row.coverage_id for row in rows} | {one.coverage_id for found in told.values() for one in found}
    covers = {key: _cover(one) for key, one in patient_queries.coverages({key for key in held if key}).items()}
    lines = _lines(ids, shared=for_judging)
    beside = Beside(rows, lines)
    listed = Listed(rows, lines, part_b=register.part_b())
    past, decided = history.before(rows, lines, listed), history.decided(rows)
    looked_up, permitted = Edits(lines, rows), Permits(rows)
    in_force = rulebook.in_force(today)
    papers = attachments.attached(ids)
    stays = charges.stays_of({row.visit_id for row in rows if row.form == "I"})
    answers = {}
    for row in rows:
        sheet = _sheet(row, lines.get(row.id, ()), people[row.patient_id], covers.get(row.coverage_id or 0), register)
        if row.form == "I" and (stay := stays.get(row.visit_id)) is not None:
            attending = register.as_renderer.get(stay.attending_id or row.rendering_id or 0)
            operating = register.as_renderer.get(stay.operating_id or 0)
            sheet = replace(sheet, stay=stay, attending=attending, operating=operating)
        if row.id in papers:
            sheet = replace(sheet, attachments=papers[row.id])
        if row.id in told:
            asked = {line.number for line in sheet.lines}
            sheet = replace(sheet, earlier=_earlier(told[row.id], asked, covers, register))
        edited = sheet.payer is not None and sheet.payer.kind in EDITED_KINDS
        whose = register.whose(row.practice_id, sheet, row.payer_id)
        context = Context(
            today, beside.twice(row), earlier=beside.units(row), history=past.get(row.patient_id, ()),
            decided_on=decided.get(row.original_id or 0), whose=whose, book=in_force.of(whose),
            permits=permitted.of(row, sheet), enrolled=register.enrolled(row),
            practice_enrolled=register.practice_enrolled(row), lists=listed.of(row, sheet),
            **looked_up.of(row, edited=edited),
        )  # fmt: skip
        answers[row.id] = (sheet, context)
    return answers


def _earlier(
    told: Sequence[turns.Told], asked: Collection[int], covers: dict[int, Cover], register: Register
) -> tuple[Earlier, ...]:
    """The payers that were asked before, where coverage and payer are known, and of the lines still asked for."""
    found = []
    for one in told:
        cover, payer = covers.get(one.coverage_id or 0), register.insurer(one.payer_id)
        if cover is not None and payer is not None:
            mine = tuple(line for line in one.decision.lines if line.line in asked)
            found.append(Earlier(one.ordinal, cover, payer, replace(one.decision, lines=mine)))
    return tuple(found)


def _lines(ids: Sequence[int], *, shared: bool) -> dict[int, tuple[Line, ...]]:
    rows = ClaimLine.objects.filter(claim_id__in=ids, carried_to=None).order_by("claim_id", "number").values_list(
        "claim_id", "charge_id", "line_control", "number", "code", "modifiers", "units", "amount", "service_on",
        "pointers", "service_through", "place_of_service",
    )  # fmt: skip
    told = list(rows)
    apart = charges.peculiar({charge for _, charge, *_ in told})
    found: dict[int, list[Line]] = defaultdict(list)
    known: dict[tuple[Any, ...], Line] = {}
    for claim, charge, control, number, code, modifiers, units, amount, day, pointers, through, place in told:
        said = number, code, tuple(modifiers), units, amount, day, tuple(pointers), through, place
        peculiar = apart.get(charge)
        line = known.get(said) if shared and peculiar is None else None
        if line is None:
            line = Line(number, "" if shared else control, *said[1:])
            if peculiar is not None:
                line = _with(line, peculiar)
            elif shared:
                known[said] = line
        found[claim].append(line)
    alike: dict[tuple[int, ...], tuple[Line, ...]] = {}
    return {claim: alike.setdefault(tuple(map(id, lines)), tuple(lines)) for claim, lines in found.items()}


def _with(line: Line, charge: Charge) -> Line:
    """A line of a charge that says more than code, units and amount."""
    drug = charge.drug
    return replace(
        line, code_system=charge.code_system, is_priced=charge.is_priced, note=charge.note,
        drug=Medicine(drug.ndc, drug.quantity, drug.unit) if drug else None,
        revenue_code=charge.revenue_code,
        minutes=charge.minutes,
    )  # fmt: skip


def _sheet(
    row: Claim, lines: tuple[Line, ...], who: tuple[Human, str], cover: Cover | None, register: Register
) -> ClaimSheet:
    patient, record_number = who
    return ClaimSheet(
        control=row.control,
        kind=row.form,
        total=row.total_amount,
        frequency=row.frequency if row.ordinal == "P" else row.asked_as,
        order=row.ordinal,
        place_of_service=row.place_of_service,
        service_on=row.service_on,
        service_through=row.service_through,
        diagnoses=tuple(row.diagnoses),
        diagnosis_system=row.diagnosis_system,
        lines=lines,
        patient=patient,
        record_number=record_number,
        cover=cover,
        payer=register.insurer(row.payer_id),
        biller=register.as_biller.get(row.billing_provider_id or 0),
        rendering=register.as_renderer.get(row.rendering_id or 0),
        referring=register.referrer(row.referring_last_name, row.referring_first_name, row.referring_npi),
        facility=register.as_facility.get(row.site_id or 0),
        payer_control=row.payer_control,
        prior_authorization=row.prior_authorization,
        referral_number=row.referral_number,
        delay_reason=row.delay_reason,
        accident=row.accident,
        accident_state=row.accident_state,
        accident_on=row.accident_on,
        patient_paid=row.patient_paid_amount,
    )


def human(person: patients.Person) -> Human:
    """A person as a claim says them."""
    return Human(
        person.last_name, person.first_name, person.middle_name, person.suffix, person.born_on, person.sex.value,
        _place(person.address),
    )  # fmt: skip


def insurer(payer: parties.Payer | None) -> Insurer | None:
    """A payer as a claim says it."""
    if payer is None:
        return None
    return Insurer(
        payer.name, payer.edi_id, payer.kind.value, payer.filing.value, payer.timely_filing_days, payer.corrected_days,
        _place(payer.address),
    )  # fmt: skip


def _cover(cover: patients.Coverage) -> Cover:
    return Cover(
        cover.member_id, cover.order.value, cover.relationship.value, cover.starts_on, cover.ends_on,
        cover.group_number, cover.plan_name, cover.insurance_type,
        human(cover.subscriber) if cover.subscriber else None,
    )  # fmt: skip


def _biller(biller: parties.BillingProvider) -> Biller:
    return Biller(
        biller.name, biller.npi, biller.tin, biller.taxonomy, _place(biller.address), biller.first_name,
        biller.middle_name, biller.suffix, biller.npi_type is parties.NpiType.INDIVIDUAL, _place(biller.pay_to),
        biller.phone,
    )  # fmt: skip


def _renderer(who: parties.Clinician) -> Renderer:
    return Renderer(who.last_name, who.first_name, who.npi, who.taxonomy, who.middle_name, who.suffix)


def _facility(site: parties.Site) -> Facility:
    return Facility(site.name, site.npi, _place(site.address), site.clia)


def _place(address: parties.Address) -> Place:
    return Place(address.line1, address.line2, address.city, address.state, address.zip)


class Beside:
    """Other live claims of the same patient, day, payer, order and form; of two that have not left, the later is told.

    Two plain questions over the patients of the set: their plans stay good in tables that nobody has analyzed yet.
    """

    def __init__(self, rows: Sequence[Claim], lines: Mapping[int, Sequence[Line]]) -> None:
        mine = {_asks(row) for row in rows}
        asking = "practice_id", "patient_id", "service_on", "payer_id", "ordinal", "form"
        others = Claim.objects.filter(
            patient_id__in={key[1] for key in mine}, service_on__in={key[2] for key in mine}, frequency="1"
        ).exclude(state__in=[S.VOIDED, S.REPLACED])
        together = others.annotate(together=Window(Count("pk"), partition_by=asking)).filter(together__gt=1)
        by_key: dict[tuple[object, ...], list[tuple[int, str, str]]] = defaultdict(list)
        for pk, name, state, *key in together.order_by("pk").values_list("pk", "public_id", "state", *asking):
            by_key[tuple(key)].append((pk, name, state))
        self._shared = {key: found for key, found in by_key.items() if key in mine}
        self._lines = lines
        wanted = {pk for found in self._shared.values() for pk, _, _ in found}
        self._services: dict[int, Units] = {pk: _units(lines[pk]) for pk in wanted & lines.keys()}
        kept = ClaimLine.objects.filter(claim_id__in=wanted - lines.keys(), carried_to=None)
        for pk, code, day, units in kept.values_list("claim_id", "code", "service_on", "units"):
            services = self._services.setdefault(pk, {})
            services[code, day] = services.get((code, day), Decimal(0)) + units

    def _others(self, row: Claim) -> list[tuple[int, str]]:
        """Keys and names of those that came before it, or have left."""
        if row.frequency != "1" or not row.payer_id:
            return []
        shared = self._shared.get(_asks(row), ())
        return [(pk, name) for pk, name, state in shared if pk != row.id and (pk < row.id or S(state) not in NOT_LEFT)]

    def twice(self, row: Claim) -> tuple[str, ...]:
        """The names of those that ask for a service of this claim, without a modifier that says why twice."""
        if not (others := self._others(row)):
            return ()
        asked = {(ln.code, ln.service_on) for ln in self._lines.get(row.id, ()) if not REPEATED & set(ln.modifiers)}
        return tuple(name for pk, name in others if asked & self._services.get(pk, {}).keys())

    def units(self, row: Claim) -> Units:
        """The units that they ask for, by code and day."""
        if not (others := self._others(row)):
            return NO_UNITS
        together: Units = {}
        for pk, _ in others:
            for service, units in self._services.get(pk, {}).items():
                together[service] = together.get(service, Decimal(0)) + units
        return together


def _asks(row: Claim) -> tuple[Any, ...]:
    return (row.practice_id, row.patient_id, row.service_on, row.payer_id, row.ordinal, row.form)


def _units(lines: Iterable[Line]) -> Units:
    together: Units = {}
    for line in lines:
        service = line.code, line.service_on
        together[service] = together.get(service, Decimal(0)) + line.units
    return together
