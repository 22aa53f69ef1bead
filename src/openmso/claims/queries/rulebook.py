"""The catalogue: every rule of the house and those written on screen; the rulebook in force on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Max, Sum

from openmso.claims.contracts.rulebook import (
    Change,
    DraftView,
    DryRunView,
    Origin,
    RulePage,
    RuleRow,
    Tally,
    TextView,
    VersionView,
)
from openmso.claims.models.rulebook import RuleVersion, ScrubRule
from openmso.claims.models.trials import DryRun, RuleTally
from openmso.claims.rules import book, catalogue
from openmso.claims.rules.catalogue import Rulebook, RuleText
from openmso.claims.states import RuleState
from openmso.kit import conditions
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.contracts import PayerKind, Specialty
from openmso.parties.queries import payers
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk

EVERYWHERE = "Everywhere"
SAMPLES_SHOWN = 10


# ---- in force -------------------------------------------------------------------------------------------------


def in_force(on: date) -> Rulebook:
    """The rulebook of a day, compiled once for its versions: two questions, however many claims are judged."""
    rows = _latest(RuleVersion.objects.filter(starts_on__lte=on).exclude(rule__retired_on__lte=on))
    return _compiled(tuple((row.rule.code, row.number, row.sha256) for row in rows))


def _latest(rows: Any) -> list[RuleVersion]:
    """The latest version of each rule, the one made live last first."""
    newest: dict[int, RuleVersion] = {}
    for row in rows.select_related("rule").defer("text", "rule__draft").order_by("number"):
        newest[row.rule_id] = row
    return sorted(newest.values(), key=lambda row: (row.approved_at, row.pk), reverse=True)


@lru_cache(maxsize=32)
def _compiled(live: tuple[tuple[str, int, str], ...]) -> Rulebook:
    """The digest stands for the text: a version is never changed."""
    kept = RuleVersion.objects.filter(rule__code__in=[code for code, _, _ in live])
    texts = {(code, sha): text for code, sha, text in kept.values_list("rule__code", "sha256", "text")}
    return Rulebook(catalogue.written(code, number, texts[code, sha]) for code, number, sha in live)


# ---- the catalogue --------------------------------------------------------------------------------------------


def rows() -> list[RuleRow]:
    """Every rule that the reader may know of: the house's own, then those written on screen."""
    newest = {row.rule_id: row for row in RuleVersion.objects.order_by("number")}
    named = _names()
    written = [
        _row(rule, newest.get(rule.pk), named)
        for rule in ScrubRule.objects.order_by("code")
        if _is_visible(_text(rule, newest.get(rule.pk)))
    ]
    counted = tallies()
    return [replace(row, tally=counted.get(row.code)) for row in (*map(_house, book.SCRUB), *written)]


def listing(*, filters: Filters, page: PageAsk) -> Page[RuleRow]:
    """The catalogue narrowed and sorted; some hundred rules are looked through as they are."""
    found = [row for row in rows() if _matches(row, filters)]
    if page.sort == "hits":
        found.sort(key=lambda row: (row.tally.hits if row.tally else 0, row.code), reverse=page.desc)
    elif page.sort:
        found.sort(key=lambda row: (str(getattr(row, page.sort) or "").lower(), row.code), reverse=page.desc)
    return Page(found[page.offset : page.offset + page.size], len(found), page)


def _matches(row: RuleRow, filters: Filters) -> bool:
    wanted = (("is", row.state.value), ("action", row.action), ("origin", row.origin.value))
    said = f"{row.code} {row.title} {row.scope} {row.source} {row.of}".lower()
    return all(not filters.many(key) or has in filters.many(key) for key, has in wanted) and all(
        word in said for word in filters.text.lower().split()
    )


def page(code: str) -> RulePage:
    """A rule with its versions, its draft, its adjustments; raises `NotFound`."""
    if house := book.BY_CODE.get(code):
        shown = replace(_house(house), tally=tallies().get(code))
        adjustments = tuple(row for row in rows() if row.of == code)
        return RulePage(shown, adjustments=adjustments, dry_run=last_dry_run(code))
    rule = find(code)
    kept = list(RuleVersion.objects.filter(rule=rule).order_by("-number"))
    named = _names()
    draft = None
    if rule.draft is not None and rule.drafted_at is not None:
        draft = DraftView(rule.drafted_by, rule.drafted_name, rule.drafted_at, _says(rule.code, rule.draft, named))
    return RulePage(
        replace(_row(rule, kept[0] if kept else None, named), tally=tallies().get(code)),
        versions=tuple(
            VersionView(
                row.number, row.starts_on, row.drafted_name, row.approved_name, row.approved_at, row.why, row.sha256,
                _says(rule.code, row.text, named),
            )
            for row in kept
        ),
        draft=draft, retired_on=rule.retired_on, retired_why=rule.retired_why,
        dry_run=last_dry_run(code),
    )  # fmt: skip


def latest_text(code: str) -> Mapping[str, Any]:
    """What the draft of a rule says, or its latest version; of a rule of the house that it is asked everywhere."""
    if house := book.BY_CODE.get(code):
        return {"title": house.title, "action": "warn", "of": code, "evidence": house.source}
    rule = find(code)
    newest = RuleVersion.objects.filter(rule=rule).order_by("-number").first()
    kept: Mapping[str, Any] = rule.draft or (newest.text if newest else {})
    return kept


def find(code: str) -> ScrubRule:
    """A rule written on screen that the reader may know of; raises `NotFound`."""
    rule = ScrubRule.objects.filter(code=code).first()
    newest = RuleVersion.objects.filter(rule=rule).order_by("-number").first() if rule else None
    if rule is None or not _is_visible(_text(rule, newest)):
        raise NotFound("There is no such rule.", field="rule")
    return rule


def tallies() -> dict[str, Tally]:
    """What came of the claims that rules hit, by code, in the practices in scope, as it was counted last."""
    names = ("hits", "mended", "set_aside", "denied", "paid", "waiting")
    found = (
        RuleTally.objects.order_by()
        .values("code")
        .annotate(counted=Max("counted_at"), **{f"all_{name}": Sum(name) for name in names})
    )
    listed = found.values_list("code", *(f"all_{name}" for name in names), "counted")
    return {code: Tally(*counts) for code, *counts in listed}


def dry_run(key: str) -> DryRunView | None:
    """How far the parts of a dry run have come together, and what they found."""
    return _together(list(DryRun.objects.filter(key=key).order_by("pk")))


def last_dry_run(rule: str) -> DryRunView | None:
    """The latest dry run of a rule in the practices in scope."""
    latest = DryRun.objects.filter(rule=rule).order_by("-started_at", "-pk").first()
    return dry_run(latest.key) if latest else None


def _together(parts: list[DryRun]) -> DryRunView | None:
    if not parts:
        return None
    samples: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for outcome, names in part.samples.items():
            samples[outcome] = (*samples.get(outcome, ()), *names)[:SAMPLES_SHOWN]
    ends = [part.finished_at for part in parts]
    counts = {name: sum(getattr(part, name) for part in parts)
              for name in ("total", "done", "hits", "denied", "paid", "waiting", "set_aside", "unsure")}  # fmt: skip
    return DryRunView(
        key=parts[0].key, rule=parts[0].rule, since=min(part.since for part in parts), samples=samples,
        denied_amount=Money.of(sum((part.denied_amount for part in parts), Decimal(0))),
        started_at=parts[0].started_at, by=parts[0].actor_name,
        finished_at=max(end for end in ends if end) if all(ends) else None, **counts,
    )  # fmt: skip


def titles() -> list[tuple[str, str]]:
    """Codes with their titles, for filters by finding: every rule that was ever live."""
    own = ScrubRule.objects.filter(of="").exclude(state=RuleState.DRAFT, retired_on=None).order_by("code")
    return [*((one.code, one.title.removesuffix(".")) for one in book.SCRUB), *own.values_list("code", "title")]


def standing(codes: Collection[str]) -> dict[str, RuleRow]:
    """Rules written here by their codes, as far as they are live or being drafted and the reader may know of them."""
    return {row.code: row for row, _ in _kept() if row.code in codes}


def asking_the_same(texts: Sequence[Mapping[str, Any]]) -> list[RuleRow | None]:
    """Of each text the rule written here, live or being drafted, that asks the same of at least the same claims.

    It takes the payers that the text names, everywhere, names its codes, and asks every property that it asks.
    """
    kinds = {one.public_id: one.kind.value for one in payers.every()}
    kept, asked = _kept(), [catalogue.read(text) for text in texts]
    return [next((row for row, text in kept if _covers(text, one, kinds)), None) for one in asked]


def _kept() -> list[tuple[RuleRow, RuleText]]:
    """Rules written here that are live or being drafted, the live ones first, with what they say."""
    newest = {row.rule_id: row for row in RuleVersion.objects.order_by("number")}
    found = []
    for rule in ScrubRule.objects.filter(of="").exclude(state=RuleState.RETIRED).order_by("-state", "code"):
        text = _text(rule, newest.get(rule.pk))
        if _is_visible(text):
            found.append((_row(rule, newest.get(rule.pk), {}), catalogue.written(rule.code, 0, text).text))
    return found


def _covers(text: RuleText, other: RuleText, kinds: Mapping[str, str]) -> bool:
    mine, theirs = text.scope, other.scope
    if text.when is None or other.when is None or mine.practices or mine.states or mine.specialties:
        return False
    if mine.payers and not set(theirs.payers) <= set(mine.payers):
        return False
    if mine.payer_kinds and not {kinds.get(one, "") for one in theirs.payers} <= set(mine.payer_kinds):
        return False
    asks, wanted = ({one.name for one in conditions.comparisons(when)} for when in (text.when, other.when))
    return wanted <= asks and conditions.wanted(other.when, "line.code") <= conditions.wanted(text.when, "line.code")


def changes(page: RulePage, number: int) -> tuple[VersionView | None, VersionView, tuple[Change, ...]]:
    """A version beside the one before it, and in what they differ; raises `NotFound`."""
    by_number = {one.number: one for one in page.versions}
    after, before = by_number.get(number), by_number.get(number - 1)
    if after is None:
        raise NotFound("The rule has no such version.")
    was = dict(before.says.facts) if before else {}
    now = dict(after.says.facts)
    differing = [what for what in {**was, **now} if was.get(what, "") != now.get(what, "")]
    return before, after, tuple(Change(what, was.get(what, ""), now.get(what, "")) for what in differing)


# ---- parts ----------------------------------------------------------------------------------------------------


def _house(rule: Any) -> RuleRow:
    return RuleRow(
        rule.code, rule.title.removesuffix("."), Origin.HOUSE, RuleState.LIVE, rule.severity.value, EVERYWHERE,
        rule.source, is_firm=rule.is_firm,
    )  # fmt: skip


def _text(rule: ScrubRule, newest: RuleVersion | None) -> Mapping[str, Any]:
    kept: Mapping[str, Any] | None = newest.text if newest else rule.draft
    return kept or {}


def _is_visible(text: Mapping[str, Any]) -> bool:
    """Rules for practices that are all out of the reader's reach are none of theirs."""
    practices = (text.get("scope") or {}).get("practices") or []
    return not practices or any(tenant.code in practices for tenant in tenancy.tenants_in_scope())


def _row(rule: ScrubRule, newest: RuleVersion | None, named: Mapping[str, str]) -> RuleRow:
    text = _text(rule, newest)
    return RuleRow(
        rule.code, rule.title, Origin.ADJUSTMENT if rule.of else Origin.OWN, RuleState(rule.state),
        str(text.get("action", "hold")), _scope_words(text.get("scope") or {}, named), str(text.get("evidence", "")),
        newest.number if newest else 0, newest.starts_on if newest else None, rule.of,
        has_draft=rule.draft is not None,
    )  # fmt: skip


def _says(code: str, kept: Mapping[str, Any], named: Mapping[str, str]) -> TextView:
    one = catalogue.written(code, 0, kept)
    when = conditions.in_words(one.text.when) if one.text.when else ""
    facts = [
        ("Title", str(kept.get("title", ""))), ("What it does", catalogue.Action(kept.get("action", "hold")).words),
        ("Claims", _scope_words(kept.get("scope") or {}, named)), ("Adjusts", str(kept.get("of") or "")),
        ("When", when), ("It says", str(kept.get("words", ""))), ("What mends it", str(kept.get("fix", ""))),
        ("Evidence", str(kept.get("evidence", ""))),
    ]  # fmt: skip
    return TextView(kept, tuple((what, said) for what, said in facts if said), when, one.fault)


def _names() -> dict[str, str]:
    """Payers and practices by what scopes name them."""
    named = dict(payers.choices())
    return named | {tenant.code: tenant.name for tenant in tenancy.tenants_in_scope()}


def _scope_words(kept: Mapping[str, Any], named: Mapping[str, str]) -> str:
    labels = {one.value: one.label for one in (*PayerKind, *Specialty)} | dict(named)
    parts = [
        _several(kept.get(name) or [], labels)
        for name in ("payers", "payer_kinds", "states", "specialties", "practices")
    ]
    since, until = kept.get("service_from"), kept.get("service_until")
    days = [f"services from {since}"] if since else []
    days += [f"services before {until}"] if until else []
    return "; ".join([*filter(None, parts), *days]) or EVERYWHERE


def _several(values: Iterable[str], named: Mapping[str, str]) -> str:
    shown = [named.get(value, value) for value in values]
    return " or ".join(shown) if len(shown) < 4 else f"{', '.join(shown[:3])} and {len(shown) - 3} more"
