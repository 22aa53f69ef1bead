"""The statement as plain judgement: the month's totals in, rows of words and figures out.

Every row keeps the selection of ledger lines that gave its figure. Sections: `in` what came in, `fee` how the fee
came about (its steps are rows without a selection of their own), `keep` what is left, `owed` what is still owed.
In every section the amounts add up to its total; what a step only looked at stands beside them as a `part`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from openmso.agreements.contracts import Version
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.kit.words import counted, grouped
from openmso.ledger.contracts import Accounts, Basis, Selection, Total
from openmso.settlement.contracts import FeeStep, Row
from openmso.settlement.states import MOVES, S

PAYMENTS = ("remittances.payment", "remittances.match", "billing.overpayment")
PROVIDER_LEVEL = ("remittances.adjustment",)
PATIENTS = ("billing.payment", "billing.refund")
COLLECTING = PAYMENTS + PROVIDER_LEVEL + PATIENTS
CHARGES = ("claims.claim", "claims.charge")
CASH = (Accounts.CASH_CLEARING, Accounts.PATIENT_RECEIPTS, Accounts.OPERATING_CASH)
GIVEN_UP = (Accounts.OTHER_ADJUSTMENTS, Accounts.BAD_DEBT, Accounts.CHARITY_CARE)
RECEIVABLE = (Accounts.AR_INSURANCE, Accounts.AR_PATIENT)
ACCRUED = (Basis.COMMON, Basis.ACCRUAL)


def selections(entity: int, month: Month) -> dict[str, Selection]:
    """The selections that a month's statement asks the ledger for, by name."""
    starts_on, ends_on = month.range.starts_on, month.plus(1).first

    def within(accounts: tuple[str, ...], bases: tuple[Basis, ...], **more: tuple[str, ...] | str) -> Selection:
        return Selection(entity, accounts, bases, ends_on, starts_on, **more)  # type: ignore[arg-type]

    def standing(day: date) -> Selection:
        return Selection(entity, RECEIVABLE, ACCRUED, day)

    common, accrual = (Basis.COMMON,), (Basis.ACCRUAL,)
    return {
        "collected": within(CASH, common, kinds=COLLECTING),
        "paid": within(CASH, common, kinds=PAYMENTS, side="debit"),
        "taken_back": within(CASH, common, kinds=PAYMENTS, side="credit"),
        "provider_level": within(CASH, common, kinds=PROVIDER_LEVEL),
        "patients": within(CASH, common, kinds=PATIENTS),
        "owed_before": standing(starts_on),
        "charged": within(RECEIVABLE, ACCRUED, kinds=CHARGES),
        "earned": within((Accounts.PATIENT_REVENUE,), accrual, kinds=PAYMENTS + PATIENTS),
        "contractual": within((Accounts.CONTRACTUAL_ADJUSTMENTS,), ACCRUED),
        "other": within(GIVEN_UP, ACCRUED),
        "elsewhere": within(RECEIVABLE, ACCRUED, but=CHARGES + PAYMENTS + PATIENTS),
        "owed_after": standing(ends_on),
    }


def agreed_in(held: Sequence[tuple[Version, DayRange]], month: Month) -> tuple[Version, DayRange] | None:
    """Of versions and their days, the one whose fee holds in a month, and on which of its days.

    The last one, when it was amended inside; nothing where none with a fee holds.
    """
    days = [(version, holds.meets(month.range)) for version, holds in held if version.terms.fee]
    within = [(version, some) for version, some in days if some is not None]
    return (within[-1][0], DayRange(within[0][1].starts_on, within[-1][1].ends_on)) if within else None


@dataclass(frozen=True, slots=True)
class Figures:
    """A month's selections and what each adds up to."""

    month: Month
    selections: dict[str, Selection]
    totals: dict[str, Total]

    @property
    def collected(self) -> Money:
        """What came in, less what was taken back."""
        return self.totals["collected"].net


def rows(figures: Figures, steps: Sequence[FeeStep], fee: Money, sentence: str) -> tuple[Row, ...]:
    """All rows of a statement, numbered."""
    made = [*_came_in(figures), *_fee(steps, fee, sentence), *_kept(figures, fee), *_owed(figures)]
    return tuple(replace(row, number=number) for number, row in enumerate(made, start=1))


def _row(figures: Figures, name: str, section: str, label: str, *, sign: int = 1, note: str = "") -> Row:
    net = figures.totals[name].net
    amount = net if sign > 0 else -net
    return Row(0, section, label, note, amount, selection=figures.selections[name].as_json(), sign=sign)


def _came_in(figures: Figures) -> Iterator[Row]:
    paid, back = figures.totals["paid"], figures.totals["taken_back"]
    yield _row(figures, "paid", "in", "Insurers paid", note=counted(paid.sources, "payment"))
    if back.lines:
        yield _row(figures, "taken_back", "in", "Insurers took back", note=counted(back.sources, "earlier payment"))
    if figures.totals["provider_level"].lines:
        note = "Interest, balances carried forward and recoveries that are not about one claim"
        yield _row(figures, "provider_level", "in", "Adjusted outside of claims", note=note)
    if figures.totals["patients"].lines:
        yield _row(figures, "patients", "in", "Patients paid", note="Less what was paid back to them")
    yield replace(_row(figures, "collected", "in", "Collected"), total=True)


LIMITS = frozenset({"minimum", "cap", "fmv_cap"})
ADDED = frozenset({"component", "credit"})


def _fee(steps: Sequence[FeeStep], fee: Money, sentence: str) -> Iterator[Row]:
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    for step in steps:
        adds = step.kind in ADDED or bool(step.effect)
        row = Row(0, "fee", step.label, reckoned(step), step=next(letters, ""))
        yield replace(row, amount=step.effect) if adds else replace(row, part=step.amount)
    yield Row(0, "fee", "Our fee", sentence, fee, total=True)


def reckoned(step: FeeStep) -> str:
    """How a step came to its figure, in a line: `11,443.01 × 6.5% = 743.79565, rounded to the cent`; where it is the
    figure itself, nothing."""
    if step.kind in LIMITS and not step.effect:
        return "Did not apply"
    if step.formula == f"{step.amount.amount:,.2f}":
        return ""
    if step.rounding != "exact":
        return f"{step.formula} = {grouped(step.exact)}, rounded to the cent"
    return step.formula


def _kept(figures: Figures, fee: Money) -> Iterator[Row]:
    yield _row(figures, "collected", "keep", "Collected")
    yield Row(0, "keep", "Our fee", "", -fee)
    yield Row(
        0, "keep", "Yours after our fee", "Before your own bills and payroll", figures.collected - fee, total=True
    )


def _owed(figures: Figures) -> Iterator[Row]:
    first, last = figures.month.first, figures.month.last
    yield _row(figures, "owed_before", "owed", f"On {first:%-d %B}, before the month began")
    charged = figures.totals["charged"]
    yield _row(figures, "charged", "owed", "New charges", note=counted(charged.sources, "claim"))
    yield _row(figures, "earned", "owed", "Collected on claims", sign=-1)
    yield _row(figures, "contractual", "owed", "Reduced to contract rates", sign=-1)
    if figures.totals["other"].lines:
        yield _row(figures, "other", "owed", "Otherwise adjusted", sign=-1)
    rest = _difference(figures)
    if rest:
        note = "Movements of receivables that are neither charges nor payments"
        yield replace(_row(figures, "elsewhere", "owed", "Other movements", note=note), amount=rest)
    yield replace(_row(figures, "owed_after", "owed", f"On {last:%-d %B}"), total=True)


def _difference(figures: Figures) -> Money:
    """What the named rows leave unexplained of the change; zero on sound books without other movements."""
    net = {name: total.net for name, total in figures.totals.items()}
    named = net["owed_before"] + net["charged"] - net["earned"] - net["contractual"] - net["other"]
    return net["owed_after"] - named


def adds_up(made: Sequence[Row]) -> bool:
    """Whether the amounts of every section add up to its total, and the fee is the same wherever it stands."""
    for section in ("in", "fee", "keep", "owed"):
        rows = [row for row in made if row.section == section]
        parts = Money.total(row.amount or ZERO for row in rows if not row.total)
        whole = Money.total(row.amount or ZERO for row in rows if row.total)
        if parts != whole:
            return False
    return True


def why_not(state: S, to: S, *, invoice: str = "The invoice") -> str:
    """Why a settlement cannot become something now, in words; empty when it can."""
    if to in MOVES[state]:
        return ""
    return {
        (S.ISSUED, S.PAID): f"{invoice} waits for the practice's approval; it is paid after that.",
        (S.APPROVED, S.APPROVED): f"{invoice} is approved already.",
        (S.PAID, S.APPROVED): f"{invoice} is approved and paid.",
        (S.PAID, S.PAID): f"{invoice} is paid already.",
        (S.WITHDRAWN, S.WITHDRAWN): f"{invoice} is withdrawn already.",
    }.get((state, to), f"{invoice} was withdrawn; the month is settled anew by another invoice.")
