"""Questions about lines that were paid short, and disputes."""

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
from openmso.underpayments.contracts import Dispute, ProposalRow, RuleRow, ShortLine, Treatment
from openmso.underpayments.contracts import Sum as SumOf
from openmso.underpayments.models import Dispute as DisputeModel
from openmso.underpayments.models import PostingRule, Proposal, Underpayment
from openmso.underpayments.rules import posting
from openmso.underpayments.states import Cause, Proposed, S

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
        treatment=Treatment(row.treatment), words=row.words, starts_on=row.starts_on, withdrawn=row.withdrawn,
        holds=(row.starts_on <= on if holds is None else holds) and not row.withdrawn, why=row.why, at=row.at,
        by=row.by, waits=came[Proposed.WAITS], taken=came[Proposed.TAKEN], declined=came[Proposed.DECLINED],
        lapsed=came[Proposed.LAPSED],
    )  # fmt: skip


def proposals(*, filters: Filters, page: PageAsk) -> Page[ProposalRow]:
    """What rules propose in the practices of the scope, what is missing most first; those that wait unless asked."""
    found = Proposal.objects.filter(state__in=filters.many("is") or [Proposed.WAITS])
    if codes := filters.many("rule"):
        found = found.filter(rule__in=codes)
    if text := filters.text.strip().upper():
        found = found.filter(Q(underpayment__claim_name=text) | Q(underpayment__code__startswith=text))
    sums = found.aggregate(count=Count("pk"), amount=Sum("amount"))
    ordered = found.select_related("underpayment").order_by(
        "amount" if page.sort and not page.desc else "-amount", "pk"
    )
    rows = _proposals(list(ordered[page.offset : page.offset + page.size]))
    return Page(rows, sums["count"], page, totals={"amount": Money.of(sums["amount"] or 0)})


def proposals_of(underpayment: str) -> list[ProposalRow]:
    """What rules proposed for a line, the latest first."""
    found = Proposal.objects.filter(underpayment__public_id=underpayment).select_related("underpayment")
    return _proposals(list(found.order_by("-pk")))


def _proposals(rows: list[Proposal]) -> list[ProposalRow]:
    lines = told([row.underpayment for row in rows])
    return [
        ProposalRow(
            line, row.rule, row.number, row.title, Treatment(row.treatment), row.words, Money.of(row.amount),
            Proposed(row.state), row.proposed_at, row.decided_by, row.why,
        )
        for row, line in zip(rows, lines, strict=True)
    ]  # fmt: skip


def rule_choices() -> list[tuple[str, str]]:
    """The posting rules, as filters name them."""
    return list(PostingRule.objects.order_by("code", "-number").distinct("code").values_list("code", "title"))
