"""Payments: what they are judged by, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from openmso.compliance.contracts.exclusions import Exclusion
from openmso.compliance.contracts.register import Arrangement
from openmso.compliance.states import Outcome, Reason
from openmso.kit.errors import Refused
from openmso.kit.money import Money


class UnreadablePayments(Refused):
    """The file is not a payment run that can be judged; nothing of it was. `findings` name line and field."""

    code = "payments_unreadable"

    def __init__(self, findings: Iterable[str], fix: str = "Mend the file and send it again.") -> None:
        self.findings = tuple(findings)
        more = f" And {len(self.findings) - 1} more." if len(self.findings) > 1 else ""
        super().__init__(f"{self.findings[0]}{more}", field="file", fix=fix)


@dataclass(frozen=True, slots=True)
class Payment:
    """A line of a payment run: to whom, how much, for which days (both included), with what shows the work."""

    number: int
    payee: str
    amount: Money
    npi: str = ""
    ein: str = ""
    starts_on: date | None = None
    through: date | None = None
    hours: Decimal | None = None
    units: Decimal | None = None
    time_record: str = ""
    arrangement: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was released before under an arrangement: days (both included), hours, and the record that showed them."""

    arrangement: str
    starts_on: date
    through: date
    hours: Decimal | None
    said: str
    time_record: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A physician or source of referrals who has no arrangement of their own in the register: by name, NPI, EIN."""

    name: str
    what: str
    npi: str = ""
    ein: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """Who the MSO of a practice is, by name and EIN, and what the law says of a payment to it: each rule that stops it
    with its sentence."""

    names: tuple[str, ...] = ()
    eins: tuple[str, ...] = ()
    stops: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """All that payments of a practice are judged by: its arrangements, those of others in reach, known physicians.

    `earlier` is what was released before to the practice, and what was recorded elsewhere in reach.
    """

    practice: int
    arrangements: tuple[Arrangement, ...]
    known: tuple[Known, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    fee: Fee = Fee()
    excluded: tuple[Exclusion, ...] = ()
    """Those of the list of exclusions by whose NPI or name a payment may be to them, on the day and in the state."""
    words: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    """What was found out: by the name as it is compared and the mark of the exclusion, whether it is them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason why a payment is stopped, with what it found and the rule behind it."""

    reason: Reason
    words: str
    citation: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of a payment: its outcome, why it is stopped, and what is to be watched where it is not."""

    payment: Payment
    outcome: Outcome
    faults: tuple[Fault, ...] = ()
    arrangement: str = ""
    term: int | None = None
    expected: Money | None = None
    note: str = ""

    @property
    def reason(self) -> Reason | None:
        """The gravest reason."""
        return self.faults[0].reason if self.faults else None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a payment run as it was judged, and how compliance settled it where it was stopped."""

    public_id: str
    run: str
    practice: int
    practice_name: str
    judged_at: datetime
    payment: Payment
    outcome: Outcome
    faults: tuple[Fault, ...]
    arrangement: str
    arrangement_title: str
    term: int | None
    expected: Money | None
    note: str
    settled: str
    settled_by: str
    settled_at: datetime | None
    related: str = ""
    """What makes the payee related to somebody who acts for the practice or its MSO."""

    @property
    def reason(self) -> Reason | None:
        """The gravest reason."""
        return self.faults[0].reason if self.faults else None

    @property
    def says(self) -> str:
        """Why it is stopped, or what is to be watched, in words."""
        return " ".join(one.words for one in self.faults) or self.note


@dataclass(frozen=True, slots=True)
class RunRow:
    """A payment run: its file, and what came of its lines."""

    public_id: str
    practice: int
    practice_public_id: str
    practice_code: str
    practice_name: str
    document: str
    file_name: str
    judged_on: date
    judged_at: datetime
    judged_by: str
    count: int
    amount: Money
    released: int
    stopped: int
    stopped_amount: Money
    is_new: bool = True
    unsettled: int = 0
