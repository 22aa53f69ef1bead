"""Questions about tasks: the catalogue, the scope matrix of an agreement, and what is done for practices on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openmso.agreements import rules as agreed
from openmso.agreements.contracts import Agreement, Draft, Version
from openmso.agreements.models.tasks import TaskVersion
from openmso.agreements.queries import agreements
from openmso.agreements.tasks import catalogue, rules, volumes
from openmso.agreements.tasks.contracts import CatalogueTask, Task, TaskRow, Who
from openmso.kit.errors import NotFound
from openmso.platform.access.registry import LINES, line_words
from openmso.platform.tenancy.models import Tenant
from openmso.platform.ui.contracts import Filters, Page, PageAsk

SORTS = ("practice_name", "line", "words", "does", "decides", "starts_on", "ends_on", "standing")


@dataclass(frozen=True, slots=True)
class TaskWritten:
    """A version of a task of the catalogue; none where it was withdrawn. The house's own has the number 0."""

    task: CatalogueTask | None
    number: int
    why: str
    at: datetime | None
    by: str


def known() -> list[CatalogueTask]:
    """The tasks that drafts choose from, by line and as they are written now."""
    held = {one.code: one for one in _of_the_house()}
    for row in TaskVersion.objects.order_by("number"):
        held.pop(row.code, None)
        if not row.withdrawn:
            held[row.code] = catalogue.task_of(row.body, reserved=agreed.RESERVED, number=row.number)
    lines = list(LINES)
    return sorted(held.values(), key=lambda one: lines.index(one.line))


def task(code: str) -> CatalogueTask:
    """The task of a code as it is written now; raises `NotFound`."""
    found = next((one for one in known() if one.code == code), None)
    if found is None:
        raise NotFound(f"There is no task {code} in the catalogue.", field="code")
    return found


def versions(code: str) -> list[TaskWritten]:
    """The versions of a task, the latest first; raises `NotFound` for a code that never was one."""
    made = [
        TaskWritten(
            None if row.withdrawn else catalogue.task_of(row.body, reserved=agreed.RESERVED, number=row.number),
            row.number, row.why, row.at, row.by,
        )
        for row in TaskVersion.objects.filter(code=code).order_by("-number")
    ]  # fmt: skip
    made += [TaskWritten(one, 0, "comes with OpenMSO", None, "") for one in _of_the_house() if one.code == code]
    if not made:
        raise NotFound(f"There is no task {code}.", field="code")
    return made


def paper(found: Agreement, number: int | None) -> Draft | Version:
    """The version of a number, or the draft that will be it; without one the draft, else the last version."""
    papers: list[Draft | Version] = [*found.versions, *([found.draft] if found.draft else [])]
    shown = papers[-1] if number is None else next((one for one in papers if one.number == number), None)
    if shown is None:
        raise NotFound(f"There is no version {number}.", field="version")
    return shown


def listing(*, filters: Filters, page: PageAsk, on: date) -> Page[TaskRow]:
    """What is done for the practices in scope by the version that holds on a day, else by the last one.

    There are some dozen for each practice, so they are sorted in memory.
    """
    rows = [row for row in rows_of(agreements.every(), on=on) if _fits(row, filters)]
    key = page.sort if page.sort in SORTS else "practice_name"
    rows.sort(key=lambda row: (str(getattr(row, key) or date.max), row.practice_name, row.key), reverse=page.desc)
    return Page(rows[page.offset : page.offset + page.size], len(rows), page)


def rows_of(found: Sequence[Agreement], *, on: date) -> Iterator[TaskRow]:
    """The tasks of agreements as lines of a list."""
    tenants = Tenant.objects.in_bulk([one.practice for one in found])
    for one in found:
        version = one.version_on(on) or one.latest
        for task in version.terms.tasks if version else ():
            assert version is not None, "only versions have tasks here"
            yield _row(tenants[one.practice], version, task, on)


def _row(tenant: Tenant, version: Version, task: Task, on: date) -> TaskRow:
    days = rules.days_of(task, version.terms) or task.days
    return TaskRow(
        f"{version.agreement}.{task.code}.{task.days.starts_on}", tenant.name, tenant.code, version.agreement,
        version.number, line_words(task.line), task.code, task.words, task.does, task.decides, task.approves,
        task.told, days.starts_on, days.ends_on, volumes.sentence(task.volume) if task.volume else "",
        rules.level_words(task), task.reserved, rules.standing(task, version.terms, on), task.outside,
    )  # fmt: skip


def _fits(row: TaskRow, filters: Filters) -> bool:
    words = filters.text.lower()
    chosen: Iterable[tuple[str, str]] = (
        ("is", row.standing), ("line", _code_of(row.line)), ("does", row.does), ("decides", row.decides),
        ("approves", row.approves), ("practice", row.practice_code.lower()),
        ("reserved", "yes" if row.reserved else "no"),
    )  # fmt: skip
    if any(filters.many(key) and value not in filters.many(key) for key, value in chosen):
        return False
    return not words or words in f"{row.practice_name} {row.practice_code} {row.line} {row.words} {row.code}".lower()


def _code_of(words: str) -> str:
    return next((code for code, said in LINES.items() if said == words), words)


def by_line(tasks: Iterable[Task]) -> list[tuple[str, list[Task]]]:
    """Tasks under the words of their lines, in the order of the lines."""
    held: dict[str, list[Task]] = {}
    for one in tasks:
        held.setdefault(line_words(one.line), []).append(one)
    return list(held.items())


def parts(task: Task) -> list[str]:
    """Who does, decides, approves and is told, as a matrix says it; the outside party by its name."""
    return [task.outside if who is Who.OUTSIDE and task.outside else who.label for _, who in task.parts]


def _of_the_house() -> list[CatalogueTask]:
    return [catalogue.task_of(row, reserved=agreed.RESERVED) for row in catalogue.rows_of_the_house()]
