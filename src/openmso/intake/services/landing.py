"""Writing what a file holds through the services of the apps below: people, coverages, visits, charges, claims."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from openmso.charges import queries as charge_queries
from openmso.charges import services as charges
from openmso.charges.contracts import ChargeDraft, Stay, VisitCharges
from openmso.claims.queries import stories
from openmso.claims.services import building, correcting, scrubbing
from openmso.intake.contracts import HELD_SHOWN_MAX, Held, Outcome
from openmso.intake.rules.codemap import CodeMap
from openmso.intake.rules.drafts import CoverIn, LineIn, Load, Someone, VisitIn
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.parties.contracts import Address
from openmso.parties.queries import payers, providers
from openmso.patients import contracts as patients
from openmso.patients import services as patient_services
from openmso.platform.access.contracts import Actor
from openmso.platform.database.progress import Steps
from openmso.platform.tenancy import queries as tenancy
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import Visit, VisitDraft

ANOTHER_PERSON = "The patient's id or record number is that of another person here: neither name nor birth date fits."
BLOCK = 1000
"""Visits charged and billed at a time."""


class Landing:
    """Writes what a file holds through the services of the apps below, a few statements a step."""

    def __init__(self, actor: Actor, practice: int, at: datetime, codes: CodeMap, loaded: Load) -> None:
        self.actor, self.practice, self.at, self.codes, self.loaded = actor, practice, at, codes, loaded
        self.by_name = {payer.name.casefold(): payer.id for payer in payers.every()}
        self.by_edi = {payer.edi_id: payer.id for payer in payers.every()}
        self.index = {item.position: place for place, item in enumerate(loaded.items)}
        self.ids: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.new_visits = 0
        self.named = 0
        self.charges = 0
        self.ready = 0
        self.held: list[Held] = []
        self.held_count = 0

    def land(self, steps: Steps) -> None:
        """Patients, coverages, visits, charges, claims, in this order."""
        steps.begin()
        self._patients()
        steps.begin()
        self._coverages()
        steps.begin()
        recorded = self._visits()
        steps.begin()
        self._charges(recorded, steps)

    def _patients(self) -> None:
        drafts = [
            patients.PatientDraft(
                _person(one.who), one.mrn, one.phone, one.email if "@" in one.email else "", one.ssn,
                self.loaded.kind, one.key[:120],
            )
            for one in self.loaded.patients
        ]  # fmt: skip
        strange = patient_services.strangers(practice=self.practice, drafts=drafts)
        if any(strange):
            self._turn_away(
                {one.key for one, is_strange in zip(self.loaded.patients, strange, strict=True) if is_strange}
            )
            drafts = [draft for draft, is_strange in zip(drafts, strange, strict=True) if not is_strange]
        found = patient_services.register_many(actor=self.actor, practice=self.practice, drafts=drafts, at=self.at)
        for one, patient in zip(self.loaded.patients, found, strict=True):
            self.ids[one.key] = patient.id
            self.names[one.key] = patient.public_id
            self.ids.setdefault(f"mrn:{one.mrn}", patient.id)

    def _turn_away(self, keys: Collection[str]) -> None:
        """Nothing of these patients is taken in: it would go to another person's chart."""
        gone = [one for one in self.loaded.visits if one.patient in keys]
        records = {key[:120] for key in keys}
        positions = {
            item.position for item in self.loaded.items if item.kind == "Patient" and item.record_id in records
        }
        positions |= {one.position for one in self.loaded.covers if one.patient in keys}
        positions |= {position for one in gone for position in (one.position, *(line.position for line in one.lines))}
        self._change(
            positions, outcome=Outcome.REFUSED, words=ANOTHER_PERSON, field="mrn",
            fix="Correct the record number, or the name and birth date.",
        )  # fmt: skip
        self.loaded.patients = [one for one in self.loaded.patients if one.key not in keys]
        self.loaded.covers = [one for one in self.loaded.covers if one.patient not in keys]
        self.loaded.visits = [one for one in self.loaded.visits if one.patient not in keys]

    def _coverages(self) -> None:
        """Each coverage once, however many records repeat it."""
        answers: dict[tuple[int, patients.CoverageDraft], str] = {}
        for cover in (*self.loaded.covers, *self._mapped_covers()):
            payer = self._payer(cover)
            if payer is None:
                self._reject_cover(cover, f"No payer of the register is called {cover.payer_name or cover.payer!r}.")
                continue
            wanted = (self.ids[cover.patient], _cover_draft(cover, payer))
            if wanted not in answers:
                answers[wanted] = self._cover(*wanted)
            if answers[wanted]:
                self._reject_cover(cover, answers[wanted])

    def _cover(self, patient: int, draft: patients.CoverageDraft) -> str:
        """Record a coverage; why it was refused, or nothing."""
        try:
            patient_services.cover(
                actor=self.actor, practice=self.practice, patient_id=patient, draft=draft, at=self.at
            )
        except Refused as no:
            return no.sentence
        return ""

    def _mapped_covers(self) -> list[CoverIn]:
        return [
            CoverIn(
                one.key, mapped.payer, mapped.payer, mapped.member_id, "18", "P", mapped.starts_on, mapped.ends_on,
                mapped.group, mapped.plan,
            )
            for mapped in self.codes.coverages
            for one in self.loaded.patients
            if mapped.patient in {"", one.key, one.mrn}
        ]  # fmt: skip

    def _payer(self, cover: CoverIn) -> int | None:
        for name in (cover.payer, *cover.payer_ids, cover.payer_name):
            mapped = self.codes.payers.get(name.casefold(), name)
            found = self.by_edi.get(mapped) or self.by_name.get(mapped.casefold())
            if found:
                return found
        return None

    def _reject_cover(self, cover: CoverIn, words: str) -> None:
        """A coverage that could not be used is accounted for as refused; in a row, it is said beside the charge."""
        if not cover.position:
            return
        item = self.loaded.items[self.index[cover.position]]
        fix = "Correct it, or add the payer to the register."
        if item.kind == "Coverage":
            self._change([cover.position], outcome=Outcome.REFUSED, words=words[:300], field="payor", fix=fix)
        else:
            told = f"{item.words} Its coverage was refused: {words}"
            self._change([cover.position], words=told[:300], field="payer_id", fix=fix)

    def _visits(self) -> dict[str, Visit]:
        clinicians = {one.npi: one.id for one in providers.clinicians(self.practice)}
        only = next(iter(clinicians.values())) if len(clinicians) == 1 else None
        sites = providers.sites(self.practice, on=tenancy.today(self.practice, self.at))
        site = next((one.id for one in sites if one.closed_on is None), None)
        mapped, anybody = self.codes.clinicians, self.codes.clinicians.get("*", "")
        drafts = [
            VisitDraft(
                self.ids[one.patient], one.service_on, self.loaded.kind, one.key[:120],
                clinicians.get(one.npi) or clinicians.get(mapped.get(one.npi, anybody)) or only, site,
                place_of_service=one.place_of_service, reason=one.reason[:200],
            )
            for one in self.loaded.visits
        ]  # fmt: skip
        recorded = scheduling.record_visits(actor=self.actor, practice=self.practice, drafts=drafts, at=self.at)
        self.new_visits = len(recorded.new)
        nobody = {
            visit.id: draft.clinician_id
            for draft, visit in zip(drafts, recorded.visits, strict=True)
            if draft.clinician_id and visit.clinician_id is None
        }
        if nobody:
            self.named = scheduling.name_clinicians(
                actor=self.actor, practice=self.practice, clinicians=nobody, at=self.at
            )
        self._became(recorded.visits)
        known = [
            one for one, visit in zip(self.loaded.visits, recorded.visits, strict=True) if visit.id not in recorded.new
        ]
        self._tell(
            [line.position for one in known for line in one.lines], "It is here already, as a charge of the visit."
        )
        found = {one.key: visit for one, visit in zip(self.loaded.visits, recorded.visits, strict=True)}
        self.loaded.visits = [one for one in self.loaded.visits if self._is_the_same(one, found[one.key])]
        return found

    def _became(self, visits: Sequence[Visit]) -> None:
        by_position = {one.position: visit.public_id for one, visit in zip(self.loaded.visits, visits, strict=True)}
        for index, item in enumerate(self.loaded.items):
            is_patient = item.kind == "Patient"
            name = self.names.get(item.record_id, "") if is_patient else by_position.get(item.position, "")
            if name and item.outcome is Outcome.USED:
                self.loaded.items[index] = replace(item, became=name)

    def _charges(self, recorded: Mapping[str, Visit], steps: Steps) -> None:
        wanted = [one for one in self.loaded.visits if one.lines]
        drafts = [_visit_charges(recorded[one.key], one) for one in wanted]
        before = {charge.visit_id for charge in charge_queries.of_visits([d.visit_id for d in drafts])}
        fresh = [draft for draft in drafts if draft.visit_id not in before]
        for done in range(0, len(fresh), BLOCK):
            steps.within(done, len(fresh), "visits")
            block = fresh[done : done + BLOCK]
            captured = charges.capture(actor=self.actor, practice=self.practice, visits=block, at=self.at)
            self.charges += len(captured)
            building.build(actor=self.actor, practice=self.practice, visit_ids=[d.visit_id for d in block], at=self.at)
        known = [draft for draft in drafts if draft.visit_id in before]
        added = self._add(wanted, recorded, before)
        if known and (self.named or not self.codes.is_empty):
            self._recode(known)
        if self.codes.delay_reason:
            self._delay([draft.visit_id for draft in drafts])
        touched = added | {draft.visit_id for draft in fresh}
        self._hold_incomplete([one for one in wanted if recorded[one.key].id in touched], recorded)
        self._count([recorded[one.key].id for one in wanted])

    def _is_the_same(self, one: VisitIn, visit: Visit) -> bool:
        """Whether a visit known by this id is the one the file speaks of; records of another are refused."""
        if (visit.patient_id, visit.service_on) == (self.ids[one.patient], one.service_on):
            return True
        self._refuse(
            (one.position, *(line.position for line in one.lines)), "visit_id",
            f"Visit {one.key} is here already, on another day or of another patient.",
            "Give each visit its own visit_id.",
        )  # fmt: skip
        return False

    def _add(self, wanted: Sequence[VisitIn], recorded: Mapping[str, Visit], before: Collection[int]) -> set[int]:
        """Add the lines that visits here lack, where no payer has the claim; the visits that grew."""
        known = {recorded[one.key].id: one for one in wanted if recorded[one.key].id in before}
        there = {(charge.visit_id, charge.source_id) for charge in charge_queries.of_visits(known)}
        lacking = {
            visit: lines
            for visit, one in known.items()
            if (lines := [line for line in one.lines if (visit, line.key) not in there])
        }
        open_ones = stories.editable_visits(practice=self.practice, visit_ids=list(lacking))
        for visit in sorted(lacking.keys() - open_ones):
            self._refuse(
                _places(known[visit], lacking[visit]), "visit_id",
                f"The claim of visit {known[visit].key} is on its way to the payer.",
                "Add the line to a corrected claim, or give it a visit_id of its own: it becomes a claim of its own.",
            )  # fmt: skip
        if not open_ones:
            return set()
        for claim in stories.open_claims(practice=self.practice, visit_ids=open_ones):
            building.drop(actor=self.actor, claim=claim, why="A later file brought more of the visit.", at=self.at)
        more = [
            VisitCharges(visit, recorded[known[visit].key].patient_id, (), tuple(
                _charge(line, len(known[visit].diagnoses)) for line in lacking[visit]
            ))
            for visit in sorted(open_ones)
        ]  # fmt: skip
        self.charges += charges.capture_more(actor=self.actor, practice=self.practice, visits=more, at=self.at)
        building.build(actor=self.actor, practice=self.practice, visit_ids=open_ones, at=self.at)
        for visit in open_ones:
            self._tell(_places(known[visit], lacking[visit]), "Was added to the visit as a charge.")
        return open_ones

    def _refuse(self, positions: Collection[int], field: str, words: str, fix: str) -> None:
        """The records at these positions cannot be used after all."""
        self._change(positions, outcome=Outcome.REFUSED, words=words, field=field, fix=fix, became="")

    def _tell(self, positions: Collection[int], words: str) -> None:
        """Say more exactly what became of the records at these positions."""
        self._change(positions, words=words)

    def _change(self, positions: Collection[int], **told: object) -> None:
        for position in set(positions) - {0}:
            index = self.index[position]
            self.loaded.items[index] = replace(self.loaded.items[index], **told)  # type: ignore[arg-type]

    def _recode(self, known: Sequence[VisitCharges]) -> None:
        """Give what was taken in before the codes and coverages of the map, where no payer has it yet."""
        visits = [draft.visit_id for draft in known]
        open_ones = stories.editable_visits(practice=self.practice, visit_ids=visits)
        again = [draft for draft in known if draft.visit_id in open_ones]
        charges.recode(actor=self.actor, practice=self.practice, visits=again, at=self.at)
        people = sorted({draft.patient_id for draft in again})
        correcting.refresh_coverage(actor=self.actor, practice=self.practice, patient_ids=people, at=self.at)
        correcting.take_codes(
            actor=self.actor, practice=self.practice, visit_ids=[d.visit_id for d in again], at=self.at
        )

    def _delay(self, visit_ids: Sequence[int]) -> None:
        for public_id in stories.late_claims(practice=self.practice, visit_ids=visit_ids):
            correcting.change(
                actor=self.actor, claim=public_id, fields={"delay_reason": self.codes.delay_reason}, at=self.at
            )

    def _hold_incomplete(self, wanted: Sequence[VisitIn], recorded: Mapping[str, Visit]) -> None:
        for one in wanted:
            if one.incomplete:
                for public_id in stories.ready_claims(practice=self.practice, visit_ids=[recorded[one.key].id]):
                    scrubbing.hold(
                        actor=self.actor, claim=public_id, why=f"A row is missing. {one.incomplete}", at=self.at
                    )

    def _count(self, visit_ids: Sequence[int]) -> None:
        states = stories.of_visits(practice=self.practice, visit_ids=visit_ids)
        self.ready = sum(not findings for _, findings in states)
        waiting = [Held(public_id, findings) for public_id, findings in states if findings]
        self.held_count = len(waiting)
        self.held = waiting[:HELD_SHOWN_MAX]


def _places(visit: VisitIn, lines: Sequence[LineIn]) -> set[int]:
    """The records that say so: each line's own, or the visit's where lines have none."""
    return {line.position or visit.position for line in lines}


def _person(who: Someone) -> patients.Person:
    return patients.Person(
        who.last, who.first, who.middle, who.suffix, who.born_on, patients.Sex(who.sex),
        Address(who.line1, who.line2, who.city, who.state, who.zip),
    )  # fmt: skip


def _cover_draft(cover: CoverIn, payer: int) -> patients.CoverageDraft:
    ends = cover.ends_on if cover.ends_on is None or cover.ends_on > cover.starts_on else None
    return patients.CoverageDraft(
        payer, cover.member_id, cover.starts_on, ends, patients.Order(cover.order), cover.group, cover.plan,
        patients.Relationship(cover.relationship), _person(cover.subscriber) if cover.subscriber else None,
    )  # fmt: skip


def _visit_charges(visit: Visit, one: VisitIn) -> VisitCharges:
    drafts = tuple(_charge(line, len(one.diagnoses)) for line in one.lines)
    stay = Stay(one.bill_type) if one.bill_type else None
    return VisitCharges(visit.id, visit.patient_id, one.diagnoses, drafts, one.diagnosis_system, stay)


def _charge(line: LineIn, diagnoses: int) -> ChargeDraft:
    """A charge at the source's amount; else at our price; else at what the source's total leaves for it."""
    pointers = tuple(pointer for pointer in line.pointers if 1 <= pointer <= max(diagnoses, 1)) or (1,)
    return ChargeDraft(
        line.code, line.service_on, line.modifiers, pointers, line.units,
        Money.rounded(line.amount) if line.amount is not None else None, line.left, code_system=line.system,
        source_id=line.key, revenue_code=line.revenue_code, minutes=line.minutes,
    )  # fmt: skip
