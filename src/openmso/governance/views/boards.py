"""Screens of joint boards: the list, one board, setting one up, its charter and seats, what is put before it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.governance.contracts import CONVENE, READ, SIT
from openmso.governance.contracts.boards import CLASS_TITLES, CLASS_WORDS, CLASSES, Board
from openmso.governance.forms.boards import BoardForm, CallForm, CharterForm, ItemForm, SeatForm
from openmso.governance.queries import boards as queries
from openmso.governance.rules import boards as rules
from openmso.governance.services import agenda, chartering, meetings
from openmso.governance.tables.boards import BOARDS
from openmso.platform.access.contracts import Actor, Side
from openmso.platform.access.edges import act, form, page
from openmso.platform.access.queries import side_behind
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill

Crumbs = list[tuple[str, str]]


@page(READ.code)
def boards(request: Any) -> HttpResponse:
    """The boards one may see."""
    ask = tables.ask(request, BOARDS)
    return tables.answer(
        request, BOARDS, ask, template="governance/boards.html",
        context={"here": "Boards", "crumbs": [], "may_set_up": request.actor.can(CONVENE.code)},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(READ.code)
def board(request: Any, board: str) -> HttpResponse:
    """One board: how it decides, who sits on it, what waits for it, its meetings and what they resolved."""
    found = queries.board(board, at=request.actor.at)
    keeps = request.actor.can(CONVENE.code, found.practice)
    context = {
        "one": found, "here": found.name, "crumbs": crumbs(), "keeps": keeps, "charter": found.charter,
        "to_accept": found.to_accept, "may_accept": keeps and _accepts(request.actor, found),
        "other": _other(found), "classes": [(CLASS_TITLES[side], _seats(found, side)) for side in CLASSES],
        "may_put": request.actor.can(SIT.code, found.practice), "call": _call_button(found) if keeps else None,
        "today": tenancy.today(found.practice, request.actor.at),
    }  # fmt: skip
    return respond.page(request, "governance/board.html", context)


def _accepts(actor: Actor, found: Board) -> bool:
    """Whether the reader is of the side that accepts the charter that waits."""
    waits = found.to_accept
    return waits is not None and side_behind(actor, actor.may(CONVENE.code, found.practice)) is not waits.side


def _other(found: Board) -> str:
    waits = found.to_accept
    return CLASS_WORDS[Side.MSO if waits.side is Side.PRACTICE else Side.PRACTICE] if waits else ""


def _seats(found: Board, side: Side) -> list[Any]:
    return [seat for seat in found.seats if seat.side is side]


def _call_button(found: Board) -> respond.Button:
    """The button that calls a meeting, with what stands in its way."""
    no = ""
    if found.charter is None:
        no = "No charter holds yet."
    elif found.called:
        no = f"{found.called.name} is called already."
    return respond.button("Call a meeting", why_not=no, url=reverse("governance:call", args=[found.public_id]))


@form(CONVENE.code)
def new(request: Any) -> HttpResponse:
    """Set a board up."""
    with reading():
        choices = [(row.public_id, row.name) for row in tenancy.tenants_in_scope() if not row.is_mso]
    filled = BoardForm(
        request.POST or None, practices=choices,
        initial={"practice": request.GET.get("practice", ""), "starts_on": request.actor.today}
        | _agreed(request.GET.get("practice", ""), request.actor.today),
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["practice"])
        made = chartering.set_up(
            actor=request.actor, practice=practice, name=given["name"], charter=filled.charter(), at=request.actor.at
        )
        return reverse("governance:board", args=[made])

    context = {
        "title": "Set up a joint board", "here": "New", "crumbs": crumbs(), "back": reverse("governance:boards"),
        "act_label": "Set it up",
        "lede": "Its charter is data: notice, quorum and votes are counted by it. The other side accepts it first.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="Set up. The other side accepts the charter.", context=context)


@form(CONVENE.code)
def charter(request: Any, board: str) -> HttpResponse:
    """Write a new charter."""
    found = _found(request, board)
    held = found.charter
    initial = {"starts_on": request.actor.day_in(found.practice)} | (
        {"notice_days": held.notice_days, "quorum_practice": held.quorum[Side.PRACTICE],
         "quorum_mso": held.quorum[Side.MSO], "rule": held.rule.value, "recused_count": held.recused_count,
         "cited": held.cited}
        if held else {}
    )  # fmt: skip
    filled = CharterForm(request.POST or None, initial=initial)

    def save(given: dict[str, Any]) -> str:
        chartering.write(actor=request.actor, board=board, charter=filled.charter(), at=request.actor.at)
        return reverse("governance:board", args=[board])

    context = about(found, "New charter", "Write it") | {
        "lede": f"Today: {held.sentence}" if held else "No charter holds yet.",
        "consequences": ["Somebody of the other side accepts it; until then the one before holds."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Written. The other side accepts it.", context=context)


@act(CONVENE.code)
def accept(request: Any, board: str, number: int) -> HttpResponse:
    """Accept a charter of the other side."""
    chartering.accept(actor=request.actor, board=board, number=number, at=request.actor.at)
    messages.success(request, "Accepted; the charter holds.")
    return respond.redirect(request, reverse("governance:board", args=[board]))


@form(CONVENE.code)
def seat(request: Any, board: str) -> HttpResponse:
    """Fill a seat of one's own class."""
    found = _found(request, board)
    side = side_behind(request.actor, request.actor.must(CONVENE.code, found.practice))
    with reading():
        people = queries.seatable(found.practice, side, at=request.actor.at)
    asked = request.GET.get("number", "")
    filled = SeatForm(
        request.POST or None, side=side, people=people,
        initial={"side": side.value, "number": int(asked) if asked.isdecimal() and len(asked) < 3 else 1,
                 "starts_on": request.actor.day_in(found.practice)},
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        chartering.seat(
            actor=request.actor, board=board, side=Side(given["side"]), number=given["number"], holder=given["holder"],
            alternate=given["alternate"], starts_on=given["starts_on"], at=request.actor.at,
        )  # fmt: skip
        return reverse("governance:board", args=[board])

    context = about(found, "Fill a seat", "Save") | {
        "lede": f"Seats of the {CLASS_WORDS[side]} are filled by its own people; the other side fills its own."
    }
    return fill(request, filled, save=save, said="Saved.", context=context)


@form(SIT.code)
def put(request: Any, board: str) -> HttpResponse:
    """Put something before a board."""
    found = _found(request, board)
    filled = ItemForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        agenda.put(actor=request.actor, board=board, new=filled.item(), at=request.actor.at)
        return reverse("governance:board", args=[board])

    where = (
        f"It goes on the agenda of {found.called.name.lower()}." if found.called else "It waits for the next meeting."
    )
    context = about(found, "Put something before the board", "Put it") | {"consequences": [where]}
    return fill(request, filled, save=save, said="It is before the board.", context=context)


@form(CONVENE.code)
def call(request: Any, board: str) -> HttpResponse:
    """Call a meeting."""
    found = _found(request, board)
    with reading():
        zone = tenancy.zone(found.practice)
    today, held = request.actor.day_in(found.practice), found.charter
    first = rules.earliest(today, held.notice_days) if held else today
    filled = CallForm(request.POST or None, initial={"day": first})

    def save(given: dict[str, Any]) -> str:
        made = meetings.call(
            actor=request.actor, board=board, meets_at=filled.meets_at(zone), place=given["place"], at=request.actor.at
        )
        return reverse("governance:meeting", args=[made.row.public_id])

    context = about(found, "Call a meeting", "Call it") | {
        "lede": f"{held.sentence} So it meets on {first:%-d %B %Y} or later." if held else "No charter holds yet.",
        "consequences": [
            "Everybody who sits on the board finds it in their inbox.",
            "Its agenda is drawn: minutes to approve, what waits for the board, and open proposals to the practice.",
        ],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Called.", context=context)


def _found(request: Any, board: str) -> Board:
    with reading():
        return queries.board(board, at=request.actor.at)


def about(found: Board, title: str, label: str) -> dict[str, Any]:
    """What the forms of a board's acts show."""
    back = reverse("governance:board", args=[found.public_id])
    return {
        "title": title, "here": title, "act_label": label, "back": back, "lede": f"{found.name}, {found.practice_name}",
        "crumbs": [*crumbs(), (found.name, back)],
    }  # fmt: skip


def crumbs() -> Crumbs:
    """The way to a board."""
    return [("Boards", reverse("governance:boards"))]


def _agreed(practice: str, on: date) -> dict[str, int]:
    """The quorum that a practice's agreement states, as the form begins with it."""
    if not practice:
        return {}
    with reading():
        found = queries.agreed_quorum(tenancy.key_in_scope(practice), on=on)
    return {"quorum_practice": found.practice, "quorum_mso": found.mso} if found else {}
