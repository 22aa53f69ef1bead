"""Taking turns: when one payer has decided, the next one in line is asked for what it left.

A claim has one account of its money, whoever is asked: charged = paid + adjusted + patient + open. While a later payer
is asked, what the earlier one called the patient's stays open; what the last payer in line leaves is the patient's.
`remittances`, which keeps the decisions, tells them here as contracts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from openmso.agreements.queries import clocks
from openmso.claims import contracts
from openmso.claims.contracts import LINE, EarlierDecision
from openmso.claims.events import NextPayerAsked
from openmso.claims.models.claims import Claim
from openmso.claims.models.turns import EarlierPayer
from openmso.claims.queries import turns
from openmso.claims.rules import freezing
from openmso.claims.rules.cob import NAMES, ORDER, rank
from openmso.claims.rules.turns import CROSSOVER_DAYS, Heard, Held, goes_on
from openmso.claims.services import moving, scrubbing
from openmso.claims.services.waiting import CHANGED, LATE
from openmso.claims.states import DECIDED, S
from openmso.kit.clock import day_in
from openmso.kit.errors import Conflict
from openmso.kit.words import amount, counted
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients.contracts import Coverage
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, current
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

ASKABLE = frozenset({S.SENT, S.ACCEPTED, S.REJECTED, *DECIDED})
PENDING = frozenset({S.DRAFT, S.HELD, S.READY})
GONE = frozenset({S.QUEUED, S.SENT, S.ACCEPTED, S.REJECTED, *DECIDED})


class NotThisTurn(Conflict):
    """The claim is not where the next payer could be asked, or left out."""

    code = "not_this_turn"


@dataclass(frozen=True, slots=True)
class Ask:
    """A claim whose next payer is to be asked, as the payer of `rank` in line."""

    claim: int
    cover: Held
    rank: int


@dataclass(frozen=True, slots=True)
class Lined:
    """What the staged decisions bring about: whom to ask next, and who was asked before an earlier payer changed."""

    asks: tuple[Ask, ...] = ()
    overtaken: tuple[int, ...] = ()

    @property
    def claims(self) -> list[int]:
        """All claims whose earlier decisions must be told."""
        return [*(ask.claim for ask in self.asks), *self.overtaken]


LATEST = """
SELECT a.claim_id, c.patient_id, c.service_on, c.coverage_id, a.turn, a.payer_rank, a.outcome = 'reversed', a.forwarded,
       a.patient_amount, a.denied_amount, c.state
  FROM (SELECT DISTINCT ON (claim_id) * FROM claims_adjudication
         WHERE applies AND practice_id = %s AND claim_id IS NOT NULL
           AND (patient_amount > 0 OR turn > 1 OR outcome = 'reversed')
         ORDER BY claim_id, position DESC) a
 CROSS JOIN LATERAL (  -- by its key, whatever is known of the others
         SELECT * FROM claims_claim WHERE practice_id = a.practice_id AND id = a.claim_id OFFSET 0) c
"""


@atomic
def line_up(*, practice: int) -> Lined:
    """Look who comes next for the staged decisions, and note it there, before patients' shares are reckoned."""
    with connection.cursor() as cursor:
        cursor.execute(LATEST, [practice])
        rows = cursor.fetchall()
    overtaken, wanted = [], {}
    for claim, patient, day, cover, turn, told, is_reversal, forwarded, share, denied, state in rows:
        heard = Heard(told, is_reversal, forwarded, share, denied)
        if 0 < told < turn:
            overtaken.append(claim)
        elif goes_on(heard, turn) and S(state) in ASKABLE:
            now = max(told, turn)
            wanted[claim] = (claim, patient, day, cover if now == turn else None, now)
    covers = turns.next_covers(list(wanted.values()))
    asks = tuple(Ask(claim, cover, wanted[claim][4] + 1) for claim, cover in covers.items())
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE claims_adjudication SET asked_rank = %s WHERE claim_id = %s", [(a.rank, a.claim) for a in asks]
        )
    return Lined(asks, tuple(overtaken))


@atomic
def pass_on(
    *,
    actor: Actor,
    practice: int,
    lined: Lined,
    decisions: Mapping[int, Sequence[EarlierDecision]],
    at: datetime,
    under: Decision,
) -> None:
    """Make claims ready for their next payers, and tell people where an earlier one changed its mind."""
    if lined.asks:
        _ask(actor, practice, lined.asks, decisions, at, under)
    if lined.overtaken:
        _overtake(actor, practice, lined.overtaken, decisions, at, under)


def _ask(
    actor: Actor, practice: int, asks: Sequence[Ask], decisions: Mapping[int, Sequence[EarlierDecision]], at: datetime,
    under: Decision,
) -> None:  # fmt: skip
    by_claim = {ask.claim: ask for ask in asks}
    rows = moving.locked(by_claim)
    _keep(rows, decisions, {ask.claim: ask.rank for ask in asks}, at)
    for row in rows:
        ask = by_claim[row.pk]
        row.ordinal, row.payer_id, row.coverage_id = ORDER[ask.rank - 1], ask.cover.payer_id, ask.cover.id
        row.payer_control, row.forwarded, row.crossed_on, row.asked_as = "", False, None, "1"
        row.sheet_version += 1
    update(
        rows,
        ["ordinal", "payer_id", "coverage_id", "payer_control", "forwarded", "crossed_on", "asked_as", "sheet_version"],
    )
    moving.move_many(rows, to={row.pk: S.DRAFT for row in rows}, actor=actor, at=at, why="The next payer is asked")
    scrubbing.judge(rows, actor=actor, at=at, under=under)
    outbox.publish_all(
        [NextPayerAsked(row.public_id, row.payer_id or 0, row.ordinal) for row in rows], practice=practice, at=at
    )
    _close(rows, LATE, actor, at, under, "The next payer is asked by us.")
    audit.record(
        actor=actor, action="claims.next_payer_asked", practice=practice, at=at, facts={"count": len(rows)},
        subject=("claims.claim", rows[0].public_id if len(rows) == 1 else ""), decision=under,
    )  # fmt: skip


def _keep(
    rows: Sequence[Claim], decisions: Mapping[int, Sequence[EarlierDecision]], before: Mapping[int, int], at: datetime
) -> None:
    """Keep what the payers before a rank decided, each under its own coverage."""
    covers = patients.coverages_of({row.patient_id for row in rows})
    known = {
        (one.claim_id, one.ordinal): (one.payer_id, one.coverage_id)
        for one in EarlierPayer.objects.filter(claim_id__in=[row.pk for row in rows]).order_by("pk")
    }
    made = []
    for row in rows:
        for one in decisions.get(row.pk, ()):
            if not 0 < one.rank < before[row.pk]:
                continue
            ordinal = ORDER[one.rank - 1]
            payer, cover = known.get((row.pk, ordinal), (None, None))
            if ordinal == row.ordinal:
                payer, cover = row.payer_id, row.coverage_id
            elif cover is None:
                mine = (c for c in _beside(covers, row) if c.holds_on(row.service_on))
                found = next((c for c in mine if c.order.value == ordinal), None)
                payer, cover = (found.payer_id, found.id) if found else (None, None)
            made.append(
                EarlierPayer(
                    practice_id=row.practice_id, claim_id=row.pk, ordinal=ordinal, payer_id=payer, coverage_id=cover,
                    payer_control=one.payer_control, decision=freezing.plain_of(one), source_id=one.source, at=at,
                )
            )  # fmt: skip
    EarlierPayer.objects.bulk_create(made, batch_size=1000)


def _beside(covers: Mapping[int, Sequence[Coverage]], row: Claim) -> list[Coverage]:
    """The coverages of the claim's patient that take turns with the one asked now."""
    return patients.beside(covers.get(row.patient_id, ()), row.coverage_id)


def _overtake(
    actor: Actor, practice: int, claims: Sequence[int], decisions: Mapping[int, Sequence[EarlierDecision]],
    at: datetime, under: Decision,
) -> None:  # fmt: skip
    """An earlier payer decided anew: who was not asked yet is told the new decision, of the others a person thinks."""
    rows = moving.locked(claims)
    before = turns.earlier(rows)
    _keep(rows, decisions, {row.pk: rank(row.ordinal) for row in rows}, at)
    after = turns.earlier(rows)
    pending = [row for row in rows if S(row.state) in PENDING]
    scrubbing.judge(pending, actor=actor, at=at, under=under, mended=True)
    due = clocks.sla_due(practice, LINE, CHANGED, at)
    items = [
        NewItem(
            kind=CHANGED, subject=("claims.claim", row.public_id),
            title=f"{_payer(row)} was asked on an older decision",
            why=_changes(row, before.get(row.pk, ()), after.get(row.pk, ())), priority=70,
            priority_why=f"two payers may pay for the same {amount(row.open_amount or row.total_amount)}", due_at=due,
            key=f"{CHANGED}:{row.public_id}",
            amount=row.open_amount if row.open_amount > 0 else row.total_amount,
        )
        for row in rows
        if S(row.state) in GONE
    ]  # fmt: skip
    if items:
        work.open_items(practice=practice, items=items, at=at)


def _changes(row: Claim, before: Sequence[turns.Told], after: Sequence[turns.Told]) -> str:
    """What the earlier payer says now, and what may be done."""
    was = {one.ordinal: one.decision for one in before}
    said = []
    for one in after:
        old, new = was.get(one.ordinal), one.decision
        if old is not None and (old.paid, old.patient_share) != (new.paid, new.patient_share):
            said.append(
                f"The {NAMES.get(one.ordinal, 'earlier')} payer had paid {old.paid} and left {old.patient_share}; "
                f"now it is {new.paid} and {new.patient_share}."
            )
    told = " ".join(said) or "An earlier payer decided again after this one was asked."
    return f"{told} Ask {_payer(row)} again with the new decision, or see what it owes back."[:300]


def _payer(row: Claim) -> str:
    return payers.payer(row.payer_id).name if row.payer_id else "the next payer"


@atomic
def ask_by_hand(*, actor: Actor, claim: str, decisions: Sequence[EarlierDecision], at: datetime) -> Ask:
    """Have the next payer asked because a person says so; raises `NotThisTurn`.

    For a claim that is waited for after a crossover, for one whose coverage came to light late, for a denied one.
    """
    row = moving.one(claim)
    under = actor.must(contracts.WORK.code, row.practice_id)
    if S(row.state) not in ASKABLE:
        raise NotThisTurn(
            f"The claim is {S(row.state).label.lower()}; the next payer is asked when this one has decided."
        )
    turn = max([rank(row.ordinal), *(one.rank for one in decisions)])
    heard = [one for one in decisions if one.rank == turn]
    if not heard:
        raise NotThisTurn(f"{_payer(row)} has not decided yet.", fix="Wait for its remittance.")
    asked = row.coverage_id if turn == rank(row.ordinal) else None
    cover = turns.next_covers([(row.pk, row.patient_id, row.service_on, asked, turn)]).get(row.pk)
    if cover is None:
        raise NotThisTurn(
            "The patient has no further coverage on the day of service.", fix="Add it to the patient's record first."
        )
    ask = Ask(row.pk, cover, turn + 1)
    _ask(actor, row.practice_id, [ask], {row.pk: decisions}, at, under)
    return ask


@atomic
def ask_again(*, actor: Actor, claim: str, decisions: Sequence[EarlierDecision], why: str, at: datetime) -> None:
    """Have the same later payer asked once more, with what the earlier ones decided since; raises `NotThisTurn`.

    As a replacement (7) where that payer's number of the claim is known.
    """
    row = moving.one(claim)
    under = actor.must(contracts.WORK.code, row.practice_id)
    if row.ordinal == "P" or S(row.state) not in ASKABLE:
        raise NotThisTurn("Only a later payer that was asked is asked again.", fix="Correct the claim instead.")
    if not why.strip():
        raise NotThisTurn("Say why this payer is asked again.", field="why", fix="A few words will do.")
    _keep([row], {row.pk: decisions}, {row.pk: rank(row.ordinal)}, at)
    row.asked_as, row.sheet_version = "7" if row.payer_control else "1", row.sheet_version + 1
    row.save(update_fields=["asked_as", "sheet_version"])
    if S(row.state) is not S.REJECTED:
        if S(row.state) is S.SENT:
            moving.move(row, to=S.ACCEPTED, actor=actor, at=at, why="Asked again before an answer")
        moving.move(row, to=S.DRAFT, actor=actor, at=at, why=why)
    scrubbing.judge([row], actor=actor, at=at, under=under, mended=True)
    _close([row], CHANGED, actor, at, under, "The payer is asked again.")
    audit.record(
        actor=actor, action="claims.next_payer_asked", practice=row.practice_id, at=at, facts={"count": 1}, why=why,
        subject=("claims.claim", claim), decision=under,
    )  # fmt: skip


@atomic
def step_back(*, actor: Actor, claim: str, why: str, at: datetime) -> Claim:
    """Do not ask the next payer: the claim goes back to the payer that decided last; raises `NotThisTurn`.

    The caller has the patient's share reckoned anew, and with it the state.
    """
    row = moving.one(claim)
    under = actor.must(contracts.WORK.code, row.practice_id)
    if row.ordinal == "P" or S(row.state) not in {*PENDING, S.REJECTED}:
        raise NotThisTurn("No later payer is about to be asked.")
    if not why.strip():
        raise NotThisTurn("Say why the next payer is not asked.", field="why", fix="A few words will do.")
    last = EarlierPayer.objects.filter(claim=row, ordinal=ORDER[rank(row.ordinal) - 2]).order_by("-pk").first()
    if last is None:
        raise NotThisTurn("Nothing is known of the payer before.")
    row.came_from = row.state
    row.ordinal, row.payer_id, row.coverage_id = last.ordinal, last.payer_id, last.coverage_id
    row.payer_control, row.asked_as, row.sheet_version = last.payer_control[:50], "1", row.sheet_version + 1
    row.save(update_fields=["ordinal", "payer_id", "coverage_id", "payer_control", "asked_as", "sheet_version"])
    audit.record(
        actor=actor, action="claims.left_to_patient", practice=row.practice_id, subject=("claims.claim", claim), at=at,
        why=why, decision=under,
    )  # fmt: skip
    return row


def _close(rows: Sequence[Claim], kind: str, actor: Actor, at: datetime, under: Decision, outcome: str) -> None:
    keys = [(row.practice_id, f"{kind}:{row.public_id}") for row in rows]
    work.close_items(keys=keys, actor=actor, at=at, outcome=outcome, under=under)


@atomic
def late_crossovers(*, at: datetime) -> int:
    """Claims of the practices in scope that a payer sent on and whose next payer should have answered; how many."""
    late = 0
    for tenant in tenancy.tenants():
        if tenant.pk not in current().practices or tenant.is_mso:
            continue
        today = day_in(tenant.zone, at)
        rows = Claim.objects.filter(practice_id=tenant.pk, forwarded=True, crossed_on__isnull=False)
        waited = rows.filter(crossed_on__lt=today - timedelta(days=CROSSOVER_DAYS)).order_by("crossed_on", "pk")
        items = [_late(row, (today - row.crossed_on).days, at) for row in waited if row.crossed_on]
        if items:
            work.open_items(practice=tenant.pk, items=items, at=at)
        late += len(items)
    return late


def _late(row: Claim, days: int, at: datetime) -> NewItem:
    return NewItem(
        kind=LATE, subject=("claims.claim", row.public_id), title=f"Crossed over {counted(days, 'day')} ago",
        why=f"{_payer(row)} sent it on to the next payer, which has not answered. Ask that payer, or bill it yourself.",
        priority=60, priority_why=f"{amount(row.open_amount)} that the next payer may never have got",
        key=f"{LATE}:{row.public_id}",
        due_at=clocks.sla_due(row.practice_id, LINE, LATE, at), amount=row.open_amount,
    )  # fmt: skip
