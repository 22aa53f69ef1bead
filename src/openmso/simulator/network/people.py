"""The patients of the demo and what they come for, by chance that depends only on the seed and the practice."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from openmso.kit.money import Money
from openmso.parties.contracts import Address
from openmso.patients.contracts import CoverageDraft, Order, PatientDraft, Person, Sex
from openmso.simulator.network.cast import FIRST_NAMES, LAST_NAMES, PAYERS, DemoPractice
from openmso.simulator.network.services_offered import BY_SPECIALTY, Encounter
from openmso.simulator.payer.profile import dice

PATIENTS_PER_WEEKLY_VISIT = 4
UNINSURED_PER_1000 = 15
MISSING_DIAGNOSIS_PER_1000 = 12
WRONG_UNITS_PER_1000 = 8


@dataclass(frozen=True, slots=True)
class DemoPatient:
    """A patient and their coverages, primary first; a few have none."""

    draft: PatientDraft
    coverages: tuple[CoverageDraft, ...]


def patients(plan: DemoPractice, payers: dict[str, int], *, seed: int) -> list[DemoPatient]:
    """The panel of a practice."""
    chance = dice(seed, "panel", plan.code)
    return [_patient(plan, payers, chance, number) for number in range(plan.visits_a_week * PATIENTS_PER_WEEKLY_VISIT)]


def _patient(plan: DemoPractice, payers: dict[str, int], chance: random.Random, number: int) -> DemoPatient:
    born = date(1936, 1, 1) + timedelta(days=chance.randrange(365 * 84))
    sex = chance.choice([Sex.FEMALE, Sex.MALE])
    street = f"{chance.randrange(1, 980)} {chance.choice(LAST_NAMES)} Street"
    person = Person(
        last_name=chance.choice(LAST_NAMES), first_name=chance.choice(FIRST_NAMES), born_on=born, sex=sex,
        address=Address(street, "", plan.city, plan.state, plan.zip[:5]),
    )  # fmt: skip
    draft = PatientDraft(
        person=person, mrn=f"{plan.code}{number:05d}", phone=f"207555{number % 10_000:04d}", source="demo",
        source_id=f"{plan.code}-{number:05d}",
    )  # fmt: skip
    if chance.randrange(1000) < UNINSURED_PER_1000:
        return DemoPatient(draft, ())
    return DemoPatient(draft, _coverages(plan, payers, chance, number, old=born < date(1961, 9, 1)))


VISION_EVERY = 4
"""Every so many patients of an eye doctor have a vision plan beside the medical one."""


def _coverages(
    plan: DemoPractice, payers: dict[str, int], chance: random.Random, number: int, *, old: bool
) -> tuple[CoverageDraft, ...]:
    profiles = [payer for payer in PAYERS if payer.name in plan.payers]
    medicare = [payer for payer in profiles if payer.kind == "medicare"]
    others = [payer for payer in profiles if payer.kind != "medicare"]
    first = medicare[0] if old and medicare else chance.choices(others, weights=range(len(others), 0, -1))[0]
    member = f"{first.payer_id[:2]}{number:06d}{plan.code[:2]}" if first.kind != "medicare" else mbi(plan.code, number)
    made = [_coverage(payers[first.name], first.copay, member, Order.PRIMARY)]
    if first.crossover_to and chance.randrange(1000) < 500:
        second = next(payer for payer in PAYERS if payer.name == first.crossover_to)
        made.append(_coverage(payers[second.name], second.copay, f"G{number:07d}", Order.SECONDARY))
    vision = next((payer for payer in profiles if payer.kind == "vision"), None)
    if vision is not None and first is not vision and number % VISION_EVERY == 0:
        made.append(_coverage(payers[vision.name], vision.copay, f"V{number:07d}", Order.PRIMARY))
    return tuple(made)


MBI = ("C", "A", "AN", "N", "A", "AN", "N", "A", "A", "N", "N")
"""What stands where in a Medicare Beneficiary Identifier: C 1 to 9, N 0 to 9, A a letter, AN a letter or number.

CMS, Understanding the Medicare Beneficiary Identifier (MBI) Format: all letters but S, L, O, I, B and Z.
"""
_DIGITS, _LETTERS = "0123456789", "ACDEFGHJKMNPQRTUVWXY"
MBI_CHARACTERS = {"C": _DIGITS[1:], "N": _DIGITS, "A": _LETTERS, "AN": _DIGITS + _LETTERS}


def mbi(*whose: object) -> str:
    """An invented member id of the form that CMS gives its own."""
    chance = dice("mbi", *whose)
    return "".join(chance.choice(MBI_CHARACTERS[kind]) for kind in MBI)


def _coverage(payer: int, copay: object, member: str, order: Order) -> CoverageDraft:
    return CoverageDraft(
        payer_id=payer, member_id=member, starts_on=date(2026, 1, 1), order=order, copay=Money.of(str(copay))
    )


@dataclass(frozen=True, slots=True)
class DemoVisit:
    """A visit that happened: who, with whom, when, what for; and what the front desk got wrong."""

    patient: int
    clinician: int
    on: date
    encounter: Encounter
    source_id: str
    diagnoses: tuple[str, ...]
    units_wrong: bool


def visits(plan: DemoPractice, day: date, *, seed: int) -> list[DemoVisit]:
    """The visits of one practice on one working day."""
    chance = dice(seed, "visits", plan.code, day)
    usual = plan.visits_a_week / 5
    found = []
    for number in range(max(1, round(usual * chance.choice([0.7, 0.9, 1.0, 1.1, 1.3])))):
        encounters = BY_SPECIALTY[plan.specialty]
        encounter = chance.choices(encounters, weights=[each.weight for each in encounters])[0]
        forgotten = chance.randrange(1000) < MISSING_DIAGNOSIS_PER_1000
        found.append(
            DemoVisit(
                patient=chance.randrange(plan.visits_a_week * PATIENTS_PER_WEEKLY_VISIT),
                clinician=chance.randrange(len(plan.clinicians)),
                on=day,
                encounter=encounter,
                source_id=f"{plan.code}-{day:%Y%m%d}-{number:03d}",
                diagnoses=() if forgotten else encounter.diagnoses,
                units_wrong=chance.randrange(1000) < WRONG_UNITS_PER_1000,
            )
        )
    return found
