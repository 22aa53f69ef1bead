"""Rules asked of claims before they are made live: of one claim condition by condition, of the last months in sum."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from openmso.claims.contracts.rulebook import DryRunView, Tried
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.models.findings import Override
from openmso.claims.queries import sheets
from openmso.claims.rules import catalogue
from openmso.claims.rules.catalogue import RuleText, Written
from openmso.claims.rules.findings import Book, judge
from openmso.claims.rules.properties import Case
from openmso.claims.rules.sheet import ClaimSheet, Context
from openmso.claims.states import S
from openmso.kit import conditions
from openmso.kit.conditions import Condition
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.queries import payers
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.models import unlisted

DAYS = 90
"""How far back rules are tried, from the day of the service."""
LOOKED_AT = 1_000
"""Claims that are judged at once for somebody who waits; the latest of them."""
SAMPLES = 10
SAID = {True: "yes", False: "no", None: "cannot say"}


def tried(text: RuleText, claim: str, *, today: date) -> Tried:
    """What a rule would say of a claim today, condition by condition; raises `NotFound`."""
    row = Claim.objects.filter(public_id=claim).first()
    if row is None:
        raise NotFound(f"There is no claim {claim[:16]}.", field="claim")
    sheet, context = sheets.sheets([row], today=today)[row.pk]
    within = text.scope.takes(context.whose) and text.scope.holds_on(sheet.service_on)
    if text.when is None:
        return Tried((), within, ())
    found = judge(sheet, context, Book([catalogue.rule_of(Written("draft", text))])) if within else ()
    steps = dict.fromkeys(_steps(text.when, sheet, context))
    return Tried(tuple((one.severity.value, one.words) for one in found), within, tuple(steps))


def _steps(when: Condition, sheet: ClaimSheet, context: Context) -> Iterator[tuple[str, str, str]]:
    for line in sheet.lines if conditions.by_line(when) else (None,):
        case = Case(sheet, context, line)
        for one in conditions.comparisons(when):
            place = f"Line {line.number}: " if line and one.asked.of_line else ""
            said = SAID[conditions.interpret(one, case)]
            yield place + conditions.in_words(one).removeprefix("line: "), _answer(one.asked.ask(case)), said


def _answer(value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "empty"


# ---- of the last months ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says of one claim, and what became of the claim: denied, paid or waiting."""

    claim: Claim
    hit: bool
    unsure: bool
    came: str


def standing(since: date) -> QuerySet[Claim]:
    """The claims in scope with services since a day on which a rule is tried."""
    return Claim.objects.filter(service_on__gte=since).exclude(state__in=[S.VOIDED, S.REPLACED])


def outcomes(one: Written, claims: Sequence[Claim], *, today: date) -> Iterator[Outcome]:
    """What a rule says of each claim, on the day on which it first left, or today."""
    judge = catalogue.trial_of(one)
    judged = sheets.sheets(claims, today=today)
    for row in claims:
        hit, unsure = judge(*judged[row.pk], row.first_sent_on or today)
        came = "denied" if row.denied_amount > 0 else "paid" if row.paid_amount > 0 else "waiting"
        yield Outcome(row, hit, unsure, came)


def foreseen(text: Mapping[str, Any], *, at: datetime) -> DryRunView:
    """What a rule that nobody has written yet would have said of the claims of the last 90 days; nothing is kept.

    Only claims of the payers and codes that it names are looked at, the latest thousand of them. What was set aside
    are claims that it hits and of which a person set another finding aside.
    """
    said, today = catalogue.read(text), tenancy.network_day(at)
    since = today - timedelta(days=DAYS)
    found = _named(standing(since), said)
    total = found.count()
    claims = list(found.order_by("-service_on", "-pk")[:LOOKED_AT])
    told = [one for one in outcomes(Written("draft", said), claims, today=today) if one.hit or one.unsure]
    hits = [one for one in told if one.hit]
    aside = Override.objects.filter(claim__in=[one.claim for one in hits]).values("claim_id").distinct().count()
    counts = Counter(one.came for one in hits)
    samples: dict[str, list[str]] = defaultdict(list)
    for one in hits:
        samples[one.came].append(one.claim.public_id)
    return DryRunView(
        key="", rule="", since=since, total=total, done=len(claims), hits=len(hits), denied=counts["denied"],
        paid=counts["paid"], waiting=counts["waiting"], set_aside=aside, unsure=sum(one.unsure for one in told),
        denied_amount=Money.of(sum((one.claim.denied_amount for one in hits), Decimal(0))),
        samples={came: tuple(names[:SAMPLES]) for came, names in samples.items()}, started_at=at, finished_at=at,
    )  # fmt: skip


def in_words(text: Mapping[str, Any]) -> str:
    """The conditions of a rule's text as a sentence without a full stop."""
    when = catalogue.read(text).when
    return conditions.in_words(when) if when is not None else ""


def _named(found: QuerySet[Claim], said: RuleText) -> QuerySet[Claim]:
    """Those of the payers and of the codes that a rule names."""
    if said.scope.payers:
        found = found.filter(payer_id__in=payers.keys(said.scope.payers))
    if said.when is not None and (codes := conditions.wanted(said.when, "line.code")):
        lines = ClaimLine.objects.filter(practice_id=OuterRef("practice_id"), claim_id=OuterRef("pk"), code__in=codes)
        found = found.filter(Exists(unlisted(lines)))
    return found
