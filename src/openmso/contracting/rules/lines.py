"""Pricing the lines of one patient, clinician and day: the fee, the modifiers, the multiple procedures.

The fee is the published amount, in cents. Percentages are applied to it exactly, and the line is rounded once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext

from openmso.contracting.rules import multiple
from openmso.contracting.rules.items import Item, Line, Priced, Session, Step
from openmso.contracting.rules.mpfs import PRECISION, Book, Row, Setting, setting_of, why_not_paid
from openmso.contracting.rules.policy import MEDICARE, Policy
from openmso.kit.money import Money

PACKAGE_DAYS = {"010": 10, "090": 90}
ASSISTANTS = ("80", "81", "82")


class _CannotTell(Exception):
    """No amount can be expected; the message is the sentence."""


def price(lines: Iterable[Line], book: Book, policy: Policy = MEDICARE) -> dict[int, Priced]:
    """What the lines of one patient, clinician and day come to, by line number."""
    answers: dict[int, Priced] = {}
    items: list[Item] = []
    with localcontext(prec=PRECISION):
        for line in lines:
            try:
                items.append(_alone(line, book, policy))
            except _CannotTell as no:
                answers[line.number] = Priced(None, why_not=str(no))
        session = Session(book, policy, items)
        multiple.reduce(session)
        for item in items:
            answers[item.line.number] = _answer(item, session)
    return answers


def _answer(item: Item, session: Session) -> Priced:
    number, words = item.line.number, session.words
    steps = item.steps
    if item.units != 1:
        steps = (*steps, Step(f"{item.units.normalize():f} units", Money.rounded(item.unit * item.units)))
    value = session.values.get(number, item.unit * item.units)
    if value is None:
        return Priced(None, steps, words[number][-1])
    if number in words:
        steps = (*steps, Step("; ".join(words[number]), Money.rounded(value)))
    return Priced(Money.rounded(value), steps)


def _alone(line: Line, book: Book, policy: Policy) -> Item:
    """A line by itself: its fee and its modifiers."""
    row = book.row(line.code, line.modifiers)
    if row is None:
        raise _CannotTell(f"{line.code} is not in the fee schedule.")
    if reason := why_not_paid(row):
        raise _CannotTell(reason)
    setting = setting_of(line.pos)
    if row.is_na(setting):
        raise _CannotTell(
            f"The fee schedule has no amount for {line.code} "
            f"{'in a facility' if setting is Setting.FACILITY else 'outside a facility'} (NA)."
        )
    fee = book.fee(row, setting).amount
    place = "facility" if setting is Setting.FACILITY else "non-facility"
    named = f"{row.code}{f'-{row.modifier}' if row.modifier else ''}"
    item = Item(line, row, setting, fee, (Step(f"Fee of {named}, {place}", Money(fee)),))
    for share, words in _shares(line, row, policy):
        item = item.step(item.unit * share, words)
    return item


def _shares(line: Line, row: Row, policy: Policy) -> Iterator[tuple[Decimal, str]]:
    """What is paid of the fee under each modifier of the line, with words."""
    for modifier in line.modifiers:
        if modifier in ("54", "55", "56"):
            yield _package(line, row, modifier)
        elif modifier in (*ASSISTANTS, "AS"):
            yield _assistant(row, modifier, policy)
        elif modifier == "62":
            _payable(row.cosurgeon, "62", "two surgeons")
            yield policy.cosurgeon, f"{_percent(policy.cosurgeon)} for each of two surgeons (62)"
        elif modifier == "66":
            raise _CannotTell("Surgeons in a team (66) are paid by report.")
        elif modifier == "50":
            yield _bilateral(row, policy)
        elif modifier == "52":
            yield _by_report(policy.reduced, "A reduced service (52)")
        elif modifier == "53" and row.modifier != "53":
            yield _by_report(policy.discontinued, "A discontinued procedure (53)")
        elif modifier == "22":
            yield Decimal(1), "At least the fee; more for 22 is decided by report"


def _package(line: Line, row: Row, modifier: str) -> tuple[Decimal, str]:
    if not row.pre + row.intra + row.post:
        raise _CannotTell(f"{row.code} has no global package that {modifier} could share.")
    if modifier == "54":
        return row.pre + row.intra, f"{_percent(row.pre + row.intra)} before and during surgery (54)"
    if modifier == "56":
        return row.pre, f"{_percent(row.pre)} before surgery (56)"
    days = PACKAGE_DAYS.get(row.global_days)
    if line.postoperative_days is None or days is None:
        return row.post, f"{_percent(row.post)} after surgery (55)"
    if not 0 < line.postoperative_days <= days:
        raise _CannotTell(f"The package of {row.code} has {days} days, not {line.postoperative_days}.")
    share = row.post * line.postoperative_days / days
    return share, f"{_percent(row.post)} after surgery (55), {line.postoperative_days} of {days} days"


def _assistant(row: Row, modifier: str, policy: Policy) -> tuple[Decimal, str]:
    if row.assistant == "1":
        raise _CannotTell(f"An assistant at {row.code} is not paid ({modifier}).")
    _payable(row.assistant, modifier, "an assistant", refused="9")
    share = policy.assistant_nonphysician if modifier == "AS" else policy.assistant
    records = ", with records that show the need" if row.assistant == "0" else ""
    return share, f"{_percent(share)} for an assistant ({modifier}){records}"


def _payable(indicator: str, modifier: str, who: str, refused: str = "09") -> None:
    if indicator in refused:
        raise _CannotTell(f"This code is not paid for {who} ({modifier}).")


def _bilateral(row: Row, policy: Policy) -> tuple[Decimal, str]:
    """Indicator 1: 150%; 3: each side in full; 2 has both sides in its fee; 0 and 9 are paid once."""
    if row.bilateral == "1":
        return policy.bilateral, f"{_percent(policy.bilateral)} for both sides (50)"
    if row.bilateral == "3":
        return Decimal(2), "Each side in full (50)"
    words = "both sides are in the fee" if row.bilateral == "2" else "this code is paid once"
    return Decimal(1), f"No more for 50: {words}"


def _by_report(share: Decimal | None, what: str) -> tuple[Decimal, str]:
    if share is None:
        raise _CannotTell(f"{what} is paid by report.")
    return share, f"{_percent(share)}: {what[0].lower()}{what[1:]}"


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"
