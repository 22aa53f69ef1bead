"""The inbox as data."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from openmso.kit.classes import DataClass
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, TableSpec, Tone, Waits
from openmso.platform.work import registry, rules
from openmso.platform.work.contracts import MINE, NOBODYS, ItemRow, Load
from openmso.platform.work.queries import ALL
from openmso.platform.work.states import Working


def to_inbox(q: str) -> str:
    """The inbox narrowed by some words."""
    return f"{reverse('work:inbox')}?{urlencode({'q': q})}"


def kinds() -> list[tuple[str, str]]:
    """The kinds one may filter by."""
    return sorted(((kind.code, kind.words) for kind in registry.kinds().values()), key=lambda pair: pair[1])


def functions() -> list[tuple[str, str]]:
    """The functions one may filter by."""
    return list(registry.functions().items())


def practices() -> list[tuple[str, str]]:
    """The practices in scope, by code."""
    return [(row.code, row.name) for row in tenancy.tenants_in_scope()]


def _urgency(row: ItemRow) -> str:
    return rules.urgency(row.priority)[0]


def _urgent(row: ItemRow) -> str:
    return rules.urgency(row.priority)[1].value if row.priority >= rules.URGENT else ""


INBOX = TableSpec(
    name="work.inbox",
    noun=("item", "items"),
    search="words, or the id of an item or of what it is about",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("work:item", args=[row.public_id]),
    row_peek=lambda row: reverse("work:peek", args=[row.public_id]),
    waits=Waits("", "The most pressing first, then what is due first"),
    columns=(
        Column("title", "What waits", heading=True, sort=True, hint=lambda row: row.kind_words),
        Column("why_next", "Why it is next", "reason", says=True, width="l"),
        Column("practice_name", "Practice", sort=True, wide=True, width="m"),
        Column("priority", "Priority", sort=True, hidden=True, width="xs", value=_urgency, tone=_urgent),
        Column("due_at", "Due", "instant", sort=True, width="s"),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
        Column("assignee", "With", sort=True, wide=True, width="s"),
        Column("state", "State", "status", hidden=True),
        Column("opened_at", "Since", "instant", sort=True, hidden=True),
        Column("subject_id", "About", "id", hidden=True),
    ),
    filters=(
        Filter(
            "is", "State", choices=[*((state.value, state.label) for state in Working), (ALL, "Any state")], many=False
        ),
        Filter("function", "Function", choices=functions),
        Filter("kind", "Kind", choices=kinds),
        Filter("practice", "Practice", choices=practices),
        Filter("with", "With", choices=[(MINE, "Me"), (NOBODYS, "Nobody")], many=False),
        Filter("who", "Name of whom it is with", "text"),
        Filter("overdue", "Overdue", "flag"),
        Filter("escalated", "Escalated", "flag"),
        Filter("due", "Due", "day"),
        Filter("amount", "Amount", "money"),
        Filter("priority", "Priority", "count"),
    ),
    actions=(
        BulkAction("done", "Done", "work:done-many", letter="e", icon="check", permission="work.use"),
        BulkAction("snooze", "Snooze to tomorrow", "work:snooze-many", letter="s", permission="work.use"),
        BulkAction("later", "Put off until …", "work:later", letter="l", permission="work.use", asks=True),
        BulkAction("take", "Give to me", "work:take-many", letter="a", permission="work.use"),
        BulkAction("give", "Give to …", "work:takers", letter="t", permission="work.use", asks=True),
        BulkAction("lead", "To the lead …", "work:ask-lead", letter="h", permission="work.use", asks=True),
    ),
    empty=Empty("Nothing waits for you", "Every item is done or put off. New work comes here by itself.", icon="check"),
)

KINDS = TableSpec(
    name="work.kinds",
    noun=("kind of work", "kinds of work"),
    row_key=lambda row: row.code,
    columns=(
        Column("words", "Kind of work", heading=True, link=lambda row: to_inbox(f"kind:{row.code}")),
        Column("function", "Function", wide=True, value=lambda row: registry.function_of(row)[1]),
        Column("ranked", "What comes first", says=True),
    ),
)

_HOW_MUCH = (
    Column("count", "Waiting", "count", strong=True, total=True),
    Column("overdue", "Overdue", "count", total=True, tone=lambda row: Tone.BAD.value if row.overdue else ""),
)
QUEUES = TableSpec(
    name="work.queues",
    noun=("queue", "queues"),
    row_key=lambda row: row.kind,
    columns=(
        Column("words", "Kind of work", heading=True, link=lambda row: to_inbox(f"kind:{row.kind}")),
        Column("function_words", "Function", wide=True, link=lambda row: to_inbox(f"function:{row.function}")),
        *_HOW_MUCH,
        Column("nobodys", "With nobody", "count", total=True, wide=True),
        Column("mine", "With you", "count", total=True, wide=True),
        Column("due_at", "First due", "instant", width="m", wide=True),
        Column("amount", "Amount", "money", total=True),
    ),
    empty=Empty("Nothing waits for you", "Every item is done or put off. New work comes here by itself.", icon="check"),
)
LOADS = TableSpec(
    name="work.loads",
    noun=("person", "people"),
    row_key=lambda row: row.person or NOBODYS,
    columns=(
        Column("person", "With", heading=True, value=lambda row: row.person or "Nobody", link=lambda row: _with(row)),
        *_HOW_MUCH,
        Column("escalated", "Escalated", "count", total=True, wide=True),
        Column("due_at", "First due", "instant", width="m", wide=True),
        Column("amount", "Amount", "money", total=True),
    ),
    empty=Empty("Nothing waits for you", "What is open is told here by whom it is with.", icon="check"),
)


def _with(row: Load) -> str:
    return to_inbox(f'who:"{row.person}"' if row.person else f"with:{NOBODYS}")


_COUNTED = (
    Column("kind_words", "Kind of work", width="l"),
    Column("done", "Done", "count", strong=True),
    Column("amount", "Amount", "money"),
    Column("touch_hours", "Hours to first touch", "hours"),
    Column("done_hours", "Hours to done", "hours"),
    Column("late", "Done late", "count"),
)


def _measures(name: str, *of: Column) -> TableSpec:
    return TableSpec(
        name=f"work.measures_{name}",
        noun=("line", "lines"),
        search="person",
        row_key=lambda row: f"{row.person}:{row.kind}:{row.practice or ''}:{row.on or ''}",
        columns=(*of, *_COUNTED),
        filters=(
            Filter("kind", "Kind", choices=kinds),
            Filter("practice", "Practice", choices=practices),
            Filter("on", "Done on", "day"),
        ),
        empty=Empty("Nothing was done yet", "Work that people finish is counted here, of the last ninety days."),
    )


_PERSON = Column("person", "Person", heading=True, width="m", value=lambda row: row.person or "By itself")
MEASURES = {
    "person": _measures("person", _PERSON),
    "day": _measures("day", _PERSON, Column("on", "Day", "day")),
    "practice": _measures("practice", Column("practice_name", "Practice", heading=True, width="l")),
}

MY_REVIEWS = TableSpec(
    name="work.my_reviews",
    noun=("review", "reviews"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("work:my-review", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Review", "id", heading=True),
        Column("practice_name", "Practice", wide=True),
        Column("kind_words", "Kind of work", width="m"),
        Column("findings", "Findings", says=True, width="l", data_class=DataClass.CLINICAL),
        Column("reviewer", "Reviewed by", wide=True),
        Column("reviewed_at", "Reviewed", "instant", wide=True),
        Column("final_score", "Score", "count", strong=True),
        Column("answer", "You say", "status"),
    ),
    filters=(Filter("is", "State", choices=[("contested", "Contested")], many=False),),
    empty=Empty("Nothing of yours was reviewed", "What a second person finds about your work stands here."),
)

REVIEWS = TableSpec(
    name="work.reviews",
    noun=("review", "reviews"),
    search="person",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("work:review", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Review", "id", heading=True),
        Column("practice_name", "Practice", wide=True),
        Column("kind_words", "Kind of work", width="m"),
        Column("person", "Done by"),
        Column("outcome", "Outcome", says=True, width="l"),
        Column("final_score", "Score", "count", strong=True),
        Column("answer", "Answer", "status"),
        Column("reviewer", "Reviewed by"),
        Column("reviewed_at", "Reviewed", "instant", wide=True),
        Column("seed", "Seed", hidden=True),
    ),
    filters=(
        Filter(
            "is", "State", many=False,
            choices=[("waits", "Waits"), ("reviewed", "Reviewed"), ("contested", "Contested"), ("settled", "Settled")],
        ),
    ),
    empty=Empty("Nothing is drawn", "A share of done work is drawn by a seed and reviewed by a second person.",
                "Draw some", "/work/reviews/draw/"),
)  # fmt: skip
