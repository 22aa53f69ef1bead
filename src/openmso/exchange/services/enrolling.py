"""Enrolling: opened, sent, chased, and live once the first file shows that it is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openmso.exchange.contracts import CHASE, ENROL, Transaction
from openmso.exchange.models.enrolments import Enrolment, EnrolmentEvent
from openmso.exchange.models.partners import Partner
from openmso.exchange.services import sending
from openmso.exchange.states import CARRIES, CHASED, ENROLMENT_MOVES, E
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.states import check_move
from openmso.parties.queries import payers, providers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when

CHASE_DAYS = 14
"""Days after which somebody asks again, where they do not say when."""
MORNING = time(9)


class AlreadyThere(Conflict):
    """The billing provider has this enrolment."""

    code = "enrolment_there"


class NoReason(Refused):
    """What a payer rejected must say why."""

    code = "enrolment_needs_words"


@atomic
def begin(
    *, actor: Actor, biller: str, payer: str, transaction: Transaction, at: datetime, partner: str = "",
    words: str = "", chase_on: date | None = None,
) -> str:  # fmt: skip
    """Open an enrolment of a billing provider with a payer; returns its id. Raises `AlreadyThere`, `NotFound`."""
    found = providers.biller_by_public_id(biller, on=at.date())
    decision = actor.must(ENROL.code, found.practice)
    whom = payers.by_public_id(payer)
    same = Enrolment.objects.filter(
        practice_id=found.practice, payer_id=whom.id, transaction=transaction, biller_id=found.id
    )
    if (there := same.first()) is not None:
        raise AlreadyThere(
            f"{found.name} has that enrolment: {there.public_id}, {E(there.state).label.lower()}.", field="payer"
        )
    today = tenancy.today(found.practice, at)
    via = Partner.objects.filter(public_id=partner).first() if partner else None
    row = Enrolment.objects.create(
        practice_id=found.practice, payer_id=whom.id, transaction=transaction, biller_id=found.id, partner=via,
        state=E.REQUESTED, requested_on=today, state_on=today, chase_on=chase_on or today, words=words[:300],
    )  # fmt: skip
    _tell(row, words, actor, at)
    _keep_work(row, whom.name, actor, at, decision)
    audit.record(
        actor=actor, action="exchange.enrolment_opened", practice=row.practice_id, at=at, decision=decision,
        subject=("exchange.enrolment", row.public_id), facts={"transaction": transaction.value, "payer": whom.name},
    )  # fmt: skip
    return row.public_id


@atomic
def move(
    *, actor: Actor, enrolment: str, to: E, words: str, at: datetime, chase_on: date | None = None, number: str = "",
    paper: tuple[str, Content] | None = None,
) -> None:  # fmt: skip
    """Record what became of an enrolment, or that somebody asked (`to` the state it has), with the paper that shows it.

    What waited for it is looked at anew. Raises `IllegalMove`, `NoReason`, `NotFound`.
    """
    row = Enrolment.objects.select_for_update().filter(public_id=enrolment).first()
    if row is None:
        raise NotFound(f"There is no enrolment {enrolment}.")
    decision = actor.must(ENROL.code, row.practice_id)
    if to is E.REJECTED and not words.strip():
        raise NoReason("Say why the payer rejected it.", field="words", fix="Whoever sends it again must mend that.")
    document = ""
    if paper is not None:
        kept = documents.store(
            actor=actor, practice=row.practice_id, name=paper[0], content=paper[1], media_type="application/pdf",
            purpose="exchange.enrolment", at=at, under=decision,
        )  # fmt: skip
        documents.became(document=kept, subject=("exchange.enrolment", row.public_id), practice=row.practice_id, at=at)
        document = kept.public_id
    row.number = number.strip()[:50] or row.number
    _move(row, to, words, actor, at, decision, chase_on=chase_on, document=document)


@atomic
def first_file(
    *, actor: Actor, practice: int, payer: int, transaction: Transaction, words: str, at: datetime, under: Decision,
    biller: int | None = None,
) -> None:  # fmt: skip
    """A file came that shows an enrolment to be live: what waited for it is. Without a `biller`, for each of them."""
    rows = Enrolment.objects.select_for_update().filter(
        practice_id=practice, payer_id=payer, transaction=transaction, state__in=[E.SENT, E.PENDING]
    )
    if biller is not None:
        rows = rows.filter(biller_id=biller)
    for row in rows.order_by("pk"):
        _move(row, E.LIVE, words, actor, at, under)


def _move(
    row: Enrolment, to: E, words: str, actor: Actor, at: datetime, decision: Decision, *,
    chase_on: date | None = None, document: str = "",
) -> None:  # fmt: skip
    before, today = E(row.state), tenancy.today(row.practice_id, at)
    if to is not before:
        check_move(ENROLMENT_MOVES, noun="enrolment", frm=before, to=to)
        row.state, row.state_on = to, today
    row.words = words.strip()[:300]
    row.chase_on = (chase_on or today + timedelta(days=CHASE_DAYS)) if to in CHASED else None
    row.live_on = today if to is E.LIVE and before is not E.LIVE else row.live_on
    row.save()
    _tell(row, words, actor, at, document)
    _keep_work(row, payers.payer(row.payer_id).name, actor, at, decision)
    asked = to is before
    audit.record(
        actor=actor, action="exchange.enrolment_chased" if asked else "exchange.enrolment_moved",
        practice=row.practice_id, at=at, decision=decision, subject=("exchange.enrolment", row.public_id),
        facts={} if asked else {"state": to.label.lower(), "words": row.words},
    )  # fmt: skip
    if (to in CARRIES) != (before in CARRIES):
        sending.reroute(actor=actor, at=at)


def _tell(row: Enrolment, words: str, actor: Actor, at: datetime, document: str = "") -> None:
    EnrolmentEvent.objects.create(
        practice_id=row.practice_id, enrolment=row, at=at, state=row.state, words=words.strip()[:300],
        actor=actor.name[:160], document=document,
    )  # fmt: skip


def _keep_work(row: Enrolment, payer: str, actor: Actor, at: datetime, decision: Decision) -> None:
    """An item due on the day somebody asks again, until it is live or ended."""
    key, state = f"{CHASE}:{row.public_id}", E(row.state)
    if state not in CHASED or row.chase_on is None:
        work.close_item(
            practice=row.practice_id, key=key, actor=actor, at=at, outcome=f"It is {state.label.lower()}.",
            under=decision,
        )  # fmt: skip
        return
    due_at = datetime.combine(row.chase_on, MORNING, tzinfo=ZoneInfo(tenancy.zone(row.practice_id)))
    why = {E.REQUESTED: "Send the enrolment form.", E.REJECTED: "Mend it and send it again."}.get(
        state, "Ask how far it is."
    )
    work.open_item(
        practice=row.practice_id, kind=CHASE, subject=("exchange.enrolment", row.public_id), key=key, at=at,
        title=f"{row.transaction} enrolment with {payer}"[:160], why=f"{why} {row.words}".strip()[:300],
        priority=70 if state is E.REJECTED else 50,
        priority_why=f"{state.label.lower()}, {row.transaction} files wait; to be asked {when(row.chase_on)}",
        due_at=due_at,
    )  # fmt: skip
