"""What happened to each claim of a practice, as whole columns: for those who measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate

from openmso.claims.contracts import ClaimMeasure
from openmso.claims.models.acknowledgements import ClaimAnswer
from openmso.claims.models.claims import Claim, ClaimLine, Decision
from openmso.claims.models.submissions import Submission
from openmso.claims.models.turns import EarlierPayer
from openmso.claims.queries.first_asked import FIRST
from openmso.claims.states import S
from openmso.eligibility.contracts import AuthorizationRule, Permit
from openmso.eligibility.queries import permits
from openmso.platform.tenancy import queries as tenancy

AT_A_TIME = 2_000
FIRST_RANKS = (0, 1)
"""Of a first payer; a payment that does not say its payer's rank counts as one."""


def claims(practice: int) -> Iterator[ClaimMeasure]:
    """Every claim of a practice, each kind of claim and each state; what is asked of later payers is the same claim."""
    zone = ZoneInfo(tenancy.zone(practice))
    answers = ClaimAnswer.objects.filter(practice_id=practice, claim__isnull=False).exclude(acknowledgement__kind="277")
    said = dict(answers.values("claim_id").annotate(no=BoolOr(Q(is_accepted=False))).values_list("claim_id", "no"))
    turned = _turned(practice)
    said |= _said_first(answers, turned)
    sent_first = _sent_first(practice, turned)
    rows = Claim.objects.filter(practice_id=practice).values_list(
        "pk", "public_id", "payer_id", "rendering_id", "ordinal", "frequency", "state", "state_at", "service_on",
        "built_at", "first_sent_on", "version", "total_amount", "open_amount",
    )  # fmt: skip
    for key, name, payer, clinician, ordinal, frequency, state, moved, served, built, sent, version, total, left in (
        rows.iterator(chunk_size=AT_A_TIME)
    ):  # fmt: skip
        stands, on = S(state), moved.astimezone(zone).date()
        first, _ = turned.get(key, (payer, None))
        yield ClaimMeasure(
            key, name, payer, first, clinician, FIRST if key in turned else ordinal, frequency, stands, served,
            built.astimezone(zone).date(), sent, on if stands in {S.REPLACED, S.VOIDED} else None,
            on if stands in {S.PAID, S.CLOSED} else None, sent_first.get(key, version), total, left, key in said,
            bool(said.get(key)),
        )  # fmt: skip


def _turned(practice: int) -> dict[int, tuple[int | None, datetime]]:
    """Claims that wait for a later payer now: their first payer, and when its turn was over."""
    rows = EarlierPayer.objects.filter(practice_id=practice, ordinal=FIRST).exclude(claim__ordinal=FIRST)
    found: dict[int, tuple[int | None, datetime]] = {}
    for claim, payer, at in rows.order_by("pk").values_list("claim_id", "payer_id", "at"):
        found.setdefault(claim, (payer, at))
    return found


def _said_first(answers: QuerySet[ClaimAnswer], turned: Mapping[int, tuple[int | None, datetime]]) -> dict[int, bool]:
    """Of claims whose first payer's turn is over: whether they were sent back while it was."""
    rows = answers.exclude(claim__ordinal=FIRST).values_list("claim_id", "is_accepted", "acknowledgement__received_at")
    found = dict.fromkeys(turned, False)
    for claim, accepted, at in rows:
        if claim in turned and at < turned[claim][1]:
            found[claim] |= not accepted
    return found


def _sent_first(practice: int, turned: Mapping[int, tuple[int | None, datetime]]) -> dict[int, int]:
    """How often such claims were sent while the first payer had its turn."""
    rows = Submission.objects.filter(practice_id=practice).exclude(claim__ordinal=FIRST)
    found: dict[int, int] = dict.fromkeys(turned, 0)
    for claim, at in rows.values_list("claim_id", "frozen_at"):
        if claim in turned and at < turned[claim][1]:
            found[claim] += 1
    return found


def decisions(practice: int) -> Iterator[tuple[int, date, Decimal, Decimal]]:
    """What payers decided, in order: claim, day, what left the insurer's debt, and the patient's part of that."""
    rows = Decision.objects.filter(practice_id=practice).order_by("claim_id", "decided_on", "pk")
    settled = F("paid_amount") + F("adjusted_amount") + F("patient_amount")
    yield from rows.values_list("claim_id", "decided_on", settled, "patient_amount").iterator(chunk_size=AT_A_TIME)


def expected(practice: int) -> dict[int, Decimal]:
    """What the contracts allow for each claim to a first payer; a line that no contract prices counts its charge."""
    lines = ClaimLine.objects.filter(practice_id=practice, claim__ordinal="P", carried_to=None).order_by()
    worth = Sum(Coalesce("charge__expected_amount", "amount"))
    return dict(lines.values("claim_id").annotate(worth=worth).values_list("claim_id", "worth"))


def paid_lines(practice: int) -> Iterator[tuple[int, date, int]]:
    """Claim, the practice's day, and how many of its lines the first payer paid something for on that day."""
    paid = Decision.objects.filter(
        practice_id=practice, line__isnull=False, paid_amount__gt=0, payer_rank__in=FIRST_RANKS
    ).order_by()
    day = TruncDate("applied_at", tzinfo=ZoneInfo(tenancy.zone(practice)))
    rows = paid.values("claim_id", on=day).annotate(n=Count("line_id", distinct=True))
    yield from rows.values_list("claim_id", "on", "n").iterator(chunk_size=AT_A_TIME)


def permitted(practice: int) -> Iterator[tuple[int, bool]]:
    """The original claims to first payers for which payers ask an authorization or referral, and whether they bear it.

    Rules are those of the payer for the service, place, diagnosis and day (`eligibility`).
    """
    asked: dict[int, list[AuthorizationRule]] = defaultdict(list)
    for rule in permits.rules_of([practice], permits.payers_that_ask(practice)):
        asked[rule.payer_id].append(rule)
    if not asked:
        return
    turned = {claim: payer for claim, (payer, _) in _turned(practice).items() if payer in asked}
    lines = ClaimLine.objects.filter(
        Q(claim__payer_id__in=list(asked), claim__ordinal=FIRST) | Q(claim_id__in=list(turned)),
        practice_id=practice, carried_to=None, claim__frequency="1",
    ).order_by("claim_id", "number")  # fmt: skip
    wanted: dict[int, set[Permit]] = defaultdict(set)
    borne: dict[int, set[Permit]] = {}
    for claim, payer, code, on, place, own, why, authorization, referral in lines.values_list(
        "claim_id", "claim__payer_id", "code", "service_on", "claim__place_of_service", "place_of_service",
        "claim__diagnoses", "claim__prior_authorization", "claim__referral_number",
    ).iterator(chunk_size=AT_A_TIME):  # fmt: skip
        numbers = {Permit.AUTHORIZATION: authorization, Permit.REFERRAL: referral}
        borne[claim] = {kind for kind, number in numbers.items() if number}
        wanted[claim] |= {
            rule.kind for rule in asked[turned.get(claim, payer)]
            if permits.asks(rule, code=code, place=own or place, diagnoses=why, on=on)
        }  # fmt: skip
    yield from ((claim, kinds <= borne[claim]) for claim, kinds in wanted.items() if kinds)
