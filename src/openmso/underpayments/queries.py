"""Questions about lines that were paid short, disputes, other differences, and what rules propose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from openmso.kit import conditions
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.parties.queries import payers
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.underpayments.contracts import (
    About,
    DifferenceRow,
    Dispute,
    Owner,
    ProposalRow,
    RuleRow,
    ShortLine,
    Treatment,
)
from openmso.underpayments.contracts import Sum as SumOf
from openmso.underpayments.models import Difference, PostingRule, Proposal, Underpayment
from openmso.underpayments.models import Dispute as DisputeModel
from openmso.underpayments.rules import posting
from openmso.underpayments.states import Cause, Proposed, S

NO_RULE = "none"
"""Asks for differences about which no rule has spoken."""
SORTS = {
    "short": "short_amount", "expected": "expected_amount", "allowed": "allowed_amount", "claim": "claim_name",
    "code": "code", "found_on": "found_on", "recovered": "recovered_amount",
}  # fmt: skip


def listing(*, filters: Filters, page: PageAsk) -> Page[ShortLine]:
    """Lines paid short in the practices of the scope, what is missing most first unless asked otherwise."""
    rows = filtered(filters)
    order = F(SORTS.get(page.sort, "short_amount"))
    rows = rows.order_by(order.desc() if page.desc or page.sort not in SORTS else order.asc(), "pk")
    sums = rows.aggregate(**{name: Sum(f"{name}_amount") for name in ("expected", "allowed", "short", "recovered")})
    total = {name: Money.of(value) if value is not None else ZERO for name, value in sums.items()}
    count = rows.count()
    return Page(told(list(rows[page.offset : page.offset + page.size])), count, page, totals=total)


def filtered(filters: Filters) -> QuerySet[Underpayment]:
    """The rows that filters leave: state, cause, payer; the text is a claim or how a code begins."""
    rows = Underpayment.objects.all()
    if states := filters.many("is"):
        rows = rows.filter(state__in=states)
    if causes := filters.many("cause"):
        rows = rows.filter(cause__in=causes)
    if named := filters.many("payer"):
        rows = rows.filter(payer_id__in=payers.keys(named))
    if text := filters.text.strip().upper():
        rows = rows.filter(Q(claim_name=text) | Q(code__startswith=text) | Q(public_id=text))
    return rows


def found(practice: int) -> Iterator[tuple[str, int, int, date, Decimal]]:
    """Underpayment, claim, payer, the day it was found and what was missing then, for those who measure."""
    rows = Underpayment.objects.filter(practice_id=practice).order_by("pk")
    missing = F("short_amount") + F("recovered_amount")
    yield from rows.annotate(missing=missing).values_list("public_id", "claim_id", "payer_id", "found_on", "missing")


def underpayment(public_id: str) -> ShortLine:
    """One line that was paid short; raises `NotFound`."""
    row = Underpayment.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no underpayment {public_id}.")
    return told([row])[0]


def disputes(*, practice: int | None = None) -> list[Dispute]:
    """The disputes of the scope (of a practice), the latest first."""
    rows = DisputeModel.objects.order_by("-pk")
    if practice is not None:
        rows = rows.filter(practice_id=practice)
    names = payers.names()
    return [
        Dispute(
            row.public_id, row.practice_id, names[row.payer_id], row.lines, Money.of(row.amount), row.document,
            row.made_at, row.made_by,
        )
        for row in rows[:200]
    ]  # fmt: skip


def told(rows: list[Underpayment]) -> list[ShortLine]:
    """Rows as they leave the app."""
    names = payers.names()
    practices = {one.pk: one.name for one in tenancy.tenants()}
    named = dict(
        DisputeModel.objects.filter(pk__in=[row.dispute_id for row in rows if row.dispute_id]).values_list(
            "pk", "public_id"
        )
    )
    return [
        ShortLine(
            row.public_id, row.practice_id, practices[row.practice_id], row.claim_name, row.line, row.code,
            row.service_on, row.payer_id, names[row.payer_id], Money.of(row.expected_amount),
            Money.of(row.allowed_amount), Money.of(row.short_amount), Money.of(row.recovered_amount),
            Cause(row.cause), S(row.state), row.source, row.term, row.payment, tuple(row.reasons), row.found_on,
            row.why, named.get(row.dispute_id or 0, ""),
        )
        for row in rows
    ]  # fmt: skip


# ---- rules of posting -------------------------------------------------------------------------------------------


def rules(*, on: date) -> list[RuleRow]:
    """The posting rules as they hold on a day, or will hold, and what each came to; withdrawn ones last."""
    versions: dict[str, list[PostingRule]] = {}
    for row in PostingRule.objects.select_related("payer").order_by("code", "number"):
        versions.setdefault(row.code, []).append(row)
    sums = _sums()
    shown = [
        _rule(next((one for one in reversed(rows) if one.starts_on <= on), rows[-1]), sums, on=on)
        for rows in versions.values()
    ]
    return sorted(shown, key=lambda one: (one.withdrawn, not one.payer, one.code))


def rule(code: str, *, on: date) -> list[RuleRow]:
    """Every version of a posting rule, the latest first; raises `NotFound`."""
    rows = list(PostingRule.objects.select_related("payer").filter(code=code).order_by("-number"))
    if not rows:
        raise NotFound(f"There is no posting rule {code}.")
    holding = next((one.number for one in rows if one.starts_on <= on), 0)
    sums = _sums()
    return [_rule(one, sums, on=on, holds=one.number == holding) for one in rows]


def _sums() -> dict[tuple[str, str], SumOf]:
    rows = Proposal.objects.values_list("rule", "state").annotate(n=Count("pk"), sum=Sum("amount"))
    return {(rule, state): SumOf(count, Money.of(amount)) for rule, state, count, amount in rows}


def _rule(row: PostingRule, sums: Mapping[tuple[str, str], SumOf], *, on: date, holds: bool | None = None) -> RuleRow:
    came = {one: sums.get((row.code, one.value), SumOf(0, ZERO)) for one in Proposed}
    return RuleRow(
        code=row.code, number=row.number, title=row.title, payer=row.payer.public_id if row.payer else "",
        payer_name=row.payer.name if row.payer else "Every payer", when=row.when,
        when_words=conditions.in_words(conditions.read(row.when, posting.PROPERTIES)),
        about=About(row.about), owner=Owner(row.owner),
        treatment=Treatment(row.treatment), words=row.words, starts_on=row.starts_on, withdrawn=row.withdrawn,
        holds=(row.starts_on <= on if holds is None else holds) and not row.withdrawn, why=row.why, at=row.at,
        by=row.by, waits=came[Proposed.WAITS], taken=came[Proposed.TAKEN], declined=came[Proposed.DECLINED],
        lapsed=came[Proposed.LAPSED],
    )  # fmt: skip


def proposals(*, filters: Filters, page: PageAsk) -> Page[ProposalRow]:
    """What rules propose in the practices of the scope, the most dollars first; those that wait unless asked."""
    found = Proposal.objects.filter(state__in=filters.many("is") or [Proposed.WAITS])
    if codes := filters.many("rule"):
        found = found.filter(rule__in=codes)
    if kinds := filters.many("about"):
        found = found.filter(Q(difference__about__in=kinds) | Q(underpayment__isnull=About.SHORT.value not in kinds))
    if text := filters.text.strip().upper():
        found = found.filter(
            Q(underpayment__claim_name=text) | Q(underpayment__code__startswith=text)
            | Q(difference__claim_name=text) | Q(difference__code__startswith=text)
        )  # fmt: skip
    sums = found.aggregate(count=Count("pk"), amount=Sum("amount"))
    ordered = _with_subjects(found).order_by("amount" if page.sort and not page.desc else "-amount", "pk")
    rows = _proposals(list(ordered[page.offset : page.offset + page.size]))
    return Page(rows, sums["count"], page, totals={"amount": Money.of(sums["amount"] or 0)})


def proposals_of(subject: str) -> list[ProposalRow]:
    """What rules proposed for a line paid short, or another difference, the latest first."""
    found = _with_subjects(Proposal.objects.filter(**{f"{named_by(subject)}__public_id": subject}))
    return _proposals(list(found.order_by("-pk")))


def named_by(subject: str) -> str:
    """What a public id names: a `difference`, or a line paid short (`underpayment`)."""
    return "difference" if subject.startswith("DIF-") else "underpayment"


def must_be(subject: str) -> None:
    """Raises `NotFound` where there is no such line or difference in the scope."""
    if named_by(subject) == "difference":
        difference(subject)
    else:
        underpayment(subject)


def _with_subjects(found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return found.select_related("underpayment__payer", "difference")


def _proposals(rows: list[Proposal]) -> list[ProposalRow]:
    practices = {one.pk: one.name for one in tenancy.tenants()} if rows else {}
    return [_proposal(row, practices) for row in rows]


def _proposal(row: Proposal, practices: Mapping[int, str]) -> ProposalRow:
    of, line = row.difference, row.underpayment
    about = of or line
    assert about is not None, "a proposal is about one thing"
    return ProposalRow(
        subject=about.public_id, about=About(of.about) if of else About.SHORT, claim=about.claim_name, line=about.line,
        code=about.code, payer=line.payer.name if line else of.payer_name if of else "", practice=row.practice_id,
        practice_name=practices[row.practice_id], owner=Owner(row.owner), rule=row.rule, number=row.number,
        title=row.title, treatment=Treatment(row.treatment), words=row.words, amount=Money.of(row.amount),
        state=Proposed(row.state), proposed_at=row.proposed_at, decided_by=row.decided_by, why=row.why,
    )  # fmt: skip


# ---- other differences ------------------------------------------------------------------------------------------

DIFFERENCE_SORTS = {"amount": "amount", "found_on": "found_on", "claim": "claim_name", "code": "code"}


def differences(*, filters: Filters, page: PageAsk) -> Page[DifferenceRow]:
    """Where payments differ in another way than paid short, the latest first; those that still do, unless asked."""
    rows = _differing(filters)
    order = F(DIFFERENCE_SORTS.get(page.sort, "found_on"))
    rows = rows.order_by(order.desc() if page.desc or page.sort not in DIFFERENCE_SORTS else order.asc(), "-pk")
    sums = rows.aggregate(count=Count("pk"), amount=Sum("amount"))
    shown = list(rows[page.offset : page.offset + page.size])
    return Page(_differences(shown), sums["count"], page, totals={"amount": Money.of(sums["amount"] or 0)})


def _differing(filters: Filters) -> QuerySet[Difference]:
    rows = Difference.objects.all() if filters.one("gone") else Difference.objects.filter(gone_on=None)
    if kinds := filters.many("about"):
        rows = rows.filter(about__in=kinds)
    if named := filters.many("payer"):
        rows = rows.filter(payer_id__in=payers.keys(named))
    if states := filters.many("proposed"):
        mine = Proposal.objects.exclude(difference=None)
        asked = Q(pk__in=mine.filter(state__in=states).values("difference_id"))
        rows = rows.filter(asked | ~Q(pk__in=mine.values("difference_id")) if NO_RULE in states else asked)
    if text := filters.text.strip().upper():
        said = Q(claim_name=text) | Q(source=text) | Q(public_id=text) | Q(code__startswith=text)
        rows = rows.filter(said | Q(reasons__contains=[text]) | Q(remarks__contains=[text]))
    return rows


def difference(public_id: str) -> DifferenceRow:
    """One difference; raises `NotFound`."""
    row = Difference.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no difference {public_id}.")
    return _differences([row])[0]


def _differences(rows: list[Difference]) -> list[DifferenceRow]:
    practices = {one.pk: one.name for one in tenancy.tenants()} if rows else {}
    said = _with_subjects(Proposal.objects.filter(difference__in=[row.pk for row in rows])).order_by("pk")
    latest = {one.difference_id: one for one in said}
    return [
        DifferenceRow(
            row.public_id, row.practice_id, practices[row.practice_id], About(row.about), row.words, row.source,
            row.claim_name, row.line, row.code, row.service_on, row.payer_name, tuple(row.reasons), tuple(row.remarks),
            None if row.expected_amount is None else Money.of(row.expected_amount), Money.of(row.amount), row.found_on,
            row.gone_on, _proposal(latest[row.pk], practices) if row.pk in latest else None,
        )
        for row in rows
    ]  # fmt: skip


def rule_choices() -> list[tuple[str, str]]:
    """The posting rules, as filters name them."""
    return list(PostingRule.objects.order_by("code", "-number").distinct("code").values_list("code", "title"))
