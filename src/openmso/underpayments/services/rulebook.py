"""Posting rules: writing them, and asking them about lines paid short and other differences."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from openmso.kit import conditions
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.underpayments import contracts
from openmso.underpayments.contracts import OF_SHORT, About, Treatment
from openmso.underpayments.models import Difference, PostingRule, Proposal, Underpayment
from openmso.underpayments.rules import posting
from openmso.underpayments.states import Cause, Proposed, S

ASKED_DAYS = 120
"""How long ago a difference may have been found that rules are asked about anew."""
LINE, DIFFERENCE = "underpayment", "difference"
"""What a proposal is about: the field that names it."""
Rules = dict[str, tuple[posting.Rule, PostingRule]]


@atomic
def write_rule(*, actor: Actor, mso: int, draft: contracts.RuleDraft, at: datetime) -> int:
    """Write a version of a posting rule, the first one included; its number. What it proposed before stays as it is.

    Raises `BadCondition` with the place of the fault, and `Refused` for a version without words or a reason, one
    that begins in the past, speaks about another kind of difference than before, or proposes what is no answer to it.
    """
    decision = actor.must(contracts.RULES.code, mso)
    when = conditions.read(draft.when, posting.PROPERTIES)
    last = PostingRule.objects.filter(code=draft.code).order_by("-number").first()
    _refuse_draft(draft, last, today=tenancy.today(mso, at))
    number = last.number + 1 if last else 1
    PostingRule.objects.create(
        code=draft.code, number=number, title=draft.title.strip()[:120], payer_id=draft.payer_id, about=draft.about,
        owner=draft.owner, when=conditions.written(when), treatment=draft.treatment, words=draft.words.strip()[:200],
        starts_on=draft.starts_on, withdrawn=draft.withdrawn, why=draft.why.strip()[:300], at=at, by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action="underpayments.rule_written", practice=mso, at=at, why=draft.why, decision=decision,
        subject=("underpayments.postingrule", draft.code), facts={"number": number},
    )  # fmt: skip
    return number


def _refuse_draft(draft: contracts.RuleDraft, last: PostingRule | None, *, today: date) -> None:
    for field, said in (("title", draft.title), ("words", draft.words), ("why", draft.why)):
        if not said.strip():
            raise Refused("A rule says what it is, what it proposes, and why.", field=field, fix="Write a sentence.")
    if draft.starts_on < today:
        raise Refused("A version begins today or later.", field="starts_on", fix="What was proposed stays as it is.")
    if last is not None and last.about != draft.about:
        raise Refused(
            f"{draft.code} speaks about what is {About(last.about).label.lower()}.", field="about",
            fix="Write another rule about the other.",
        )  # fmt: skip
    if draft.about is About.SHORT and draft.treatment not in OF_SHORT:
        raise Refused(
            "A line that was paid short is accepted, disputed, or asked about.", field="treatment",
            fix="Choose one of these, or another kind of difference.",
        )  # fmt: skip
    if draft.about is not About.SHORT and draft.treatment in {Treatment.ACCEPT, Treatment.DISPUTE}:
        raise Refused(
            "Only a line that was paid short is accepted or disputed.", field="treatment",
            fix="Propose what its owner does next.",
        )  # fmt: skip


@atomic
def propose(*, actor: Actor, practice: int, at: datetime) -> int:
    """Ask the rules anew about every open line, and what differed lately; how many proposals of the practice wait."""
    actor.must(contracts.WORK.code, practice)
    today = tenancy.today(practice, at)
    waiting = Proposal.objects.filter(practice_id=practice, state=Proposed.WAITS)
    lines = set(Underpayment.objects.filter(practice_id=practice, state=S.OPEN).values_list("pk", flat=True))
    lines |= set(waiting.exclude(underpayment=None).values_list("underpayment_id", flat=True))
    since = today - timedelta(days=ASKED_DAYS)
    lately = Difference.objects.filter(practice_id=practice, gone_on=None, found_on__gte=since)
    differing = set(lately.values_list("pk", flat=True))
    differing |= set(waiting.exclude(difference=None).values_list("difference_id", flat=True))
    ask_about_lines(practice, lines, today, at)
    ask_about_differences(practice, differing, today, at)
    return waiting.count()


def ask_about_lines(practice: int, lines: Collection[int], today: date, at: datetime) -> None:
    """What the rules of the day propose for lines paid short: an open one has the proposal of its rule, or none."""
    opened = Underpayment.objects.filter(practice_id=practice, pk__in=lines, state=S.OPEN).select_related("payer")
    whose = _code(practice)
    _ask(LINE, practice, lines, [(row, _short(row, whose)) for row in opened], today, at)


def ask_about_differences(practice: int, differences: Collection[int], today: date, at: datetime) -> None:
    """What the rules of the day propose for other differences that still are."""
    still = Difference.objects.filter(practice_id=practice, pk__in=differences, gone_on=None).select_related("payer")
    whose = _code(practice)
    _ask(DIFFERENCE, practice, differences, [(row, _differing(row, whose)) for row in still], today, at)


def _ask(
    field: str, practice: int, asked: Collection[int], cases: Iterable[tuple[Any, posting.Case]], today: date,
    at: datetime,
) -> None:  # fmt: skip
    """The same version does not propose again what a person decided."""
    mine = Proposal.objects.filter(practice_id=practice, **{f"{field}_id__in": asked})
    known = {(getattr(row, f"{field}_id"), row.rule, row.number): row for row in mine.order_by("pk")}
    waiting = {about: row for (about, _, _), row in known.items() if row.state == Proposed.WAITS}
    rules = _rules(today)
    if not rules and not waiting:
        return
    fresh, stand = [], set()
    for row, case in cases:
        found = posting.first([one for one, _ in rules.values()], case)
        if found is None:
            continue
        before = known.get((row.pk, found.code, found.number))
        if before is not None and before.state != Proposed.LAPSED:
            stand.add(before.pk)
        else:
            fresh.append(_proposal(field, row, case, rules[found.code][1], at))
    lapse(field, practice, [about for about, row in waiting.items() if row.pk not in stand], at)
    Proposal.objects.bulk_create(fresh, batch_size=1000)


def lapse(field: str, practice: int, subjects: Collection[int], at: datetime) -> None:
    """What waits for a person on these waits no more: something else happened to them."""
    waiting = Proposal.objects.filter(practice_id=practice, state=Proposed.WAITS, **{f"{field}_id__in": subjects})
    waiting.update(state=Proposed.LAPSED, decided_at=at)


def _rules(today: date) -> Rules:
    """The rules that hold on a day, by code."""
    rows = PostingRule.objects.filter(starts_on__lte=today).select_related("payer").order_by("code", "-number")
    return {
        row.code: (
            posting.Rule(row.code, row.number, row.payer.public_id if row.payer else "",
                         conditions.read(row.when, posting.PROPERTIES), About(row.about)),
            row,
        )
        for row in rows.distinct("code") if not row.withdrawn
    }  # fmt: skip


def _code(practice: int) -> str:
    return next(one.code for one in tenancy.tenants() if one.pk == practice)


def _short(row: Underpayment, practice: str) -> posting.Case:
    return posting.Case(
        About.SHORT, practice, row.payer.public_id, row.payer.name, row.code, row.service_on, row.found_on,
        row.short_amount, frozenset(row.reasons), expected=row.expected_amount, allowed=row.allowed_amount,
        cause=Cause(row.cause).value,
    )  # fmt: skip


def _differing(row: Difference, practice: str) -> posting.Case:
    payer = row.payer
    return posting.Case(
        About(row.about), practice, payer.public_id if payer else "", payer.name if payer else row.payer_name, row.code,
        row.service_on, row.found_on, row.amount, frozenset(row.reasons), frozenset(row.remarks), row.expected_amount,
    )  # fmt: skip


def _proposal(field: str, row: Any, case: posting.Case, rule: PostingRule, at: datetime) -> Proposal:
    return Proposal(
        practice_id=row.practice_id, rule=rule.code, number=rule.number, title=rule.title, treatment=rule.treatment,
        owner=rule.owner, words=rule.words, amount=case.amount, state=Proposed.WAITS, proposed_at=at, **{field: row},
    )  # fmt: skip
