"""Verbs of figures that no book knows: enter one with what shows it, correct it, confirm it, have one asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from openmso.agreements.fees.sentences import listed
from openmso.agreements.queries import clocks
from openmso.kit.clock import day_in
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.periods import Month
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when
from openmso.settlement.contracts import ASKED, CONFIRM, CONFIRMING, ENTER, ENTERED, ENTERING, SHOWS_FIGURE, Paper
from openmso.settlement.contracts.figures import Figure, Waiting
from openmso.settlement.models import EnteredFigure, FigureConfirmation
from openmso.settlement.queries import entered
from openmso.settlement.states import F

DAYS_TO_ENTER, DAYS_TO_CONFIRM = 5, 3
"""Business days until a figure is entered after its month, and confirmed after it was entered; a house's own."""
PARTED = {"first": "entered it", "then": "confirm it"}


class BadFigure(Refused):
    """A figure cannot be entered or confirmed so; the sentence says why."""

    code = "bad_figure"


@atomic
def enter(
    *, actor: Actor, practice: int, month: Month, name: str, amount: Decimal, at: datetime, shown_by: str = "",
    paper: Paper | None = None, why: str = "",
) -> Figure:  # fmt: skip
    """Enter a figure of a month that the terms of a practice ask people for, with what shows it.

    One that is there already is corrected by that, and `why` says why; both stay. A second person confirms it before
    a month is settled with it. Raises `BadFigure`.
    """
    decision = actor.must(ENTER.code, practice)
    tenant = Tenant.objects.get(pk=practice)
    if month.first > day_in(tenant.zone, at):
        raise BadFigure(f"{month.words} has not begun.", field="month", fix="Enter it when the month is there.")
    _refuse_unasked(practice, month, name)
    if not shown_by.strip() and paper is None:
        raise BadFigure("Say what shows it.", field="shown_by", fix="In words, or with a document.")
    last = EnteredFigure.objects.filter(practice_id=practice, month=month.first, name=name).order_by("-number").first()
    if last is not None and not why.strip():
        raise BadFigure(
            f"{last.entered_by} entered {last.amount:,.2f} already.", field="why", fix="Say why that was wrong."
        )
    row = _kept(EnteredFigure(
        practice=tenant, month=month.first, name=name, number=last.number + 1 if last else 1, amount=amount,
        shown_by=shown_by.strip()[:300], document=_stored(actor, practice, paper, at, decision),
        why=why.strip()[:300] if last else "", entered_at=at, entered_by=actor.name[:120], entered_user=actor.user,
    ))  # fmt: skip
    one = entered.figure(row.public_id)
    if row.document:
        documents.became(document=row.document, subject=(ENTERED, row.public_id), practice=practice, at=at)
    _close(one, actor, at, decision)
    _ask_to_confirm(one, at)
    action = "settlement.figure_corrected" if last else "settlement.figure_entered"
    _tell(one, action, actor, at, decision, why=row.why)
    return one


@atomic
def confirm(*, actor: Actor, figure: str, at: datetime) -> Figure:
    """A second person confirms a figure as it stands: who entered it cannot (`SamePerson`). Raises `BadFigure`."""
    row = EnteredFigure.objects.filter(public_id=figure).first()
    if row is None:
        raise NotFound("There is no such figure among the practices you may see.")
    decision = actor.must(CONFIRM.code, row.practice_id)
    duties.another(actor, did=row.entered_user, **PARTED)
    one = entered.figure(figure)
    if no := why_not(one):
        raise BadFigure(no, code="already_confirmed" if one.state is F.CONFIRMED else "", fix="Look at the figure.")
    try:
        with transaction.atomic():
            FigureConfirmation.objects.create(
                practice_id=row.practice_id, figure=row, confirmed_at=at, confirmed_by=actor.name[:120],
                confirmed_user=actor.user,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(f"{figure} is confirmed already.", code="already_confirmed") from None
    work.close_item(
        practice=row.practice_id, key=_key(one), actor=actor, at=at, outcome="confirmed", under=decision
    )  # fmt: skip
    _tell(one, "settlement.figure_confirmed", actor, at, decision)
    return entered.figure(figure)


def why_not(one: Figure) -> str:
    """Why a figure cannot be confirmed, in words; empty when it can."""
    return {
        F.CONFIRMED: f"{one.confirmed_by} confirmed it already.",
        F.CORRECTED: "It was corrected since; confirm that one.",
    }.get(one.state, "")


@atomic
def ask(*, waits: Sequence[Waiting], at: datetime) -> None:
    """Have people asked for what fees of a month wait for: one item of work for each practice."""
    for practice in dict.fromkeys(one.practice for one in waits):
        mine = [one for one in waits if one.practice == practice and not one.figure and not one.is_shared]
        if not mine:
            continue
        month, code = mine[0].month, mine[0].practice_code
        day = clocks.business_day(month.plus(1).first, DAYS_TO_ENTER)
        words = listed([one.words for one in mine])
        work.open_item(
            practice=practice, kind=ENTERING, subject=(ASKED, f"{code}:{month}"),
            title=f"Figures of {month.words} to enter: {words}"[:200],
            why=f"The fee of {month.words} waits for {words}: enter what no book knows, with what shows it.",
            priority=60, priority_why=f"the month is not settled without it, due {when(day)}",
            due_at=clocks.closing(practice, day), key=_asked_key(month), at=at,
        )  # fmt: skip


def _refuse_unasked(practice: int, month: Month, name: str) -> None:
    """A figure is one that the terms in force in the month ask people for."""
    names = [one.name for one in entered.asked([practice], month)]
    if name in names:
        return
    fix = f"It asks for {listed(names)}." if names else "It asks people for no figure."
    raise BadFigure(
        f"No agreement in force in {month.words} asks people for {name}.", field="name", fix=fix
    )  # fmt: skip


def _kept(row: EnteredFigure) -> EnteredFigure:
    """The row in the books; of two people who correct at the same moment the database takes one."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict("Somebody entered this figure at the same moment.", fix="Look at what they entered.") from None
    return row


def _stored(actor: Actor, practice: int, paper: Paper | None, at: datetime, under: Decision) -> str:
    if paper is None:
        return ""
    stored = documents.store(
        actor=actor, practice=practice, name=paper.name, content=paper.content, media_type=paper.media_type,
        purpose=SHOWS_FIGURE, at=at, under=under,
    )  # fmt: skip
    return stored.public_id


def _key(one: Figure) -> str:
    return f"{CONFIRMING}:{one.month}:{one.name}"


def _asked_key(month: Month) -> str:
    return f"{ENTERING}:{month}"


def _close(one: Figure, actor: Actor, at: datetime, under: Decision) -> None:
    """Whoever was to confirm the one before has nothing to confirm; whoever was to enter is done with the last."""
    work.close_item(practice=one.practice, key=_key(one), actor=actor, at=at, outcome="corrected", under=under)
    left = [each for each in entered.missing([one.practice], one.month) if not each.figure]
    if left:
        return
    work.close_item(
        practice=one.practice, key=_asked_key(one.month), actor=actor, at=at, outcome="entered", under=under
    )  # fmt: skip


def _ask_to_confirm(one: Figure, at: datetime) -> None:
    day = clocks.business_day(at.date(), DAYS_TO_CONFIRM)
    work.open_item(
        practice=one.practice, kind=CONFIRMING, subject=(ENTERED, one.public_id),
        title=f"{one.heading} of {one.month.words}: {one.value}"[:200],
        why=f"{one.entered_by} entered it: look at what shows it, and confirm it.", priority=60,
        priority_why=f"a figure of the fee of {one.month.words}, due {when(day)}",
        due_at=clocks.closing(one.practice, day), key=_key(one), at=at,
    )  # fmt: skip


def _tell(one: Figure, action: str, actor: Actor, at: datetime, decision: Decision, *, why: str = "") -> None:
    audit.record(
        actor=actor, action=action, practice=one.practice, subject=(ENTERED, one.public_id), at=at, why=why,
        facts={"figure": one.heading, "month": str(one.month), "amount": one.value}, decision=decision,
    )  # fmt: skip
