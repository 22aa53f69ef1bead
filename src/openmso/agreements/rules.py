"""Judgement about agreements: what a line opens, whether terms make sense, what a step would do. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from openmso.agreements.contracts import (
    DENIED_BY_US,
    REWORKED,
    Agreement,
    Hours,
    InForce,
    Line,
    Mode,
    Promise,
    S,
    Side,
    Signer,
    Terms,
    Unit,
)
from openmso.agreements.faults import Change as Change
from openmso.agreements.faults import Fault as Fault
from openmso.agreements.fees import charging, naming, waterfall
from openmso.agreements.fees.sentences import sentence
from openmso.agreements.fees.terms import Flat, PerUnit
from openmso.agreements.tasks import rules as tasks
from openmso.kit.classes import PHI, DataClass
from openmso.kit.periods import DayRange, Month
from openmso.platform.access.registry import LINES

_BUSINESS = frozenset({DataClass.BUSINESS})
_CLAIM = frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
_DESK = frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC})
_PEOPLE = frozenset({DataClass.BUSINESS, DataClass.PERSONNEL, DataClass.IDENTITY_SECRET})

OPENS: Mapping[str, frozenset[DataClass]] = {
    "front_office": _CLAIM,
    "eligibility": _CLAIM,
    "coding_support": _CLAIM,
    "revenue_cycle": _CLAIM,
    "payment_posting": _CLAIM,
    "denials": _CLAIM,
    "patient_billing": _CLAIM,
    "accounting": _BUSINESS | {DataClass.IDENTITY_SECRET},
    "payroll": _PEOPLE,
    "purchasing": _BUSINESS,
    "it": _BUSINESS,
    "compliance": _BUSINESS | {DataClass.LEGAL},
    "credentialing": _PEOPLE,
    "scheduling": _DESK,
    "marketing": _BUSINESS,
    "analytics": _BUSINESS | {DataClass.CLINICAL},
}
"""The data classes each service line opens: the least that its work needs (45 CFR 164.502(b))."""

CLASS_WORDS: Mapping[DataClass, str] = {
    DataClass.PUBLIC: "what is public",
    DataClass.BUSINESS: "business",
    DataClass.PERSONNEL: "personnel",
    DataClass.IDENTITY_SECRET: "identity numbers, masked",
    DataClass.DEMOGRAPHIC: "who patients are",
    DataClass.CLINICAL: "clinical, for payment",
    DataClass.PROTECTED: "specially protected",
    DataClass.LEGAL: "legal and compliance",
}
"""The data classes as the matrix says them."""

RUN_OFF = ("revenue_cycle", "payment_posting", "denials", "patient_billing", "accounting")
"""The lines a wind-down may keep readable, so that what is already billed can be followed to its end."""

RESERVED: Mapping[str, str] = {
    "RD01": "Which diagnostic tests a condition needs",
    "RD02": "Whether to refer or consult",
    "RD03": "Care and treatment of a patient",
    "RD04": "Patients per period, hours and length of visits",
    "RD05": "Content, ownership and release of medical records",
    "RD06": "Hiring, firing and discipline of clinicians",
    "RD07": "Parameters of payer contracts",
    "RD08": "Clinical competence and how clinicians are paid",
    "RD09": "Coding and billing decisions",
    "RD10": "Choice of medical equipment and supplies",
    "RD11": "Clinical staffing levels",
    "RD12": "Clinical standards and policies",
    "RD13": "Prices, billing and collection policy",
    "RD14": "Advertising under another name",
    "RD15": "Shares, dividends and votes of the practice",
}
"""Decisions that stay with the practice (corporate practice of medicine; union of state lists), in our words."""

CLOCKS: Mapping[str, Decimal] = {
    "claims.sent": Decimal(20),
    "claims.held": Decimal(20),
    "claims.rejected": Decimal(10),
    "denials.first_touch": Decimal(100),
    "remittances.posted": Decimal(10),
    "remittances.unmatched": Decimal(20),
    "banking.unmatched": Decimal(20),
    "practice.answer": Decimal(4),
    "governance.proposal": Decimal(50),
    "agreements.law": Decimal(20),
}
"""Business hours of the house where an agreement promises none."""
CLOCK_DEFAULT = Decimal(30)

PROMISABLE: tuple[tuple[str, str, str], ...] = (
    ("revenue_cycle", "claims.sent", "Claims sent after a complete visit"),
    ("revenue_cycle", "claims.held", "First touch of a held claim"),
    ("revenue_cycle", "claims.rejected", "Rejected claims corrected"),
    ("denials", "denials.first_touch", "First touch of a denial"),
    ("payment_posting", "remittances.posted", "Remittance posted after receipt"),
    ("payment_posting", "remittances.unmatched", "Unmatched remittance resolved"),
    ("accounting", "banking.unmatched", "Deposit without a remittance resolved"),
    ("accounting", "settlement.answer", "Answer to a disputed invoice"),
    ("it", "practice.answer", "Answer to the practice"),
)
"""The promises of a clock that the draft form offers: line, kind and words. Terms may hold others."""
PROMISABLE_MOST: tuple[tuple[str, str, str, Unit], ...] = (
    ("denials", DENIED_BY_US, "Claims denied that the MSO could have kept from it, of claims sent", Unit.PERCENT),
    ("denials", REWORKED, "Denials that the MSO could have prevented, answered on average within", Unit.DAYS),
)
"""The promises of a figure that is not exceeded: line, kind, words, and what it is counted in."""
BPO_LINES_MOST = 6
"""More lines than these by the piece are told as unusual; a house's own figure, of no law."""
LENGTH_DAYS_MAX = 366 * 40
"""Filed agreements run up to forty years."""


def opens(line: Line) -> frozenset[DataClass]:
    """The data classes a line opens: its template, and what the agreement names beyond it."""
    return OPENS[line.code] | line.also_opens


def faults(terms: Terms) -> Iterator[Fault]:
    """Everything that keeps terms from being signed, first things first."""
    if terms.days.ends_on is not None and not 0 < (terms.days.days or 0) <= LENGTH_DAYS_MAX:
        yield Fault("ends_on", "The term ends after it starts and within forty years.", "Choose another last day.")
    if not terms.lines:
        yield Fault("lines", "No service line is in scope.", "Put at least one line in scope.")
    if terms.mso.entity == terms.practice.entity:
        yield Fault("practice_entity", "Both parties are the same legal entity.", "Choose the practice's entity.")
    if terms.hours.opens >= terms.hours.closes:
        yield Fault("closes", "The business day closes before it opens.", "Such as 08:00 to 18:00.")
    if terms.fee is None:
        yield Fault("fee", "The fee is not agreed yet.", "Enter the fee terms; a flat fee of 0.00 is a fee.")
    for code in sorted(set(terms.reserved) - set(RESERVED)):
        yield Fault("reserved", f"There is no reserved decision {code}.")
    if terms.quorum and min(terms.quorum.practice, terms.quorum.mso) < 1:
        yield Fault("quorum_practice", "A quorum needs seats of both classes: neither decides alone.")
    codes = [line.code for line in terms.lines]
    for line in terms.lines:
        if codes.count(line.code) > 1:
            yield Fault("lines", f"{LINES.get(line.code, line.code)} is in scope twice.", "Keep one of the two.")
        yield from _line_faults(line, terms)
    yield from tasks.faults(terms)
    yield from charging.faults(terms)
    yield from naming.faults(terms.fee)


def _line_faults(line: Line, terms: Terms) -> Iterator[Fault]:
    if line.code not in LINES:
        yield Fault("lines", f"There is no service line {line.code}.")
        return
    words = LINES[line.code]
    if line.days.meets(terms.days) is None:
        yield Fault("lines", f"{words} is in scope on no day of the term.", "Choose days within the term.")
    for promise in line.promises:
        if promise.clock_hours is not None and not 0 < promise.clock_hours <= 1000:
            yield Fault("lines", f"The clock of {promise.words!r} is no number of business hours.", "Give 1 to 1000.")
    kinds = [promise.kind for promise in line.promises]
    if len(set(kinds)) != len(kinds):
        yield Fault("lines", f"{words} promises the same thing twice.", "Keep one promise of a kind.")


def signer_faults(signers: Sequence[Signer]) -> Iterator[Fault]:
    """Both sides sign, each by name and title, nobody twice."""
    for side in Side:
        if not any(signer.side is side for signer in signers):
            yield Fault("signers", f"Nobody signs {side.within}.", "Name who signs.")
    for signer in signers:
        if not signer.name.strip() or not signer.title.strip():
            yield Fault("signers", "A signer has a name and a title.")
    if len({(signer.side, signer.name.strip().lower()) for signer in signers}) != len(signers):
        yield Fault("signers", "Somebody signed twice for the same side.")


def oddities(terms: Terms) -> Iterator[Fault]:
    """What may be signed and is unusual for how far the MSO goes: somebody should have meant it."""
    kinds = {type(one) for one in terms.fee.components} if terms.fee else set()
    if terms.mode is Mode.BPO and kinds - {PerUnit, Flat}:
        yield Fault("fee", "Tasks by the piece are priced by the piece, and this fee follows something else.",
                    "Give each task a unit price, so that an invoice counts what was done.")  # fmt: skip
    metered = [one for one in terms.fee.components if isinstance(one, PerUnit)] if terms.fee else []
    if terms.mode is Mode.BPO and not all(charging.serves(one) for one in metered):
        yield Fault("fee", "A price by the piece does not say which task it is for, so no invoice line can be held "
                    "against the scope.", 'Name the line or the task, as "for": "billing.send".')  # fmt: skip
    if terms.mode is Mode.BPO and len(terms.lines) > BPO_LINES_MOST:
        yield Fault("lines", f"Tasks by the piece with {len(terms.lines)} lines are management in all but name.",
                    "Choose third-party management, or fewer lines.")  # fmt: skip
    if terms.mode is not Mode.BPO and not terms.reserved:
        yield Fault("reserved", "No decision is reserved to the practice.", "List what its licensees decide.")


def standing(agreement: Agreement, on: date) -> InForce:
    """An agreement on a day, in a word."""
    if agreement.state is S.DRAFT:
        return InForce.DRAFT
    if agreement.state is S.WITHDRAWN:
        return InForce.WITHDRAWN
    if agreement.version_on(on) is not None:
        return InForce.ENDING if agreement.terminated_on is not None else InForce.NOW
    if agreement.terminated_on is not None and on >= agreement.terminated_on:
        winding = agreement.winds_down_until is not None and on < agreement.winds_down_until
        return InForce.WINDING_DOWN if winding else InForce.TERMINATED
    return InForce.AHEAD if agreement.versions and on < agreement.versions[0].starts_on else InForce.EXPIRED


def notice_by(terms: Terms) -> date | None:
    """The last day to say that the agreement shall not be renewed; none where it has no end or no renewal."""
    if terms.days.ends_on is None or not terms.renewal_months:
        return None
    return terms.days.ends_on - timedelta(days=terms.notice_days)


def renews_on(terms: Terms) -> date | None:
    """The day on which what nobody gave notice of is renewed: after the last day of notice, and before the end."""
    by, ends_on = notice_by(terms), terms.days.ends_on
    return None if by is None or ends_on is None else min(by + timedelta(days=1), ends_on - timedelta(days=1))


def renewed(terms: Terms) -> Terms:
    """The same terms for the next term: the lines that ran to the end of this one run to the end of that.

    A term of so many months ends on the same day of the month, or on its last where there is none.
    """
    ended = terms.days.ends_on
    assert ended is not None, "a term that ends"
    later = months_after(ended, terms.renewal_months)
    return replace(_running_to(terms, later), days=DayRange(terms.days.starts_on, later))


def _running_to(terms: Terms, later: date | None) -> Terms:
    """The same terms, where the lines and tasks that ran to the end of the term run to another day."""
    ended = terms.days.ends_on
    lines = tuple(
        replace(line, days=DayRange(line.days.starts_on, later)) if line.days.ends_on == ended else line
        for line in terms.lines
    )
    return replace(terms, lines=lines, tasks=tasks.longer(terms.tasks, ended, later))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    month = Month.of(day).plus(months)
    return min(month.last, month.first + timedelta(days=day.day - 1))


def days_of_line(line: Line, terms: Terms, holds: DayRange) -> DayRange | None:
    """The days on which a line is in scope: its own, within the term, while the version holds."""
    within = line.days.meets(terms.days)
    return within.meets(holds) if within is not None else None


def consequences(terms: Terms, *, starts_on: date, practice: str, has_baa: bool, amends: bool) -> list[str]:
    """What executing would do, in words, before anybody signs."""
    holds = DayRange(starts_on, None)
    lines = [line for line in terms.lines if days_of_line(line, terms, holds) is not None]
    patient = [LINES[line.code] for line in lines if opens(line) & PHI]
    said = [
        f"From {starts_on:%-d %B %Y} staff of {terms.mso.legal_name} who are assigned to {practice} may work on: "
        f"{', '.join(LINES[line.code] for line in lines)}."
    ]
    if amends:
        said.append("What the version before opened ends on that day; nothing stays open by oversight.")
    if patient and has_baa:
        said.append(f"Patient data opens for: {', '.join(patient)}.")
    elif patient:
        said.append(
            "No business associate agreement is in force: patient data stays closed until one is recorded "
            "(45 CFR 164.504(e))."
        )
    said.append("The signed document is stored by its SHA-256 and the version cannot be changed afterwards.")
    return said


def difference(before: Terms, after: Terms) -> list[Change]:
    """What one version says otherwise than another, in words.

    A line or task that ran to the end of the term and runs to the end of the other is no difference of its own.
    """

    def fee(terms: Terms) -> str:
        return sentence(terms.fee) if terms.fee is not None else "none"

    def payments(terms: Terms) -> str:
        return waterfall.sentence(terms.payments) if terms.payments is not None else "none"

    def shows(terms: Terms) -> str:
        return "; ".join(one.label for one in terms.shows) or "nothing of the MSO's finances"

    def quorum(terms: Terms) -> str:
        return terms.quorum.sentence if terms.quorum else "as the charter of a board says"

    pairs = [
        ("Mode", before.mode.label, after.mode.label),
        ("Term", _term(before.days), _term(after.days)),
        ("Fee", fee(before), fee(after)),
        ("Priority of payments", payments(before), payments(after)),
        ("For the MSO", before.mso.legal_name, after.mso.legal_name),
        ("For the practice", before.practice.legal_name, after.practice.legal_name),
        ("Business hours", _hours(before), _hours(after)),
        ("Reserved decisions", ", ".join(before.reserved) or "none", ", ".join(after.reserved) or "none"),
        ("Shown to the practice", shows(before), shows(after)),
        ("Quorum of joint boards", quorum(before), quorum(after)),
    ]
    codes = dict.fromkeys(line.code for line in (*before.lines, *after.lines))
    like = _running_to(before, after.days.ends_on)
    for code in codes:
        same, new = _beside(code, like, after)
        pairs.append((LINES.get(code, code), *(_beside(code, before, after) if same != new else (new, new))))
    changed = [Change(what, old, new) for what, old, new in pairs if old != new]
    return [*changed, *tasks.difference(before, after, like)]


def _beside(code: str, before: Terms, after: Terms) -> tuple[str, str]:
    """A line as each version has it, in like units: a clock in business days where it comes to whole ones in both."""
    clocks: dict[str, list[bool]] = {}
    for terms in (before, after):
        for promise in line.promises if (line := terms.line(code)) else ():
            clocks.setdefault(promise.kind, []).append(terms.hours.whole_days(promise.clock_hours or Decimal(0)))
    alike = before.hours.a_day == after.hours.a_day
    in_days = {kind for kind, whole in clocks.items() if alike and all(whole)}
    return (
        _line_words(before.line(code), before.hours, in_days), _line_words(after.line(code), after.hours, in_days)
    )  # fmt: skip


def _line_words(line: Line | None, hours: Hours, in_days: Collection[str]) -> str:
    if line is None:
        return "not in scope"
    promises = [promised(promise, hours, in_days=promise.kind in in_days) for promise in line.promises]
    approval = line.approval and f"the practice approves {line.approval}"
    parts = (line.done_by.label, _term(line.days), approval, *promises)
    return "; ".join(part for part in parts if part)


def promised(promise: Promise, hours: Hours, *, in_days: bool | None = None) -> str:
    """A promise in words with its limit; a clock in business days where it may be, or as it is asked for."""
    if promise.clock_hours is not None:
        return f"{promise.words}: {hours.words(promise.clock_hours, in_days=in_days)}"
    return f"{promise.words}: {'at least' if promise.at_least else 'at most'} {promise.target} {promise.unit.label}"


def _term(days: DayRange) -> str:
    last = f"to {days.ends_on - timedelta(days=1):%-d %b %Y}" if days.ends_on else "without an end"
    return f"{days.starts_on:%-d %b %Y} {last}"


def _hours(terms: Terms) -> str:
    return f"{terms.hours.opens:%H:%M} to {terms.hours.closes:%H:%M}"
