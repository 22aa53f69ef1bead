"""A practice with a system of its own: it sends its walk-in visits as CSV, and what its clinic recorded as FHIR.

What real systems send is never all good: a row has a day that is none, the clinic's codes are no billing codes.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

from openmso.simulator.network.cast import FIRST_NAMES, LAST_NAMES, PAYERS, DemoPractice
from openmso.simulator.network.services_offered import BY_SPECIALTY
from openmso.simulator.payer.profile import dice

WALK_INS = 8
COLUMNS = (
    "visit_id service_date mrn last_name first_name birth_date sex address1 city state zip payer_id member_id "
    "clinician_npi diagnoses code units"
).split()
SNOMED = "http://snomed.info/sct"


def walk_ins(plan: DemoPractice, day: date, *, seed: int) -> bytes:
    """A CSV of visits of a day by people who were never there before; the last row's day is none."""
    chance = dice(seed, "walk-ins", plan.code, day)
    payer = next(one for one in PAYERS if one.name == plan.payers[-1])
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for number in range(1, WALK_INS + 1):
        encounter = BY_SPECIALTY[plan.specialty][0]
        born = date(1965, 1, 1) + timedelta(days=chance.randrange(12_000))
        rows.writerow([
            f"W{day:%m%d}-{number}", day if number < WALK_INS else f"{day:%Y-%m}-32", f"W{number:04d}",
            chance.choice(LAST_NAMES), chance.choice(FIRST_NAMES), born, chance.choice("FM"),
            f"{number} Harbor Street", plan.city, plan.state, plan.zip[:5], payer.payer_id, f"W{day:%m%d}{number:05d}",
            plan.clinicians[0].npi, " ".join(encounter.diagnoses), encounter.services[0].code, 1,
        ])  # fmt: skip
    return text.getvalue().encode()


def clinic(plan: DemoPractice, day: date) -> bytes:
    """A FHIR bundle of one encounter as a clinic records it: SNOMED CT codes, no coverage, an observation."""
    person = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1979-05-06",
              "name": [{"use": "official", "family": "Marlow", "given": ["Iris"]}],
              "address": [{"line": ["4 Cove Road"], "city": plan.city, "state": plan.state, "postalCode": plan.zip}],
    }  # fmt: skip
    subject, encounter = {"reference": "Patient/p1"}, {"reference": "Encounter/e1"}
    visit = {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"},
             "subject": subject, "period": {"start": f"{day}T15:00:00Z"}}  # fmt: skip
    condition = {"resourceType": "Condition", "id": "c1", "subject": subject, "encounter": encounter,
                 "code": _coded("38341003"), "recordedDate": f"{day}"}  # fmt: skip
    procedure = {"resourceType": "Procedure", "id": "r1", "status": "completed", "subject": subject,
                 "encounter": encounter, "code": _coded("185349003"), "performedDateTime": f"{day}"}  # fmt: skip
    observation = {"resourceType": "Observation", "id": "o1", "status": "final", "subject": subject}
    entries = [{"resource": one} for one in (person, visit, condition, procedure, observation)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def _coded(code: str) -> dict[str, object]:
    return {"coding": [{"system": SNOMED, "code": code}]}
