"""Questions about what covers a patient: every coverage with what its payer said last."""

from __future__ import annotations

from datetime import date

from openmso.eligibility import registry
from openmso.eligibility.contracts import CoverRow, PatientCovers
from openmso.eligibility.queries import checks
from openmso.eligibility.rules import frequency
from openmso.eligibility.states import Verdict
from openmso.parties.queries import payers
from openmso.patients import queries as patients


def of_patient(patient: str, *, on: date) -> PatientCovers:
    """The coverages of a patient: those that hold on a day first, medical before vision, in order; `NotFound`."""
    found = patients.get(patient)
    held = patients.coverages_of([found.id]).get(found.id, ())
    keys, paying = [one.id for one in held], payers.names()
    answers, waiting = checks.latest_of(keys), checks.unanswered(keys)
    rows = []
    for one in sorted(held, key=lambda cover: (not cover.holds_on(on), cover.kind)):
        answer = answers.get(one.id)
        sheet = checks.latest_sheet(one.id) if answer and one.holds_on(on) else None
        rows.append(
            CoverRow(
                one.public_id, one.kind, one.order, paying.get(one.payer_id, ""),
                (answer.plan if answer else "") or one.plan_name, one.member_id, one.starts_on, one.ends_on,
                one.holds_on(on), one.copay, answer.verdict if answer else Verdict.NONE,
                answer.public_id if answer else "", answer.answered_at if answer else None,
                answer.copay if answer else None,
                frequency.counted(sheet.components, registry.served(found.id, one.payer_id)) if sheet else (),
                *waiting.get(one.id, ("", None)),
            )
        )  # fmt: skip
    return PatientCovers(found.public_id, found.name, found.practice, tuple(rows))
