"""One step of a transmission: the move, the story, the route it takes next, and the work it makes for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openmso.agreements.queries import clocks
from openmso.exchange.contracts import BY_HAND, FAILED, LINE, SEND, Partner, Way
from openmso.exchange.models.transmissions import Transmission, TransmissionEvent
from openmso.exchange.queries import enrolments
from openmso.exchange.queries import partners as routes
from openmso.exchange.rules import routing
from openmso.exchange.states import MOVES, T
from openmso.kit.errors import NotFound
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

JOB = "exchange.transmit"
PAPER = ".pdf"
"""How the name of a printed file ends."""
OTHER_FORM = "The route changed between file and paper. Bring it as it is, or give it up and send the claims anew."
WAITS = {T.BY_HAND: BY_HAND, T.FAILED: FAILED}
DOWN = "Every partner of its route is down. Take it and hand it in where it is taken."
NO_ROUTE = "No route leads to this payer. Take it and hand it in where it is taken, or set a route."


def locked(public_id: str) -> Transmission:
    """A transmission of the scope, locked; raises `NotFound`."""
    found = Transmission.objects.select_for_update(of=("self",)).select_related("partner")
    row = found.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no transmission {public_id}.")
    return row


def tell(row: Transmission, what: str, words: str, *, actor: Actor, at: datetime) -> None:
    """A line of the transmission's story."""
    TransmissionEvent.objects.create(
        practice_id=row.practice_id, transmission=row, partner_id=row.partner_id, at=at, what=what, words=words[:300],
        actor=actor.name[:160],
    )  # fmt: skip


def place(row: Transmission, *, at: datetime) -> None:
    """Put the file where its route leads now: to the first partner that works and has not failed it, or to a person.

    One whose enrolment is not live waits for a person, too: the payer would send it back.

    Sets partner, state and words; saves nothing.
    """
    way = routes.of_route(
        payer=row.payer_id, transaction=row.transaction, practice=row.practice_id,
        on=tenancy.today(row.practice_id, at),
    )  # fmt: skip
    down = {one.id for one in way if one.is_down}
    chosen = routing.pick([one.id for one in way], down=down, failed=row.tried)
    partner = next((one for one in way if one.id == chosen), None)
    row.partner_id, row.tries, row.next_at = chosen, 0, None
    held = enrolments.why_not(practice=row.practice_id, payer=row.payer_id, transaction=row.transaction)
    row.state, row.words = (T.BY_HAND, held) if held else _standing(row, way, partner)


def _standing(row: Transmission, way: Sequence[Partner], partner: Partner | None) -> tuple[T, str]:
    is_paper = row.name.endswith(PAPER)
    if partner is not None and is_paper is not (partner.way is Way.PAPER):
        return T.BY_HAND, OTHER_FORM
    if partner is not None and partner.way.needs_hands:
        act = "Print it and mail it to" if is_paper else "Take it and hand it in at"
        return T.BY_HAND, f"{act} {partner.name}."
    if partner is not None:
        return T.WAITING, ""
    if not way:
        return T.BY_HAND, NO_ROUTE
    if all(one.is_down for one in way):
        return T.BY_HAND, DOWN
    return T.FAILED, f"{row.words} No other partner of its route works.".strip()


def moved(row: Transmission, frm: T, *, actor: Actor, at: datetime, behind: str = "") -> None:
    """Check and save a move that was made on the row, ask for the job, and keep people's work in step.

    `behind` is the grant of who asked, where that is not the system going on with what somebody asked for.
    """
    to = T(row.state)
    if frm is not to:
        check_move(MOVES, noun="transmission", frm=frm, to=to)
    row.save()
    if to is T.WAITING:
        jobs.defer(
            JOB, practice=row.practice_id, lock=f"exchange:{row.public_id}", not_before=row.next_at,
            behind=behind or actor.behind, transmission=row.public_id,
        )  # fmt: skip
    keep_work(row, actor=actor, at=at)


def keep_work(row: Transmission, *, actor: Actor, at: datetime) -> None:
    """An item while a person is needed, and none when not."""
    wanted = WAITS.get(T(row.state))
    others = [(row.practice_id, f"{kind}:{row.public_id}") for kind in WAITS.values() if kind != wanted]
    outcome = f"The file is {T(row.state).label.lower()}."
    work.close_items(keys=others, actor=actor, at=at, outcome=outcome, under=actor.may(SEND.code, row.practice_id))
    if wanted:
        failed = wanted == FAILED
        item = NewItem(
            wanted, ("exchange.transmission", row.public_id), f"{row.transaction} {row.public_id}: {row.about}"[:160],
            row.words or "Take it and hand it in.", 85 if failed else 70,
            f"{row.about}: {'the payer gets nothing of it' if failed else 'it leaves only by hand'}",
            clocks.sla_due(row.practice_id, LINE, wanted, at), f"{wanted}:{row.public_id}",
        )  # fmt: skip
        work.open_items(practice=row.practice_id, items=[item], at=at)
