"""Judgement of an exit: when the notice ends, the plan, prices of assets, what is missing of a closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from openmso.kit.money import Money
from openmso.leaving.contracts import Appraisal, Area, Doing, Exit, Planned, Price, Side, Sort, Stage, Task, Who

PLAN_DAYS, ELECTION_DAYS, APPRAISER_DAYS = 90, 60, 15
"""The days of the transition, of the election to buy, and in which the other side names its appraiser."""
PLAN: tuple[Planned, ...] = (
    Planned(Area.AGREEMENT, Who.MSO, "Record the end of the agreement with its day, and the lines that wind down", 10),
    Planned(Area.RECORDS, Who.PRACTICE, "Take the whole archive away and check it against its manifest", 30),
    Planned(Area.PAYERS, Who.PRACTICE, "Tell every payer where payments and remittances go from the last day on", 45),
    Planned(Area.PAYERS, Who.MSO, "Move EFT and ERA enrolments to the practice's new clearinghouse and account", 60),
    Planned(Area.PAYERS, Who.MSO, "Hand over open claims, denials with their days and appeals under way", 75),
    Planned(Area.STAFF, Who.PRACTICE, "Offer employment to staff who work for the practice, or release them", 60),
    Planned(Area.STAFF, Who.MSO, "Release non-clinical staff from covenants that keep them from the practice", 60),
    Planned(Area.LEASES, Who.PRACTICE, "Take over leases of premises and equipment, or move", 75),
    Planned(Area.MARKS, Who.PRACTICE, "Take the MSO's names and marks off signs, letters and pages", 90),
    Planned(
        Area.SYSTEMS, Who.MSO, "End access of the MSO's people, and hand over domains, telephone numbers, logins", 90
    ),
    Planned(Area.MONEY, Who.PRACTICE, "Revoke standing transfers out of the practice's accounts", 85),
    Planned(Area.MONEY, Who.MSO, "Settle every month, answer every dispute, and issue the closing statement", 90),
    Planned(Area.RECORDS, Who.MSO, "Return or destroy patients' data, and certify it", 90),
)
"""The usual transition, each task within so many days of the notice; scaled to the days that were agreed."""
NO_BOOK = frozenset({Sort.INTANGIBLE})
"""What is always bought at book value, whatever the rule of the rest."""


def ends_on(noticed_on: date, notice_days: int, wanted: date | None) -> date:
    """The first day without the agreement: the notice's days later, or the day that is wanted if that is later."""
    earliest = noticed_on + timedelta(days=notice_days)
    return earliest if wanted is None else max(earliest, wanted)


def due_on(noticed_on: date, planned: Planned, plan_days: int) -> date:
    """The day of a task: its days of the usual plan, scaled to the days that were agreed (rounded up)."""
    return noticed_on + timedelta(days=-(-planned.days * plan_days // PLAN_DAYS))


def market(found: Sequence[Appraisal], today: date) -> tuple[Money | None, str]:
    """The fair market value by the appraisers that were named, and how it was found or what is missing.

    One appraiser decides where the other side files none within fifteen days of the filing, of which it is told. Two
    that agree decide; two that differ name a third, and the middle one of the three values holds.
    """
    by = {one.side: one for one in found}
    if not by:
        return None, "no appraiser is named"
    if len(by) == 1:
        (one,) = by.values()
        last = answer_by(one)
        if today > last:
            return one.amount, f"{one.appraiser}; the other side named nobody by {last:%-d %B %Y}"
        return None, f"the other side names its appraiser by {last:%-d %B %Y}"
    if len(by) == 2:
        first, second = by.values()
        if first.amount == second.amount:
            return first.amount, f"{first.appraiser} and {second.appraiser} agree"
        return None, "both appraisers name a third"
    middle = sorted(by.values(), key=lambda one: one.amount)[1]
    return middle.amount, f"{middle.appraiser}, the middle of three"


def answer_by(one: Appraisal) -> date:
    """The last day on which the other side answers an appraisal: fifteen days after it was filed."""
    return one.filed_on + timedelta(days=APPRAISER_DAYS)


def price(sort: Sort, rule: Price, book: Money, found: Sequence[Appraisal], today: date) -> tuple[Money | None, str]:
    """The price of an asset by the agreed rule, and how it was found or what is missing."""
    if rule is Price.BOOK or sort in NO_BOOK:
        return book, "book value"
    value, how = market(found, today)
    if value is None:
        return None, f"fair market value is open: {how}"
    if value.amount > book.amount:
        return value, f"fair market value ({how}) above book {book:,.2f}"
    return book, f"book value, not below fair market value {value:,.2f} ({how})"


def next_side(found: Sequence[Appraisal], side: Side, today: date) -> str:
    """Why a side cannot file an appraisal now; empty where it can. Who is late does not reopen what holds."""
    sides = {one.side for one in found}
    if side in sides:
        return f"{side.label} has filed an appraisal already."
    if side is Side.THIRD and len(sides) < 2:
        return "A third appraiser comes after those of both sides."
    if len(found) == 1 and today > (last := answer_by(found[0])):
        return f"It was to be answered by {last:%-d %B %Y}: the value of {found[0].appraiser} holds."
    return ""


def why_not_done(task: Task, to: Doing, is_ended: bool) -> str:
    """Why a task cannot be said to be done; empty where it can. An end is recorded when the agreement says so."""
    if task.area is Area.AGREEMENT and to is Doing.DONE and not is_ended:
        return "The end of the agreement is not recorded yet."
    return ""


def why_not_close(one: Exit, today: date) -> str:
    """Why an exit cannot be closed; empty where it can."""
    if today < one.ends_on:
        return f"The agreement holds until {one.ends_on:%-d %B %Y}."
    if one.stage is not Stage.STATED:
        return "The closing statement is not issued yet."
    if one.open_tasks:
        return f"{one.open_tasks} of its tasks are not over."
    if one.certificate is None:
        return "Nobody has certified yet what became of patients' data."
    return ""
