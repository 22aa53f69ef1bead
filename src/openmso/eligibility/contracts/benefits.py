"""What a payer says of a plan: the benefit sheet, and what covers a patient."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.eligibility.states import S, Verdict
from openmso.kit.money import Money
from openmso.patients.contracts import Order, PlanKind


@dataclass(frozen=True, slots=True)
class OtherPayer:
    """Somebody besides the payer asked, whom the answer names."""

    name: str
    payer_id: str = ""
    role: str = ""
    """In words."""
    member_id: str = ""
    group: str = ""
    plan: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    phone: str = ""
    services: str = ""
    is_real: bool = False
    """Whether it stands behind the plan: it, and not the payer that was asked, takes the claims."""


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """What the plan says of one kind of service, in or out of its network."""

    service: str
    """Service type code; the empty text for the plan as a whole."""
    words: str
    network: str
    """`in`, `out`, or the empty text where it makes no difference or is not said."""
    is_covered: bool | None = None
    copay: Money | None = None
    coinsurance: Decimal | None = None
    """The patient's share of a hundred."""
    deductible: Money | None = None
    deductible_left: Money | None = None
    out_of_pocket: Money | None = None
    out_of_pocket_left: Money | None = None
    family_deductible_left: Money | None = None
    family_out_of_pocket_left: Money | None = None
    limits: tuple[str, ...] = ()
    allowance: Money | None = None
    """What the plan pays of it at most."""
    months: int | None = None
    """One of it in so many months."""
    next_on: date | None = None
    """From when the payer gives it again."""
    is_counted: bool = False
    """The payer does not say from when: it is counted from what was done here last."""
    needs_authorization: bool = False

    @property
    def deductible_met(self) -> Money | None:
        """What counts towards the deductible already."""
        if self.deductible is None or self.deductible_left is None:
            return None
        return self.deductible - self.deductible_left


@dataclass(frozen=True, slots=True)
class Sheet:
    """The benefits of one answer, as a person at the desk reads them."""

    verdict: Verdict
    plan: str = ""
    insurance_type: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    lines: tuple[BenefitLine, ...] = ()
    others: tuple[OtherPayer, ...] = ()
    primary_care: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()

    @property
    def components(self) -> tuple[BenefitLine, ...]:
        """What the plan gives one of in so many months, or up to an amount: an eye examination, lenses, frames."""
        return tuple(one for one in self.lines if one.months is not None or one.allowance is not None)

    def at_the_desk(self, asked: Collection[str]) -> BenefitLine | None:
        """The line whose copay is taken at a visit: of the eyes where they were asked about, else of an office visit.

        What is nearest to it comes first, in network before it is not said.
        """
        wanted = ("AN", "AL", "30", "") if "AL" in asked else ("98", "BY", "1", "30", "")
        rank = {"in": 0, "": 1}
        found = [one for one in self.lines if one.copay is not None and one.service in wanted and one.network in rank]
        return min(found, key=lambda one: (wanted.index(one.service), rank[one.network]), default=None)

    @property
    def told(self) -> frozenset[str]:
        """Of what the lines say anything: the columns that are worth showing."""
        names = BenefitLine.__dataclass_fields__
        return frozenset(
            name for one in self.lines for name in names if getattr(one, name) not in (None, (), "")
        )  # fmt: skip

    def line(self, *services: str) -> BenefitLine | None:
        """The first line of one of the services, in network before it is not said before out of it."""
        rank = {"in": 0, "": 1, "out": 2}
        for service in services:
            found = [one for one in self.lines if one.service == service]
            if found:
                return min(found, key=lambda one: rank[one.network])
        return None


@dataclass(frozen=True, slots=True)
class CoverRow:
    """A coverage of a patient, with what its payer said last; `components` have their frequency and next day."""

    public_id: str
    kind: PlanKind
    order: Order
    payer: str
    plan: str
    member_id: str
    starts_on: date
    ends_on: date | None
    holds: bool
    copay: Money
    verdict: Verdict
    check: str
    """Public id of the last answered check; empty when there is none."""
    answered_at: datetime | None
    says_copay: Money | None = None
    """By the payer's last answer; `copay` is what the card says."""
    components: tuple[BenefitLine, ...] = ()
    open_check: str = ""
    """Public id of the last check that has no answer, where it is later than the last answer."""
    open_state: S | None = None


@dataclass(frozen=True, slots=True)
class PatientCovers:
    """What covers a patient, now and before, by kind of plan and in order."""

    patient: str
    name: str
    practice: int
    covers: tuple[CoverRow, ...]
