"""Taking in a file: stored first, read to the end, every record accounted for, written through the services below."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from edi.health import stream
from openmso.charges import queries as charge_queries
from openmso.charges import services as charges
from openmso.charges.contracts import ChargeDraft, VisitCharges
from openmso.claims.queries import stories
from openmso.claims.services import building, correcting, scrubbing
from openmso.intake import contracts
from openmso.intake.contracts import Held, Item, Outcome, RunState, Taken
from openmso.intake.models import IntakeItem, IntakeRun
from openmso.intake.rules import bundles, codemap, rows
from openmso.intake.rules.codemap import CodeMap
from openmso.intake.rules.drafts import CoverIn, LineIn, Load, Someone, VisitIn
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.parties.contracts import Address
from openmso.parties.queries import payers, providers
from openmso.patients import contracts as patients
from openmso.patients import services as patient_services
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy.scope import atomic
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import Visit, VisitDraft

PURPOSE = "intake.file"
HELD_SHOWN_MAX = 200


@atomic
def take(
    *, actor: Actor, practice: int, name: str, content: bytes, at: datetime, code_map: tuple[str, bytes] | None = None
) -> Taken:
    """Take in a FHIR or CSV file of visits: they become charges and claims; the same file twice makes nothing new.

    With a code map (name, bytes), what was taken in before under clinical codes gets billing codes, and coverages.
    Raises `NotKept` for dangerous files, `BadCodeMap`, `NotOurColumns`; anything smaller is an item with words.
    """
    decision = actor.must(contracts.RUN.code, practice)
    codes = codemap.read(*code_map) if code_map else CodeMap()
    stored = documents.store(
        actor=actor, practice=practice, name=name, content=content, media_type="application/octet-stream",
        purpose=PURPOSE, at=at,
    )  # fmt: skip
    loaded = _read(content, codes)
    landing = _Landing(Actor.system(f"intake for {actor.name}", at=at), practice, at, codes, loaded)
    landing.land()
    run = _record(loaded, landing, stored.public_id, stored.sha256, name, actor)
    documents.became(document=stored, subject=("intake.run", run.public_id), practice=practice, at=at)
    audit.record(
        actor=actor, action="intake.taken", practice=practice, subject=("intake.run", run.public_id), at=at,
        facts={"name": run.name[:80], "used": run.used, "kept": run.kept, "refused": run.refused}, decision=decision,
    )  # fmt: skip
    return told(run, loaded.items, landing.held)


def _read(content: bytes, codes: CodeMap) -> Load:
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"{", b"["}:
        return bundles.load(stream.entries(io.BytesIO(content)), codes)
    return rows.load(content)


class _Landing:
    """Writes what a file holds through the services of the apps below, a few statements a step."""

    def __init__(self, actor: Actor, practice: int, at: datetime, codes: CodeMap, loaded: Load) -> None:
        self.actor, self.practice, self.at, self.codes, self.loaded = actor, practice, at, codes, loaded
        self.by_name = {payer.name.casefold(): payer.id for payer in payers.every()}
        self.by_edi = {payer.edi_id: payer.id for payer in payers.every()}
        self.ids: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.new_visits = 0
        self.charges = 0
        self.ready = 0
        self.held: list[Held] = []
        self.held_count = 0

    def land(self) -> None:
        """Patients, coverages, visits, charges, claims, in this order."""
        self._patients()
        self._coverages()
        recorded = self._visits()
        self._charges(recorded)

    def _patients(self) -> None:
        drafts = [
            patients.PatientDraft(
                _person(one.who), one.mrn, one.phone, one.email if "@" in one.email else "", one.ssn,
                self.loaded.kind, one.key[:120],
            )
            for one in self.loaded.patients
        ]  # fmt: skip
        found = patient_services.register_many(actor=self.actor, practice=self.practice, drafts=drafts, at=self.at)
        for one, patient in zip(self.loaded.patients, found, strict=True):
            self.ids[one.key] = patient.id
            self.names[one.key] = patient.public_id
            self.ids.setdefault(f"mrn:{one.mrn}", patient.id)

    def _coverages(self) -> None:
        for cover in (*self.loaded.covers, *self._mapped_covers()):
            payer = self._payer(cover)
            if payer is None:
                self._reject_cover(cover, f"No payer of the register is called {cover.payer_name or cover.payer!r}.")
                continue
            try:
                patient_services.cover(
                    actor=self.actor, practice=self.practice, patient_id=self.ids[cover.patient],
                    draft=_cover_draft(cover, payer), at=self.at,
                )  # fmt: skip
            except Refused as no:
                self._reject_cover(cover, no.sentence)

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
        for name in (cover.payer, cover.payer_name):
            mapped = self.codes.payers.get(name.casefold(), name)
            found = self.by_edi.get(mapped) or self.by_name.get(mapped.casefold())
            if found:
                return found
        return None

    def _reject_cover(self, cover: CoverIn, words: str) -> None:
        """A coverage of the file that could not be used is accounted for as refused."""
        for index, item in enumerate(self.loaded.items):
            if cover.position and item.position == cover.position and item.kind == "Coverage":
                self.loaded.items[index] = replace(item, outcome=Outcome.REFUSED, words=words[:300])
                return
            if cover.position and item.position == cover.position:
                self.loaded.items[index] = replace(item, words=f"{item.words} Its coverage was refused: {words}"[:300])
                return

    def _visits(self) -> dict[str, Visit]:
        clinicians = {one.npi: one.id for one in providers.clinicians(self.practice)}
        only = next(iter(clinicians.values())) if len(clinicians) == 1 else None
        sites = providers.sites(self.practice, on=self.at.date())
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
        self._became(recorded.visits)
        return {one.key: visit for one, visit in zip(self.loaded.visits, recorded.visits, strict=True)}

    def _became(self, visits: Sequence[Visit]) -> None:
        by_position = {one.position: visit.public_id for one, visit in zip(self.loaded.visits, visits, strict=True)}
        for index, item in enumerate(self.loaded.items):
            is_patient = item.kind == "Patient"
            name = self.names.get(item.record_id, "") if is_patient else by_position.get(item.position, "")
            if name and item.outcome is Outcome.USED:
                self.loaded.items[index] = replace(item, became=name)

    def _charges(self, recorded: Mapping[str, Visit]) -> None:
        wanted = [one for one in self.loaded.visits if one.lines]
        drafts = [_visit_charges(recorded[one.key], one) for one in wanted]
        before = {charge.visit_id for charge in charge_queries.of_visits([d.visit_id for d in drafts])}
        fresh = [draft for draft in drafts if draft.visit_id not in before]
        captured = charges.capture(actor=self.actor, practice=self.practice, visits=fresh, at=self.at)
        self.charges = len(captured)
        ids = [draft.visit_id for draft in fresh]
        building.build(actor=self.actor, practice=self.practice, visit_ids=ids, at=self.at)
        known = [draft for draft in drafts if draft.visit_id in before]
        if known and not self.codes.is_empty:
            self._recode(known)
        if self.codes.delay_reason:
            self._delay([draft.visit_id for draft in drafts])
        self._hold_incomplete(wanted, recorded)
        self._count([recorded[one.key].id for one in wanted])

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
    return VisitCharges(visit.id, visit.patient_id, one.diagnoses, drafts, one.diagnosis_system)


def _charge(line: LineIn, diagnoses: int) -> ChargeDraft:
    """A charge at the source's amount; else at our price; else at what the source's total leaves for it."""
    pointers = tuple(pointer for pointer in line.pointers if 1 <= pointer <= max(diagnoses, 1)) or (1,)
    return ChargeDraft(
        line.code, line.service_on, line.modifiers, pointers, line.units,
        Money.rounded(line.amount) if line.amount is not None else None, line.left, code_system=line.system,
        source_id=line.key,
    )  # fmt: skip


def _record(loaded: Load, landing: _Landing, document: str, sha256: str, name: str, actor: Actor) -> IntakeRun:
    counts = Counter(item.outcome for item in loaded.items)
    run = IntakeRun.objects.create(
        practice_id=landing.practice, name=name[:200], kind=loaded.kind, document=document, sha256=sha256,
        code_map=landing.codes.name[:200], state=RunState.DONE, total=len(loaded.items), used=counts[Outcome.USED],
        kept=counts[Outcome.KEPT], refused=counts[Outcome.REFUSED], visits=landing.new_visits, charges=landing.charges,
        claims_ready=landing.ready, claims_held=landing.held_count, started_at=landing.at, finished_at=landing.at,
        actor_name=actor.name[:160], words="" if landing.new_visits else "Nothing new: it was taken in before.",
    )  # fmt: skip
    IntakeItem.objects.bulk_create(
        [
            IntakeItem(
                practice_id=landing.practice, run=run, position=item.position, kind=item.kind,
                record_id=item.record_id, outcome=item.outcome, words=item.words, became=item.became,
            )
            for item in loaded.items
        ],
        batch_size=2000,
    )  # fmt: skip
    return run


def told(run: IntakeRun, items: Sequence[Item] = (), held: Sequence[Held] = ()) -> Taken:
    """A run as it leaves the app."""
    return Taken(
        run.public_id, run.practice_id, run.name, run.kind, run.document, run.sha256, RunState(run.state), run.total,
        run.used, run.kept, run.refused, run.visits, run.charges, run.claims_ready, run.claims_held, run.words,
        tuple(items), tuple(held),
    )  # fmt: skip
