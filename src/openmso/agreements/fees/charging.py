"""A fee as it is charged: its parts by the lines and tasks that they are for, their volumes, and what is credited.

What the scope matrix says of a task is said once, there: the volume of a task prices the part of the fee that counts
it, and what is late gives back its share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from openmso.agreements.contracts import Terms
from openmso.agreements.faults import Fault
from openmso.agreements.fees import sentences
from openmso.agreements.fees.terms import Component, Credit, FeeTerms, LesserOf, PerUnit
from openmso.agreements.tasks import rules
from openmso.agreements.tasks.contracts import Task, TaskLevel, Volume, Who
from openmso.kit.periods import DayRange, Month
from openmso.platform.access.registry import LINES, line_words

COUNTED_BY = {
    "claims": "revenue_cycle", "payments_posted": "payment_posting", "denials_worked": "denials", "appeals": "denials",
    "eligibility_checks": "eligibility", "authorizations": "eligibility", "statements": "patient_billing",
}  # fmt: skip
"""The service line whose work a figure counts, where a part of the fee does not say what it is for."""
MISSED = "missed:"
"""What the figure of a missed level is called: the promise and the percent that was to be in time follow."""


def figure_of(level: TaskLevel) -> str:
    """The figure that is 1 in a month in which a level was missed: `missed:claims.held:95`."""
    return f"{MISSED}{level.kind}:{level.at_least.normalize():f}"


def level_of(figure: str) -> tuple[str, Decimal] | None:
    """The promise and the percent of such a figure; none of another one."""
    if not figure.startswith(MISSED):
        return None
    kind, _, at_least = figure.removeprefix(MISSED).rpartition(":")
    return kind, Decimal(at_least)


def charged(terms: Terms, month: Month | None = None) -> FeeTerms | None:
    """The fee as a month is charged: counted tasks by their volumes, and a credit for each task that has a level.

    Of tasks that are in scope in the month; without one of all.
    """
    if terms.fee is None or not terms.tasks:
        return terms.fee
    tasks = [one for one in terms.tasks if month is None or _in_month(one, terms, month)]
    volumes = {task.code: task.volume for task in tasks if task.volume is not None}
    credits, words = list(terms.fee.credits), dict(terms.fee.words)
    for task in tasks:
        if task.level is not None:
            figure = figure_of(task.level)
            words[figure] = f"months in which too little was in time: {task.words.lower()}"
            credits.append(
                Credit(f"month in which less than {task.level.at_least.normalize():f}% was in time "
                       f"({task.words.lower()})", figure, task.level.credit)
            )  # fmt: skip
    components = tuple(
        replace(one, volume=volumes[one.serves]) if isinstance(one, PerUnit) and one.serves in volumes else one
        for one in terms.fee.components
    )
    return replace(terms.fee, components=components, credits=tuple(credits), words=words)


def written(fee: FeeTerms, terms: Terms) -> FeeTerms:
    """A fee as it is written beside a scope matrix: without what the matrix says itself."""
    said = {task.code for task in terms.tasks if task.volume is not None}
    components = tuple(
        replace(one, volume=None) if isinstance(one, PerUnit) and one.serves in said else one for one in fee.components
    )
    credits = tuple(one for one in fee.credits if level_of(one.count) is None)
    words = {name: told for name, told in fee.words.items() if level_of(name) is None}
    return replace(fee, components=components, credits=credits, words=words)


def parts(components: Iterable[Component]) -> Iterator[Component]:
    """The parts of a fee; of the lesser of several each of them."""
    for one in components:
        if isinstance(one, LesserOf):
            yield from parts(one.of)
        else:
            yield one


def serves(one: Component) -> str:
    """The service line or task that a part of a fee is for; nothing where it is for the whole."""
    named = getattr(one, "serves", "")
    return named or (COUNTED_BY.get(one.count, "") if isinstance(one, PerUnit) else "")


def outside(fee: FeeTerms, terms: Terms, month: Month) -> Iterator[Fault]:
    """The parts of a fee that are for a line or a task which is in scope on no day of a month."""
    for one in parts(fee.components):
        code = serves(one)
        if code and not any(days.meets(month.range) for days in _days(code, terms)):
            said = sentences.component(one, fee)
            yield Fault(
                "month", f"{said[:1].upper()}{said[1:]} is for {_words(code, terms.tasks)}, {_why(code, terms)} on any "
                f"day of {month.words}.", "Amend the agreement: put it in scope, or take it out of the fee.",
            )  # fmt: skip


def faults(terms: Terms) -> Iterator[Fault]:
    """What keeps a fee from being signed beside its scope matrix."""
    if terms.fee is None or not terms.tasks:
        return
    counted = [serves(one) for one in parts(terms.fee.components) if isinstance(one, PerUnit)]
    for one in parts(terms.fee.components):
        if (code := serves(one)) and not list(_days(code, terms)):
            said = f"{sentences.component(one, terms.fee)} is for {_words(code, terms.tasks)}, {_why(code, terms)}"
            yield Fault("fee", f"{said[:1].upper()}{said[1:]}.", "Put it in scope, or take it out of the fee.")
        if isinstance(one, PerUnit) and one.volume and any(task.code == one.serves for task in terms.tasks):
            yield Fault("fee", f"The volume of {one.serves} is said in the fee.", "Say it in the scope matrix.")
    for task in terms.tasks:
        if task.volume is not None and _is_priced(task.volume) and counted.count(task.code) != 1:
            yield Fault("fee", f"{task.words} has a volume, and {counted.count(task.code) or 'no'} parts of the fee "
                        "count it.", f'Price it by the unit once, for "{task.code}"; 0.00 is a price.')  # fmt: skip
        if task.code in counted and not _whole(task.days, terms.days):
            yield Fault("tasks", f"{task.words} is charged by the month: it starts and ends with one.",
                        "Choose the first and the last day of a month, or those of the term.")  # fmt: skip


def _days(code: str, terms: Terms) -> Iterator[DayRange]:
    """The days on which a line, or a task, is in scope."""
    if code in LINES:
        line = terms.line(code)
        days = [line.days.meets(terms.days)] if line is not None else []
    else:
        mine = [task for task in terms.tasks if task.code == code and task.does is not Who.PRACTICE]
        days = [rules.days_of(task, terms) for task in mine]
    return (one for one in days if one is not None)


def _in_month(task: Task, terms: Terms, month: Month) -> bool:
    days = rules.days_of(task, terms)
    return days is not None and days.meets(month.range) is not None


def _is_priced(volume: Volume) -> bool:
    return volume.above is not None or any(band.price is not None for band in volume.bands)


def _why(code: str, terms: Terms) -> str:
    itself = any(task.code == code and task.does is Who.PRACTICE for task in terms.tasks)
    return "which the MSO does not do" if itself else "which is not in scope"


def _whole(days: DayRange, term: DayRange) -> bool:
    begins = days.starts_on.day == 1 or days.starts_on <= term.starts_on
    return begins and (days.ends_on is None or days.ends_on.day == 1 or days.ends_on == term.ends_on)


def _words(code: str, tasks: Sequence[Task]) -> str:
    if code in LINES:
        return line_words(code)
    return next((f"“{task.words}”" for task in tasks if task.code == code), f"the task {code}")
