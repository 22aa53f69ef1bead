"""The lists of agreements, of the papers beside them, of clauses and of rules of law, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from openmso.agreements.contracts import InForce, Mode
from openmso.agreements.initiatives.contracts import TakesPart
from openmso.agreements.law.rulebook import EVERYWHERE, STATES, Evidence, Outcome, Rule
from openmso.agreements.paper.clauses import Clause
from openmso.agreements.paper.companions import CompanionKind, Standing
from openmso.agreements.paper.contracts import Block
from openmso.agreements.tasks.contracts import CatalogueTask, TaskRow, TaskStanding, Who
from openmso.platform.access.registry import LINES, line_words
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, Filters, PageAsk, TableSpec

AGREEMENTS = TableSpec(
    name="agreements.agreements",
    noun=("agreement", "agreements"),
    sort="practice_name",
    search="practice, code or id",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("agreements:agreement", args=[row.public_id]),
    columns=(
        Column("practice_name", "Practice", sort=True, heading=True, hint=lambda row: row.public_id),
        Column("standing", "Standing", "status", sort=True),
        Column("mode", "Mode", sort=True, value=lambda row: row.mode.label),
        Column("fee", "Fee", wide=True),
        Column("lines", "Lines", "count"),
        Column("patient_data", "BAA", "yes", wide=True),
        Column("starts_on", "From", "day", sort=True),
        Column("ends_on", "Ends", "day", sort=True, wide=True),
    ),
    filters=(
        Filter("is", "Standing", choices=[(one.value, one.label) for one in InForce]),
        Filter("mode", "Mode", choices=[(one.value, one.label) for one in Mode]),
    ),
    empty=Empty(
        "No agreements yet", "What the MSO may see and do in a practice comes from an executed agreement.", icon="pen"
    ),
)
LAW_RULES = TableSpec(
    name="agreements.law",
    noun=("rule", "rules"),
    sort="code",
    search="code, words or citation",
    row_key=lambda row: row.code,
    row_link=lambda row: reverse("agreements:law-rule", args=[row.code]),
    columns=(
        Column(
            "code", "Rule", "code", sort=True, heading=True, hint=lambda row: row.number and f"version {row.number}"
        ),
        Column("places", "Where", sort=True),
        Column("outcome", "Outcome", "status", sort=True),
        Column("words", "What it says", says=True, hint=lambda row: row.citation),
        Column("citation", "Citation", wide=True, hidden=True),
        Column("sure", "How surely", "status", sort=True, wide=True),
        Column("counsel", "Counsel", wide=True, hidden=True),
        Column("from_on", "From", "day", sort=True, wide=True),
    ),
    filters=(
        Filter("state", "State", choices=[(one, one) for one in sorted(STATES)]),
        Filter("outcome", "Outcome", choices=[(one.value, one.label) for one in Outcome]),
        Filter("sure", "How surely", choices=[(one.value, one.label) for one in Evidence]),
        Filter("counsel", "Counsel", choices=[("yes", "Signed off"), ("no", "Not signed off")]),
    ),
    empty=Empty(
        "No rules yet", "Rules come with the product, each with its source; an office writes its own.", icon="shield"
    ),
)


COMPANION_LIST = TableSpec(
    name="agreements.companions",
    noun=("paper", "papers"),
    sort="practice_name",
    search="practice, kind or id",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("agreements:companion", args=[row.public_id]),
    columns=(
        Column("practice_name", "Practice", sort=True, heading=True, hint=lambda row: row.public_id),
        Column("kind", "Paper", sort=True, value=lambda row: row.kind.label),
        Column("state", "Standing", "status", sort=True),
        Column("starts_on", "From", "day", sort=True),
        Column("ends_on", "Ends", "day", sort=True),
        Column("agreement", "Agreement", "code", wide=True),
        Column("note", "Note", wide=True, hidden=True),
    ),
    filters=(
        Filter("kind", "Paper", choices=[(one.value, one.label) for one in CompanionKind if one != "baa"]),
        Filter("is", "Standing", choices=[(one.value, one.label) for one in Standing]),
        Filter("ends", "Ends", choices=[("soon", "Within sixty days, or over")]),
    ),
    empty=Empty("No papers yet", "An agreement's page of papers says which ones it needs.", icon="copy"),
)
CLAUSE_LIST = TableSpec(
    name="agreements.clauses",
    noun=("clause", "clauses"),
    sort="place",
    search="code, title or words",
    row_key=lambda row: row.code,
    row_link=lambda row: reverse("agreements:clause", args=[row.code]),
    columns=(
        Column("place", "Part", sort=True, value=lambda row: row.block.label),
        Column("title", "Clause", sort=True, heading=True, hint=lambda row: row.code),
        Column("modes", "Modes", wide=True),
        Column("states", "States", sort=True, named=True),
        Column("kind", "From", sort=True, named=True),
        Column("number", "Version", "count", sort=True, wide=True),
        Column("code", "Code", "code", sort=True, wide=True, hidden=True),
        Column("text", "Text", wide=True, hidden=True),
    ),
    filters=(
        Filter("part", "Part", choices=[(one.value, one.label) for one in Block]),
        Filter("mode", "Mode", choices=[(one.value, one.label) for one in Mode]),
        Filter("state", "State", choices=[(one, one) for one in sorted(STATES)]),
        Filter("from", "From", choices=[("ours", "OpenMSO, to start from"), ("own", "This office")]),
    ),
    empty=Empty(
        "No clauses yet", "Starting text comes with the product; an office writes its own versions of it.", icon="doc"
    ),
)


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause in the list."""

    place: int
    block: Block
    title: str
    code: str
    modes: str
    states: str
    kind: str
    number: int
    text: str


def clause_rows(library: Iterable[Clause], filters: Filters, page: PageAsk) -> list[ClauseLine]:
    """The clauses that filters find, sorted; by part, in the order in which an agreement has them."""
    words, blocks = filters.text.lower(), list(Block)

    def fits(one: Clause) -> bool:
        parts, modes, states, kinds = (filters.many(key) for key in ("part", "mode", "state", "from"))
        return (
            (not words or words in f"{one.code} {one.title} {one.text}".lower())
            and (not parts or one.block in parts)
            and (not modes or not one.modes or bool(one.modes & set(modes)))
            and (not states or not one.states or any(state in states for state in one.states))
            and (not kinds or ("own" if one.number else "ours") in kinds)
        )

    lines = [
        ClauseLine(
            blocks.index(one.block) * 1000 + one.order, one.block, one.title, one.code,
            ", ".join(mode.label for mode in Mode if mode in one.modes) or "every", " ".join(one.states) or "all",
            "This office" if one.number else "OpenMSO", one.number, one.text,
        )
        for one in library
        if fits(one)
    ]  # fmt: skip
    key = page.sort or "place"
    return sorted(lines, key=lambda row: (getattr(row, key), row.place, row.code), reverse=page.desc)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in the list."""

    code: str
    number: int
    places: str
    outcome: Outcome
    words: str
    citation: str
    sure: Evidence
    counsel: str
    from_on: object


def rule_rows(rules: Iterable[Rule], filters: Filters, page: PageAsk) -> list[RuleLine]:
    """The rules that filters find, sorted."""
    text = filters.text.lower()

    def any_of(key: str, *values: str) -> bool:
        wanted = filters.many(key)
        return not wanted or any(value in wanted for value in values)

    def fits(one: Rule) -> bool:
        states = filters.many("state")
        return (
            (not text or text in f"{one.code} {one.words} {one.citation}".lower())
            and (not states or any(one.concerns(state) for state in states))
            and any_of("outcome", one.outcome.value)
            and any_of("sure", one.evidence.value)
            and any_of("counsel", "yes" if one.signed_off else "no")
        )

    lines = [
        RuleLine(
            one.code, one.number, "all" if EVERYWHERE in one.places else " ".join(one.places), one.outcome, one.words,
            one.citation, one.evidence, one.signed_off, one.from_on,
        )
        for one in rules
        if fits(one)
    ]  # fmt: skip
    return sorted(lines, key=lambda row: (str(getattr(row, page.sort or "code") or ""), row.code), reverse=page.desc)


SCOPE = TableSpec(
    name="agreements.scope",
    noun=("task", "tasks"),
    sort="practice_name",
    search="practice, line or task",
    row_key=lambda row: row.key,
    row_link=lambda row: reverse("agreements:scope-of", args=[row.agreement]),
    columns=(
        Column("words", "Task", sort=True, heading=True, hint=lambda row: row.line),
        Column("practice_name", "Practice", sort=True),
        Column("line", "Line", sort=True, wide=True, hidden=True),
        Column("does", "Does it", sort=True, named=True, value=lambda row: _named(row, row.does)),
        Column("decides", "Decides", sort=True, named=True, value=lambda row: _named(row, row.decides)),
        Column("approves", "Approves", value=lambda row: _named(row, row.approves), wide=True),
        Column("told", "Is told", value=lambda row: _named(row, row.told), wide=True),
        Column("standing", "Today", "status", sort=True),
        Column("starts_on", "From", "day", sort=True, wide=True),
        Column("ends_on", "Ends", "day", sort=True, wide=True, hidden=True),
        Column("volume", "Volume", says=True, wide=True, hidden=True),
        Column("level", "Credit for what is late", says=True, wide=True, hidden=True),
        Column("reserved", "Reserved", "code", wide=True),
        Column("agreement", "Agreement", "code", wide=True, hidden=True),
    ),
    filters=(
        Filter("is", "Today", choices=[(one.value, one.label) for one in TaskStanding]),
        Filter("line", "Line", choices=list(LINES.items())),
        Filter("does", "Does it", choices=[(one.value, one.label) for one in Who]),
        Filter("decides", "Decides", choices=[(one.value, one.label) for one in Who]),
        Filter("approves", "Approves", choices=[(one.value, one.label) for one in Who]),
        Filter("reserved", "Reserved", choices=[("yes", "A reserved decision"), ("no", "Not reserved")]),
        Filter("practice", "Practice", choices=practice_choices),
    ),
    empty=Empty(
        "No tasks yet", "Executed agreements list them: who does what for a practice, and who decides.", icon="columns"
    ),
)
TASK_LIST = TableSpec(
    name="agreements.tasks",
    noun=("task", "tasks"),
    sort="line",
    search="code or words",
    row_key=lambda row: row.code,
    row_link=lambda row: reverse("agreements:task", args=[row.code]),
    columns=(
        Column("words", "Task", sort=True, heading=True, hint=lambda row: row.code),
        Column("line", "Line", sort=True, value=lambda row: line_words(row.line)),
        Column("does", "Does it", named=True, value=lambda row: row.does.label),
        Column("decides", "Decides", named=True, value=lambda row: row.decides.label),
        Column("approves", "Approves", value=lambda row: row.approves.label, wide=True),
        Column("told", "Is told", value=lambda row: row.told.label, wide=True),
        Column("reserved", "Reserved", "code", wide=True),
        Column("number", "Version", "count", sort=True, wide=True),
    ),
    filters=(
        Filter("line", "Line", choices=list(LINES.items())),
        Filter("reserved", "Reserved", choices=[("yes", "A reserved decision"), ("no", "Not reserved")]),
        Filter("from", "From", choices=[("ours", "OpenMSO"), ("own", "This office")]),
    ),
    empty=Empty(
        "No tasks yet", "What drafts put in scope comes with the product; an office writes its own.", icon="columns"
    ),
)

INITIATIVE_LIST = TableSpec(
    name="agreements.initiatives",
    noun=("initiative", "initiatives"),
    sort="words",
    search="practice or initiative",
    row_key=lambda row: row.key,
    row_link=lambda row: reverse("agreements:initiative", args=[row.code]),
    columns=(
        Column("words", "Initiative", sort=True, heading=True, hint=lambda row: row.says),
        Column("practice_name", "Practice", sort=True),
        Column("part", "Today", "status", sort=True),
        Column("since", "Since", "day", sort=True),
        Column("by", "Said by", wide=True),
        Column("uses", "What it uses", wide=True, hidden=True),
    ),
    filters=(
        Filter("is", "Today", choices=[(one.value, one.label) for one in TakesPart]),
        Filter("initiative", "Initiative", "text"),
        Filter("practice", "Practice", choices=practice_choices),
    ),
    empty=Empty(
        "No initiatives yet",
        "What the network offers stands here for each practice, off until its owner says yes.",
        icon="link",
    ),
)


def _named(row: TaskRow, who: Who) -> str:
    """Somebody with a part in a task; the outside party by its name, nobody as nothing."""
    if who is Who.NOBODY:
        return ""
    return row.outside if who is Who.OUTSIDE and row.outside else who.label


def task_rows(found: Iterable[CatalogueTask], filters: Filters, page: PageAsk) -> list[CatalogueTask]:
    """The tasks of the catalogue that filters find, sorted; by line, in the order of the lines."""
    words, lines = filters.text.lower(), list(LINES)

    def fits(one: CatalogueTask) -> bool:
        chosen = (
            ("line", one.line), ("reserved", "yes" if one.reserved else "no"), ("from", "own" if one.number else "ours")
        )  # fmt: skip
        wanted = all(not filters.many(key) or value in filters.many(key) for key, value in chosen)
        return wanted and (not words or words in f"{one.code} {one.words}".lower())

    def place(one: CatalogueTask) -> tuple[object, str]:
        return (lines.index(one.line) if page.sort in ("", "line") else getattr(one, page.sort), one.code)

    return sorted(filter(fits, found), key=place, reverse=page.desc)
