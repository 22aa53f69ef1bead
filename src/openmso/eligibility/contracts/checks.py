"""Questions about coverage, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from openmso.eligibility.contracts.benefits import BenefitLine, Sheet
from openmso.eligibility.states import S, Verdict
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """A question about one patient on one day; without a coverage it is a visit that nobody is asked about."""

    patient_id: int
    coverage_id: int | None
    payer_id: int | None
    on: date
    visit_id: int | None = None
    service_types: tuple[str, ...] = ("30",)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check as the worklist shows it."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    patient: str
    payer: str
    on: date
    visit_on: date | None
    state: S
    verdict: Verdict
    words: str
    plan: str
    copay: Money | None
    deductible_left: Money | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Check:
    """A check as its page shows it."""

    row: CheckRow
    patient_id: str
    coverage: str
    """Public id of the coverage asked about; empty when there is none."""
    coverage_words: str
    service_types: tuple[str, ...]
    fix: str
    tries: int
    retry_at: datetime | None
    requested_at: datetime
    requested_by: str
    asked_at: datetime | None
    request_document: str
    answer_document: str
    sha256: str
    span: tuple[int, int]
    sheet: Sheet
    components: tuple[BenefitLine, ...] = ()
    """What the plan gives one of in so many months, or up to an amount, with the day from which it gives it again."""

    @property
    def at_the_desk(self) -> BenefitLine | None:
        """The line whose copay is taken at the visit."""
        return self.sheet.at_the_desk(self.service_types)


@dataclass(frozen=True, slots=True)
class Sent:
    """What asking did: how many were sent, and what became of them at once."""

    asked: int = 0
    answered: int = 0
    put_off: int = 0
    failed: int = 0
    documents: tuple[str, ...] = ()

    def plus(self, other: Sent) -> Sent:
        """Both together."""
        return Sent(
            self.asked + other.asked, self.answered + other.answered, self.put_off + other.put_off,
            self.failed + other.failed, (*self.documents, *other.documents),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of answers did."""

    document: str
    answered: int
    refused: int
    """Answers that are none: the payer asks for other data, or for another try."""
    unmatched: int
    """Answers to no question of this practice."""
    silent: int = 0
    """Questions of the file's inquiry that it says nothing about."""
    checks: tuple[str, ...] = field(default=())
