"""Statement and invoice as plain judgement: the month's totals in, rows of words and figures out; what may be disputed.

Every row keeps the selection of ledger lines that gave its figure. Sections: `in` what came in, `fee` how the fee
came about (its steps are rows without a selection of their own), `back` rebates passed on, `keep` what is left, `owed`
what is still owed.
In every section the amounts add up to its total; what a step only looked at stands beside them as a `part`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, product
from string import ascii_lowercase

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.kit.words import counted, grouped
from openmso.ledger.contracts import Accounts, Basis, Selection, Total
from openmso.settlement.contracts import DisputeRow, FeeStep, Row, Settlement
from openmso.settlement.contracts.rebates import RebateShare
from openmso.settlement.states import HEARD, HELD, MOVES, D, S

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


def rows(
    figures: Figures, steps: Sequence[FeeStep], fee: Money, sentence: str, *, said: Mapping[str, str] | None = None,
    rebates: Sequence[RebateShare] = (),
) -> tuple[Row, ...]:  # fmt: skip
    """All rows of a statement, numbered; `said` is what stands beside the steps that use a figure, by its name."""
    made = [
        *_came_in(figures), *_fee(steps, fee, sentence, said or {}), *_rebates(rebates),
        *_kept(figures, fee, rebates), *_owed(figures),
    ]  # fmt: skip
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
ADDED = frozenset({"component", "credit", "true_up"})


def _fee(steps: Sequence[FeeStep], fee: Money, sentence: str, said: Mapping[str, str]) -> Iterator[Row]:
    letters = map("".join, chain(product(ascii_lowercase), product(ascii_lowercase, repeat=2)))
    for step in steps:
        adds = step.kind in ADDED or bool(step.effect)
        note = "; ".join(filter(None, (reckoned(step), *(said[name] for name in step.uses if name in said))))
        row = Row(0, "fee", _within(step.label, 200), _within(note, 400), step=next(letters, ""))
        yield replace(row, amount=step.effect) if adds else replace(row, part=step.amount)
    yield Row(0, "fee", "Our fee", _within(sentence, 400), fee, total=True)


def _within(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


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


def _rebates(shares: Sequence[RebateShare]) -> Iterator[Row]:
    for share in shares:
        yield Row(
            0, "back", f"Rebate of {share.vendor}", f"{share.what}, {share.period}: {share.formula}", share.amount
        )
    if shares:
        yield Row(0, "back", "Credited on this invoice", "", Money.total(one.amount for one in shares), total=True)


def _kept(figures: Figures, fee: Money, rebates: Sequence[RebateShare]) -> Iterator[Row]:
    passed_on = Money.total(one.amount for one in rebates)
    yield _row(figures, "collected", "keep", "Collected")
    yield Row(0, "keep", "Our fee", "", -fee)
    if rebates:
        yield Row(0, "keep", "Rebates passed on to you", "", passed_on)
    left = figures.collected - fee + passed_on
    yield Row(0, "keep", "Yours after our fee", "Before your own bills and payroll", left, total=True)


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
    for section in ("in", "fee", "back", "keep", "owed"):
        rows = [row for row in made if row.section == section]
        parts = Money.total(row.amount or ZERO for row in rows if not row.total)
        whole = Money.total(row.amount or ZERO for row in rows if row.total)
        if parts != whole:
            return False
    return True


def why_not(state: S, to: S, *, invoice: str = "The invoice") -> str:
    """Why a settlement cannot become something now, in words; empty when it can."""
    if to in MOVES[state] and (state, to) != (S.PAID, S.APPROVED):
        return ""
    return {
        (S.ISSUED, S.PAID): f"{invoice} waits for the practice's approval; it is paid after that.",
        (S.APPROVED, S.APPROVED): f"{invoice} is approved already.",
        (S.PAID, S.APPROVED): f"{invoice} is approved and paid.",
        (S.PAID, S.PAID): f"{invoice} is paid already.",
        (S.WITHDRAWN, S.WITHDRAWN): f"{invoice} is withdrawn already.",
    }.get((state, to), f"{invoice} was withdrawn; the month is settled anew by another invoice.")


def why_not_pay(one: Settlement) -> str:
    """Why a payment cannot be recorded now, in words; empty when it can."""
    if no := why_not(one.state, S.PAID, invoice=f"Invoice {one.invoice}"):
        return no
    if one.disputed and not one.due:
        return (
            f"All that is left of invoice {one.invoice}, {one.disputed}, is disputed; it is paid when that is settled."
        )
    return ""


# ---- disputes -------------------------------------------------------------------------------------------------

CONTESTED = frozenset({"in", "fee"})
"""The sections of a statement whose rows make the invoice: the figures it was reckoned from, and its steps."""
CURE_DAYS: Mapping[D, int] = {D.OPEN: 30, D.BOARD: 30, D.MEDIATION: 30, D.ARBITRATION: 30, D.ANSWERED: 10}
"""Business days until whoever has the word is to say it, where the agreement promises nothing else: thirty to cure,
as filed agreements have it, and ten, as for a default of payment, to accept an answer or to take it further."""


def may_be_disputed(one: Settlement, row: Row, *, contested: Money = ZERO) -> Money:
    """The most of a row that can be disputed: its own amount, and never more than is still due of the invoice.

    Where nothing is due, never more than was paid of it and is not `contested` already.
    """
    most = one.due if one.due > ZERO else one.paid + min(one.due, ZERO) - contested
    own = row.amount if row.section == "fee" and row.amount is not None and row.amount > ZERO else most
    return max(min(own, most), ZERO)


def why_not_dispute(one: Settlement, row: Row, *, before: str = "", contested: Money = ZERO) -> str:
    """Why a row cannot be disputed, in words; `before` is the dispute that it is or was in. Empty when it can."""
    if row.section not in CONTESTED:
        return "This row is no part of the invoice; dispute one of what came in, or of the fee."
    if before:
        return f"This row was disputed before, in {before}."
    if one.state is S.WITHDRAWN:
        return f"Invoice {one.invoice} was withdrawn."
    if row.section == "fee" and row.amount is not None and row.amount <= ZERO:
        return "This row takes nothing; what it lowers cannot be disputed by it."
    if may_be_disputed(one, row, contested=contested) <= ZERO:
        return f"Nothing of invoice {one.invoice} is due, or paid, that is not contested."
    return ""


def why_not_amount(amount: Money, most: Money) -> str:
    """Why an amount cannot be disputed, of what can be at most; empty when it can."""
    if amount <= ZERO:
        return "The amount is above zero."
    return f"No more than {most} of it can be disputed." if amount > most else ""


def why_not_outcome(row: DisputeRow, credited: Money, *, papers: int) -> str:
    """Why an outcome cannot be recorded, in words; empty when it can. Nothing credited is a rejection.

    Of an arbitrator's award, which is final, the paper is asked for.
    """
    if row.state not in HEARD:
        return f"{row.public_id} does not wait for an outcome: {row.state.label.lower()}."
    if credited < ZERO or credited > row.contested:
        return f"Between 0.00 and {row.contested} can be credited: that is what is still disputed."
    if row.state is D.ARBITRATION and not papers:
        return "An award is final, and both books follow it: bring its paper."
    return ""


def after(row: DisputeRow, credited: Money) -> D:
    """What an outcome makes of a dispute: settled where nothing is left to contest, else the practice has the word.

    Of an award, too: the MSO records what was decided, and the practice says whether it was.
    """
    return D.SETTLED if credited == row.contested else D.ANSWERED


def further(row: DisputeRow, *, by_mso: bool = False) -> tuple[D, ...]:
    """The stages to which a dispute can go after the one that heard it last or has it now, in their order.

    In place of an answer the MSO chooses the joint board alone. From an award that was recorded the practice goes back
    to arbitration, where it was not what was decided; there is nothing later.
    """
    stage = row.state if row.state in HEARD else row.stage
    if row.state is D.ANSWERED and stage is D.ARBITRATION:
        return () if by_mso else (D.ARBITRATION,)
    later = HEARD[HEARD.index(stage) + 1 :]
    return later[:1] if by_mso and row.state is D.OPEN else later


def ran_out(row: DisputeRow, today: date) -> bool:
    """Whether the days of whoever has the word are over."""
    return row.due_on is not None and row.due_on < today


def why_not_take_further(row: DisputeRow, today: date, *, by_mso: bool = False) -> str:
    """Why a dispute cannot be taken to any later stage now, in words; empty when it can.

    After an answer it can, and where a stage let its days go by without one.
    """
    if row.state not in HELD:
        return f"{row.public_id} is over: {row.state.label.lower()}."
    if row.state is not D.ANSWERED and not ran_out(row, today):
        return f"An answer is awaited until {row.due_on:%-d %B %Y}; the dispute can be taken further after that."
    return "" if further(row, by_mso=by_mso) else "There is no later stage than arbitration."


def why_not_refer(row: DisputeRow, today: date) -> str:
    """Why the MSO cannot take a dispute to any later stage now, in words; empty when it can.

    To the board instead of an answer of its own; after one, and where a stage let its days go by, by the same clocks.
    """
    return "" if row.state is D.OPEN else why_not_take_further(row, today, by_mso=True)


def why_not_to(row: DisputeRow, to: D, today: date, *, by_mso: bool = False) -> str:
    """Why a dispute cannot be taken to one stage, in words; empty when it can."""
    if no := (why_not_refer if by_mso else why_not_take_further)(row, today):
        return no
    if to in further(row, by_mso=by_mso):
        return ""
    if by_mso and row.state is D.OPEN and to in HEARD:
        return "Answer it first, or lay it before the joint board: nobody was heard yet."
    return f"{row.public_id} was heard there, or later, already."


def why_not_take_back(row: DisputeRow) -> str:
    """Why a dispute cannot be taken back, in words; empty when it can."""
    if row.state is D.ANSWERED:
        return f"{row.public_id} is answered: accept the answer, or take it further."
    return "" if row.state in HEARD else f"{row.public_id} is over: {row.state.label.lower()}."


def why_not_accept(row: DisputeRow) -> str:
    """Why there is nothing to accept, in words; empty when there is."""
    return "" if row.state is D.ANSWERED else f"There is no answer to accept: {row.state.label.lower()}."


def owed_back_since(owed: Money, won: Sequence[tuple[date, Money]]) -> date:
    """The day since which any of what is owed back is, of the days and amounts that were won, the earliest first.

    What was paid back was paid of the earliest.
    """
    for day, amount in reversed(won):
        owed -= amount
        if owed <= ZERO:
            return day
    return won[0][0]


def lapses(row: DisputeRow, today: date) -> bool:
    """Whether an answer stands because the practice let its days go by."""
    return row.state is D.ANSWERED and ran_out(row, today)
