"""Following up: claims without an answer are asked about by 276, payer by payer; the 277 says what is to be done next.

What it says stands in the claim's story as any answer does, and is work where somebody must act. Where a claim stands
follows from decisions, not from these answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from edi.x12.output import Envelope
from edi.x12.status.model import StatusHeader
from edi.x12.status.write import write_276
from edi.x12.values import Party
from openmso.agreements.queries import clocks
from openmso.claims import contracts
from openmso.claims.contracts import LINE, InquiryRef
from openmso.claims.models.claims import Claim
from openmso.claims.models.inquiries import Asked, FollowUpRule, Inquiry
from openmso.claims.models.submissions import Submission
from openmso.claims.queries import follow_ups
from openmso.claims.rules import following, freezing
from openmso.claims.rules.following import USUAL, Heard
from openmso.claims.rules.sheet import ClaimSheet
from openmso.claims.services import releasing
from openmso.claims.services.waiting import FOLLOW_UP as KIND
from openmso.claims.states import S
from openmso.exchange.contracts import Outgoing, Transaction
from openmso.exchange.services import sending
from openmso.kit.clock import day_in
from openmso.kit.errors import Refused
from openmso.kit.ids import public_id
from openmso.kit.words import amount, counted
from openmso.parties.queries import payers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

PURPOSE = "claims.inquiry"
FILE_CLAIMS_MAX = 5000
UNANSWERED = (S.SENT, S.ACCEPTED)


class NoRule(Refused):
    """The days of a rule are no days."""

    code = "follow_up_rule"


@atomic
def set_rule(
    *, actor: Actor, mso: int, payer: str, days: int, again_days: int, asks_max: int, at: datetime
) -> None:  # fmt: skip
    """Say when a payer is asked; the register is the network's, its trail the MSO's. Raises `NoRule`."""
    decision = actor.must(contracts.FOLLOW.code)
    if min(days, again_days, asks_max) < 1:
        raise NoRule("Days and times are at least one.", field="days", fix="Write 1 or more.")
    whom = payers.by_public_id(payer)
    FollowUpRule.objects.update_or_create(
        payer_id=whom.id,
        defaults={"days": days, "again_days": again_days, "asks_max": asks_max},
    )  # fmt: skip
    audit.record(
        actor=actor, action="claims.follow_up_set", practice=mso, at=at, decision=decision,
        subject=("parties.payer", payer),
        facts={"payer": whom.name, "days": days, "again": again_days, "asks": asks_max},
    )  # fmt: skip


@atomic
def ask(*, actor: Actor, practice: int, at: datetime) -> list[InquiryRef]:
    """Ask payers about every claim of a practice that is due by its payer's rule: a 276 each, sent by its route."""
    decision = actor.must(contracts.SUBMIT.code, practice)
    today = tenancy.today(practice, at)
    sent = []
    for payer, rows in sorted(_due(practice, today).items()):
        for start in range(0, len(rows), FILE_CLAIMS_MAX):
            sent += _ask(rows[start : start + FILE_CLAIMS_MAX], payer, practice, today, actor, at, decision)
    return sent


def ask_everywhere(*, actor: Actor, at: datetime) -> list[InquiryRef]:
    """Ask for every practice of the scope; one transaction each."""
    with reading():
        practices = [tenant.pk for tenant in tenancy.tenants_in_scope() if not tenant.is_mso]
    return [one for practice in practices for one in ask(actor=actor, practice=practice, at=at)]


def _due(practice: int, today: date) -> Mapping[int, list[Claim]]:
    by_payer, zone = follow_ups.rules(), tenancy.zone(practice)
    waiting = Claim.objects.filter(practice_id=practice, state__in=UNANSWERED, payer__isnull=False)
    shortest = min(rule.days for rule in (*by_payer.values(), USUAL))
    before = today - timedelta(days=shortest - 1)
    rows = list(waiting.filter(sent_at__lt=datetime.combine(before, time(), tzinfo=ZoneInfo(zone))).order_by("pk"))
    asked: dict[int, list[date]] = defaultdict(list)
    for claim, on in Asked.objects.filter(practice_id=practice, claim__in=rows).values_list("claim_id", "asked_on"):
        asked[claim].append(on)
    found: dict[int, list[Claim]] = defaultdict(list)
    for row in rows:
        assert row.payer_id is not None
        rule = by_payer.get(row.payer_id, USUAL)
        if rule.is_due(sent_on=day_in(zone, row.sent_at or row.built_at), asked=asked[row.pk], on=today):
            found[row.payer_id].append(row)
    return found


def _ask(
    rows: Sequence[Claim], payer: int, practice: int, today: date, actor: Actor, at: datetime, decision: Decision
) -> list[InquiryRef]:
    name, number = public_id("STQ"), releasing.next_number()
    whom = payers.payer(payer)
    local = at.astimezone(ZoneInfo(tenancy.zone(practice)))
    code, words = releasing.submitter()
    header = StatusHeader("0001", name, today, local.time().replace(second=0, microsecond=0))
    us = Party("41", words, id_qualifier="46", id=code)
    asked = [
        (row, one)
        for row, sheet in _sheets(rows)
        if (one := following.inquiry(sheet, header=header, submitter=us, payer_control=row.payer_control)) is not None
    ]
    if not asked:
        return []
    content = write_276(
        (one for _, one in asked),
        Envelope(sender=code, receiver=whom.edi_id, control=number, group_control=number, at=local),
    )
    stored = documents.store(
        actor=actor, practice=practice, name=f"{whom.edi_id}_276_{number:09d}.x12", content=content,
        media_type="application/edi-x12", purpose=PURPOSE, at=at, under=decision,
    )  # fmt: skip
    inquiry = Inquiry.objects.create(
        practice_id=practice, public_id=name, payer_id=payer, document=stored.public_id, sha256=stored.sha256,
        claims=len(asked), asked_at=at, actor_name=actor.name[:160],
    )  # fmt: skip
    Asked.objects.bulk_create(
        Asked(practice_id=practice, inquiry=inquiry, claim=row, asked_on=today) for row, _ in asked
    )
    documents.became(document=stored, subject=("claims.inquiry", name), practice=practice, at=at)
    audit.record(
        actor=actor, action="claims.asked", practice=practice, subject=("claims.inquiry", name), at=at,
        facts={"payer": whom.name, "count": len(asked), "sha256": stored.sha256}, decision=decision,
    )  # fmt: skip
    sending.send(
        actor=actor, practice=practice, at=at, under=decision,
        file=Outgoing(
            Transaction.STATUS, payer, stored.public_id, stored.name, ("claims.inquiry", name),
            f"{counted(len(asked), 'claim')} asked about",
        ),
    )  # fmt: skip
    return [InquiryRef(name, practice, payer, whom.name, stored.public_id, len(asked), at)]


def _sheets(rows: Sequence[Claim]) -> Iterable[tuple[Claim, ClaimSheet]]:
    """The claims as their payer last got them."""
    by_key = {row.pk: row for row in rows}
    frozen = Submission.objects.filter(claim_id__in=by_key).order_by("claim_id", "version")
    latest = {one.claim_id: one for one in frozen}
    return [(by_key[key], freezing.thawed(one.sheet)) for key, one in sorted(latest.items())]


def keep_work(heard: Sequence[tuple[Claim, Heard]], *, actor: Actor, at: datetime, under: Decision) -> None:
    """Work for what an answer asks of people; what the payer works on again needs none of theirs."""
    items: dict[int, list[NewItem]] = defaultdict(list)
    due: dict[int, datetime] = {}
    nobodys: list[tuple[int, str]] = []
    for row, one in heard:
        if one.to_do and S(row.state) in UNANSWERED:
            due[row.practice_id] = due.get(row.practice_id) or clocks.sla_due(row.practice_id, LINE, KIND, at)
            items[row.practice_id].append(
                NewItem(
                    KIND, ("claims.claim", row.public_id), f"Claim {row.public_id}",
                    f"{one.reading.words} {one.to_do}"[:300], one.pressing,
                    f"{amount(row.open_amount)} open, and the payer's answer asks for you",
                    due[row.practice_id], _key(row.public_id), row.open_amount,
                )
            )  # fmt: skip
        else:
            nobodys.append((row.practice_id, _key(row.public_id)))
    work.close_items(keys=nobodys, actor=actor, at=at, outcome="The payer is at work on it.", under=under)
    for practice, mine in items.items():
        work.open_items(practice=practice, items=mine, at=at)


def decided(claims: Collection[int], *, actor: Actor, at: datetime, under: Decision) -> None:
    """Claims that were asked about were decided: nobody must follow them up any more."""
    rows = Asked.objects.filter(claim__in=list(claims)).values_list("practice_id", "claim__public_id").distinct()
    keys = [(practice, _key(name)) for practice, name in rows]
    work.close_items(keys=keys, actor=actor, at=at, outcome="The payer decided it.", under=under)


def _key(claim: str) -> str:
    return f"{KIND}:{claim}"
