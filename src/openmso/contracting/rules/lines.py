"""Pricing the lines of one patient, clinician and day: the fee, the modifiers, the multiple procedures.

The fee is the published amount, in cents. Percentages are applied to it exactly, and the line is rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, localcontext

from openmso.contracting.rules import multiple
from openmso.contracting.rules.items import CannotTell, Item, Line, Priced, Session, Step, Tariff
from openmso.contracting.rules.mpfs import PRECISION, Book, Row
from openmso.contracting.rules.policy import MEDICARE, Policy
from openmso.contracting.rules.tariffs import Medicare, percent
from openmso.kit.money import Money

PACKAGE_DAYS = {"010": 10, "090": 90}
ASSISTANTS = ("80", "81", "82")


def price(lines: Iterable[Line], book: Book, policy: Policy = MEDICARE) -> dict[int, Priced]:
    """What Medicare allows for the lines of one patient, clinician and day, by line number."""
    tariff = Medicare(book)
    return price_by(lines, lambda _: tariff, policy)


def price_by(
    lines: Iterable[Line], tariff_of: Callable[[Line], Tariff], policy: Policy, *, lesser_of_charge: bool = False
) -> dict[int, Priced]:
    """What lines of one patient, clinician and day come to, each by the tariff that is found for it.

    `tariff_of` may raise `CannotTell`, too. With `lesser_of_charge` nothing comes to more than its charge.
    """
    answers: dict[int, Priced] = {}
    items: list[Item] = []
    with localcontext(prec=PRECISION):
        for line in lines:
            try:
                items.append(_alone(tariff_of(line).item(line), policy))
            except CannotTell as no:
                answers[line.number] = Priced(None, why_not=str(no))
        session = Session(policy, items)
        multiple.reduce(session)
        for item in items:
            answer = _answer(item, session)
            answers[item.line.number] = _capped(answer, item.line.charge) if lesser_of_charge else answer
    return answers


def _capped(answer: Priced, charge: Money) -> Priced:
    if answer.amount is None or answer.amount <= charge:
        return answer
    return Priced(charge, (*answer.steps, Step("No more than the charge", charge)))


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
    if item.most is not None and value > (most := item.most * item.units):
        value = most
        steps = (*steps, Step("No more than is paid for a hospital's outpatients (OPPS cap)", Money.rounded(value)))
    return Priced(Money.rounded(value), steps)


def _alone(item: Item, policy: Policy) -> Item:
    """A line by itself: its fee and its modifiers."""
    if not item.is_final:
        for share, words in _shares(item.line, item.row, policy):
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
            yield policy.cosurgeon, f"{percent(policy.cosurgeon)} for each of two surgeons (62)"
        elif modifier == "66":
            raise CannotTell("Surgeons in a team (66) are paid by report.")
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
        raise CannotTell(f"{row.code} has no global package that {modifier} could share.")
    if modifier == "54":
        return row.pre + row.intra, f"{percent(row.pre + row.intra)} before and during surgery (54)"
    if modifier == "56":
        return row.pre, f"{percent(row.pre)} before surgery (56)"
    days = PACKAGE_DAYS.get(row.global_days)
    if line.postoperative_days is None or days is None:
        return row.post, f"{percent(row.post)} after surgery (55)"
    if not 0 < line.postoperative_days <= days:
        raise CannotTell(f"The package of {row.code} has {days} days, not {line.postoperative_days}.")
    share = row.post * line.postoperative_days / days
    return share, f"{percent(row.post)} after surgery (55), {line.postoperative_days} of {days} days"


def _assistant(row: Row, modifier: str, policy: Policy) -> tuple[Decimal, str]:
    if row.assistant == "1":
        raise CannotTell(f"An assistant at {row.code} is not paid ({modifier}).")
    _payable(row.assistant, modifier, "an assistant", refused="9")
    share = policy.assistant_nonphysician if modifier == "AS" else policy.assistant
    records = ", with records that show the need" if row.assistant == "0" else ""
    return share, f"{percent(share)} for an assistant ({modifier}){records}"


def _payable(indicator: str, modifier: str, who: str, refused: str = "09") -> None:
    if indicator in refused:
        raise CannotTell(f"This code is not paid for {who} ({modifier}).")


def _bilateral(row: Row, policy: Policy) -> tuple[Decimal, str]:
    """Indicator 1: 150%; 3: each side in full; 2 has both sides in its fee; 0 and 9 are paid once."""
    if row.bilateral == "1":
        return policy.bilateral, f"{percent(policy.bilateral)} for both sides (50)"
    if row.bilateral == "3":
        return Decimal(2), "Each side in full (50)"
    words = "both sides are in the fee" if row.bilateral == "2" else "this code is paid once"
    return Decimal(1), f"No more for 50: {words}"


def _by_report(share: Decimal | None, what: str) -> tuple[Decimal, str]:
    if share is None:
        raise CannotTell(f"{what} is paid by report.")
    return share, f"{percent(share)}: {what[0].lower()}{what[1:]}"
