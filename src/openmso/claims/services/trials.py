"""Dry runs of rules over the claims of the last 90 days, and what came of the claims that live rules hit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from openmso.claims import contracts
from openmso.claims.models.claims import Claim
from openmso.claims.models.findings import ClaimFinding, Override
from openmso.claims.models.trials import DryRun, RuleHit, RuleTally
from openmso.claims.queries import rulebook, trying
from openmso.claims.queries.trying import DAYS
from openmso.claims.rules import catalogue
from openmso.kit.errors import Refused
from openmso.kit.ids import public_id
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.models import unlisted
from openmso.platform.tenancy.scope import atomic, current

STEP = 500
"""Claims of one transaction of a dry run; what was judged stays judged when the next step fails."""
SAMPLES = 10
OUTCOMES = ("denied", "paid", "waiting")


def begin(*, actor: Actor, rule: str, at: datetime, now: bool = False) -> str:
    """Ask what a rule (its draft, if one waits) would have said of the claims of the last 90 days in every practice
    in reach; done `now` or as jobs. Returns the key that its parts share."""
    key, parts = _freeze(actor, rule, at, now)
    for part in parts if now else ():
        while go_on(run=part, at=at):
            pass
    return key


@atomic
def _freeze(actor: Actor, rule: str, at: datetime, now: bool) -> tuple[str, list[str]]:
    text = dict(rulebook.latest_text(rule))
    key, parts = public_id("DRY"), []
    for practice in sorted(current().practices):
        decision = actor.may(contracts.DRAFT_RULES.code, practice)
        since = tenancy.today(practice, at) - timedelta(days=DAYS)
        total = trying.standing(since).filter(practice_id=practice).count()
        if not total or not decision.allowed:
            continue
        run = DryRun.objects.create(
            practice_id=practice, key=key, rule=rule, text=text, since=since, total=total, started_at=at,
            actor_name=actor.name[:160], user=actor.user_id,
        )  # fmt: skip
        parts.append(run.public_id)
        if not now:
            jobs.defer("claims.dry_run", practice=practice, behind=decision.grant, run=run.public_id)
    if not parts:
        raise Refused(
            f"No practice in your reach has a claim of the last {DAYS} days.", code="no_claims", fix="Wait for some."
        )
    return key, parts


def go_on(*, run: str, at: datetime) -> bool:
    """Judge the next claims of a dry run, in a transaction of its own; whether more are left. Safe after a crash."""
    with atomic.open():
        row = DryRun.objects.select_for_update().get(public_id=run)
        found = trying.standing(row.since).filter(practice_id=row.practice_id, pk__gt=row.last).order_by("pk")
        claims: Sequence[Claim] = list(found[:STEP])
        if claims:
            _judge(row, claims, tenancy.today(row.practice_id, at))
            row.done, row.last = row.done + len(claims), claims[-1].pk
        if len(claims) < STEP:
            row.finished_at = at
        row.save()
        return row.finished_at is None


def _judge(run: DryRun, claims: Sequence[Claim], today: date) -> None:
    aside = set(Override.objects.filter(claim__in=claims, code=run.rule).values_list("claim_id", flat=True))
    for one in trying.outcomes(catalogue.written(run.rule, 0, run.text), claims, today=today):
        row, outcome = one.claim, one.came
        run.unsure += one.unsure
        if not one.hit:
            continue
        run.hits += 1
        run.set_aside += row.pk in aside
        run.denied_amount += row.denied_amount
        setattr(run, outcome, getattr(run, outcome) + 1)
        kept = run.samples.setdefault(outcome, [])
        if len(kept) < SAMPLES:
            kept.append(row.public_id)


def tally(*, at: datetime) -> int:
    """Count anew what came of the claims that each rule hit in the last 90 days, in every practice in scope."""
    return sum(_tally(practice, at) for practice in sorted(current().practices))


@atomic
def _tally(practice: int, at: datetime) -> int:
    same = {"practice_id": OuterRef("practice_id"), "claim_id": OuterRef("claim_id"), "code": OuterRef("code")}
    stands = Exists(unlisted(ClaimFinding.objects.filter(**same)))
    aside = Exists(unlisted(Override.objects.filter(**same)))
    went = Q(stands=True)
    denied, paid = Q(claim__denied_amount__gt=0), Q(claim__paid_amount__gt=0)
    rows = (
        RuleHit.objects.filter(practice_id=practice, first_at__gte=at - timedelta(days=DAYS))
        .annotate(stands=stands, aside=aside)
        .order_by()
        .values("code")
        .annotate(
            hits=Count("pk"), mended=Count("pk", filter=~went), set_aside=Count("pk", filter=Q(aside=True)),
            denied=Count("pk", filter=went & denied), paid=Count("pk", filter=went & ~denied & paid),
            waiting=Count("pk", filter=went & ~denied & ~paid),
        )
    )  # fmt: skip
    RuleTally.objects.filter(practice_id=practice).delete()
    made = RuleTally.objects.bulk_create(RuleTally(practice_id=practice, counted_at=at, **row) for row in rows)
    return len(made)
