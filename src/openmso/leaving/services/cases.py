"""An exit goes on: notice, tasks, assets and their appraisals, the election, other items, the end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection

from openmso.agreements.queries import agreements, clocks
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.states import check_move
from openmso.leaving import models as kept
from openmso.leaving import rules
from openmso.leaving.contracts import (
    APPRAISE_OURS,
    APPRAISE_THEIRS,
    ELECTION,
    EXIT,
    LEAVE,
    OURS,
    STATE,
    THEIRS,
    WORK,
    Asset,
    Exit,
    NotLeft,
    Task,
)
from openmso.leaving.queries import cases
from openmso.leaving.states import DOING, STAGES, Area, Doing, Elects, Owes, Price, Side, Sort, Stage, Who
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when

LOCK = 0x65786974
"""Advisory lock class of exits: one act at a time on each, because nothing in them is updated."""


@atomic
def give_notice(
    *, actor: Actor, practice: int, why: str, at: datetime, wanted: date | None = None,
    rule: Price = Price.GREATER, plan_days: int = rules.PLAN_DAYS,
) -> Exit:  # fmt: skip
    """The practice gives notice, at any time: the agreement ends after the days that its terms ask for, or later.

    Where it ends earlier, or is over already without an exit (its term ran out, or somebody terminated it), that day
    stands, and what follows begins today. The plan of the transition begins to wait as work, and so does the election
    to buy the assets. Raises `NotLeft` without any such agreement, and while an exit is under way.
    """
    decision = actor.must(LEAVE.code, practice)
    on = tenancy.today(practice, at)
    if cases.under_way(practice):
        raise NotLeft("An exit is under way already.", fix="Go on with it, or withdraw its notice.")
    if not 1 <= plan_days <= 730:
        raise NotLeft("The transition takes a day to two years.", field="plan_days")
    agreement, ends_on = _to_leave(practice, on, wanted)
    row = kept.Exit.objects.create(
        practice_id=practice, agreement=agreement, noticed_on=on, ends_on=ends_on, rule=rule, plan_days=plan_days,
        why=why.strip()[:1000], made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    step(row, Stage.NOTICE, actor, at, why)
    kept.Task.objects.bulk_create(
        kept.Task(
            practice_id=practice, exit=row, number=number, area=each.area, who=each.who, words=each.words,
            due_on=rules.due_on(on, each, plan_days), made_at=at, made_by=actor.name[:160],
        )
        for number, each in enumerate(rules.PLAN, start=1)
    )  # fmt: skip
    if ends_on <= on:
        recorded(cases.today(row.public_id, at), "The agreement was over", actor=actor, at=at)
    found = cases.today(row.public_id, at)
    work.open_items(practice=practice, items=_items(found), at=at)
    tell("noticed", row, actor, at, decision, why=why, ends_on=str(row.ends_on))
    return found


def _to_leave(practice: int, on: date, wanted: date | None) -> tuple[str, date]:
    """The agreement that is left and the first day without it: the one in force, or the last that nobody has left."""
    version = agreements.in_force(practice, on)
    if version is not None:
        ends_on, known = rules.ends_on(on, version.terms.notice_days, wanted), _over_on(version.agreement)
        return version.agreement, min(ends_on, known) if known else ends_on
    left = cases.left(practice)
    ends = {one.public_id: _over_on(one.public_id) for one in agreements.of(practice) if one.public_id not in left}
    over = [(day, name) for name, day in ends.items() if day is not None and day <= on]
    if not over:
        raise NotLeft("The practice has no agreement in force to leave, and none that is over without an exit.")
    day, agreement = max(over)
    return agreement, day


def _over_on(public_id: str) -> date | None:
    """The first day without an agreement, as it is terminated or as its term has it; nothing where none is known."""
    found = agreements.agreement(public_id)
    days = [one for one in (found.terminated_on, found.latest.terms.days.ends_on if found.latest else None) if one]
    return min(days) if days else None


def recorded(one: Exit, note: str, *, actor: Actor, at: datetime) -> list[Task]:
    """Say that the tasks of recording the end of the agreement are done; these tasks."""
    done = [task for task in one.tasks if task.area is Area.AGREEMENT and not task.is_over]
    for task in done:
        kept.TaskStep.objects.create(
            practice_id=one.practice, task=kept.Task.objects.get(exit=one.key, number=task.number), to=Doing.DONE,
            note=note, made_at=at, made_by=actor.name[:160],
        )  # fmt: skip
    return done


def _items(one: Exit) -> list[NewItem]:
    tasks = [
        NewItem(
            kind=OURS if each.who is Who.MSO else THEIRS, subject=(EXIT, one.public_id),
            title=each.words[:160], key=task_key(one, each), priority=55,
            why=f"{one.practice_name} leaves on {one.ends_on:%-d %B %Y}. {each.area.label}: {each.words}.",
            priority_why=f"due {when(each.due_on)}", due_at=clocks.closing(one.practice, each.due_on),
        )
        for each in one.tasks if not each.is_over
    ]  # fmt: skip
    election = NewItem(
        kind=ELECTION, subject=(EXIT, one.public_id), title="Say whether you buy the assets",
        key=f"{ELECTION}|{one.public_id}",
        why="The practice may buy what the MSO provided; who says nothing in sixty days does not buy.", priority=45,
        priority_why=f"to be said {when(one.elect_by)}", due_at=clocks.closing(one.practice, one.elect_by),
    )  # fmt: skip
    return [*tasks, election]


def task_key(one: Exit, task: Task) -> str:
    """The key of the work item of a task."""
    return f"{EXIT}|{one.public_id}|{task.number}"


@atomic
def withdraw(*, actor: Actor, exit: str, why: str, at: datetime) -> Exit:
    """The practice takes its notice back, before a closing statement was issued."""
    one, row, decision = locked(actor, exit, LEAVE.code, at)
    said(why=why)
    check_move(STAGES, noun="exit", frm=one.stage, to=Stage.WITHDRAWN)
    if _is_ended(one):
        raise NotLeft("The end of the agreement is recorded already.", fix="Sign a new agreement to stay.")
    step(row, Stage.WITHDRAWN, actor, at, why)
    keys = [(one.practice, task_key(one, each)) for each in one.tasks] + [(one.practice, f"{ELECTION}|{exit}")]
    work.close_items(keys=keys, actor=actor, at=at, outcome="The notice was withdrawn", under=decision)
    for asset in one.assets:
        close_answers(one, asset, actor=actor, at=at, outcome="The notice was withdrawn", under=decision)
    tell("withdrawn", row, actor, at, decision, why=why)
    return cases.today(exit, at)


@atomic
def move_task(*, actor: Actor, exit: str, number: int, to: Doing, note: str, at: datetime) -> Exit:
    """Move a task on: begun, done, or not needed, which says why. Each side moves its own."""
    asked = cases.today(exit, at)
    task = next((each for each in asked.tasks if each.number == number), None)
    if task is None:
        raise NotFound(f"{exit} has no task {number}.", field="number")
    one, row, decision = locked(actor, exit, WORK.code if task.who is Who.MSO else LEAVE.code, at)
    refuse_over(one)
    check_move(DOING, noun="task", frm=task.doing, to=to)
    if to is Doing.NEEDLESS:
        said(note=note)
    if (no := rules.why_not_done(task, to, _is_ended(one))) != "":
        raise NotLeft(no, fix="Terminate the agreement on its page, or leave it to the night before that day.")
    kept.TaskStep.objects.create(
        practice_id=one.practice, task=kept.Task.objects.get(exit=row, number=number), to=to, note=note.strip()[:300],
        made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    if to in {Doing.DONE, Doing.NEEDLESS}:
        keys = [(one.practice, task_key(one, task))]
        work.close_items(keys=keys, actor=actor, at=at, outcome=to.label, under=decision)
    tell("task_moved", row, actor, at, decision, why=note, to=to.label.lower(), words=task.words)
    return cases.today(exit, at)


@atomic
def list_asset(*, actor: Actor, exit: str, name: str, sort: Sort, book: Money, at: datetime) -> Exit:
    """List an asset that the practice may buy, with its book value."""
    one, row, decision = locked(actor, exit, STATE.code, at)
    said(name=name)
    refuse_over(one)
    if book.amount < 0:
        raise NotLeft("A book value is not below zero.", field="book")
    kept.Asset.objects.create(
        practice_id=one.practice, exit=row, number=len(one.assets) + 1, name=name.strip(), sort=sort,
        book_amount=book.amount, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    tell("asset_listed", row, actor, at, decision, name=name.strip(), book=f"{book:,.2f}")
    return cases.today(exit, at)


@atomic
def appraise(
    *, actor: Actor, exit: str, number: int, side: Side, appraiser: str, amount: Money, on: date, at: datetime
) -> Exit:  # fmt: skip
    """File what the appraiser of a side found; the practice files for itself, the MSO for itself and for both."""
    one, row, decision = locked(actor, exit, LEAVE.code if side is Side.PRACTICE else STATE.code, at)
    said(appraiser=appraiser)
    refuse_over(one)
    asset = next((each for each in one.assets if each.number == number), None)
    if asset is None:
        raise NotFound(f"{exit} has no asset {number}.", field="number")
    today = tenancy.today(one.practice, at)
    if (no := rules.next_side(asset.appraisals, side, today)) != "":
        raise NotLeft(no, field="side")
    if amount.amount < 0 or not one.noticed_on <= on <= today:
        raise NotLeft("It is a value of a day between the notice and today.", field="on")
    kept.Appraisal.objects.create(
        practice_id=one.practice, asset=kept.Asset.objects.get(exit=row, number=number), side=side,
        appraiser=appraiser.strip(), amount=amount.amount, appraised_on=on, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    if asset.appraisals:
        close_answers(one, asset, actor=actor, at=at, outcome="Answered", under=decision)
    elif asset.rule is not Price.BOOK and asset.sort not in rules.NO_BOOK:
        _ask_to_answer(one, asset, side, amount, today, at)
    facts = {"name": asset.name, "amount": f"{amount:,.2f}", "appraiser": appraiser.strip()}
    tell("appraised", row, actor, at, decision, **facts)
    return cases.today(exit, at)


def _ask_to_answer(one: Exit, asset: Asset, side: Side, amount: Money, today: date, at: datetime) -> None:
    """Tell the other side of an appraisal: its days to answer count from now."""
    last = today + timedelta(days=rules.APPRAISER_DAYS)
    kind = APPRAISE_OURS if side is Side.PRACTICE else APPRAISE_THEIRS
    work.open_item(
        practice=one.practice, kind=kind, subject=(EXIT, one.public_id), title=f"Appraisal of {asset.name}"[:160],
        why=f"{side.label} had it appraised: {amount:,.2f}. File what your appraiser found, or that value holds.",
        priority=45, priority_why=f"to be answered {when(last)}", due_at=clocks.closing(one.practice, last),
        key=answer_key(kind, one, asset), at=at, amount=amount.amount,
    )  # fmt: skip


def close_answers(
    one: Exit, asset: Asset, *, actor: Actor, at: datetime, outcome: str, under: Decision
) -> None:  # fmt: skip
    """Nobody is to answer an appraisal of an asset any more."""
    keys = [(one.practice, answer_key(kind, one, asset)) for kind in (APPRAISE_OURS, APPRAISE_THEIRS)]
    work.close_items(keys=keys, actor=actor, at=at, outcome=outcome, under=under)


def answer_key(kind: str, one: Exit, asset: Asset) -> str:
    """The key of the work item of an answer to an appraisal."""
    return f"{kind}|{one.public_id}|{asset.number}"


@atomic
def elect(*, actor: Actor, exit: str, elects: Elects, at: datetime) -> Exit:
    """The practice says whether it buys the assets, within sixty days of the notice; once."""
    one, row, decision = locked(actor, exit, LEAVE.code, at)
    refuse_over(one)
    if one.elects is not None:
        raise NotLeft(f"It was said already: {one.elects.label.lower()}.", field="elects")
    if elects is Elects.BUYS and tenancy.today(one.practice, at) > one.elect_by:
        raise NotLeft(f"The days to elect were over on {one.elect_by:%-d %B %Y}.", field="elects")
    kept.Election.objects.create(
        practice_id=one.practice, exit=row, elects=elects, made_at=at, made_by=actor.name[:160]
    )
    keys = [(one.practice, f"{ELECTION}|{exit}")]
    work.close_items(keys=keys, actor=actor, at=at, outcome=elects.label, under=decision)
    tell("elected", row, actor, at, decision, election=elects.label)
    return cases.today(exit, at)


@atomic
def tell_item(
    *, actor: Actor, exit: str, words: str, owes: Owes, amount: Money, shows: str, at: datetime
) -> Exit:  # fmt: skip
    """Tell what one side owes the other that no book of the house has: a deposit, an SLA credit, with what shows it."""
    one, row, decision = locked(actor, exit, STATE.code, at)
    said(words=words, shows=shows)
    refuse_over(one)
    if amount.amount <= 0:
        raise NotLeft("An item is more than nothing; say who owes it.", field="amount")
    kept.Item.objects.create(
        practice_id=one.practice, exit=row, number=len(one.items) + 1, words=words.strip(), owes=owes,
        amount=amount.amount, shows=shows.strip(), made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    tell("item_told", row, actor, at, decision, words=words.strip(), amount=f"{amount:,.2f}")
    return cases.today(exit, at)


@atomic
def close(*, actor: Actor, exit: str, why: str, at: datetime) -> Exit:
    """Close an exit: the statement is issued, nothing is left to do, and patients' data are certified."""
    one, row, decision = locked(actor, exit, STATE.code, at)
    if (no := rules.why_not_close(one, tenancy.today(one.practice, at))) != "":
        raise NotLeft(no)
    check_move(STAGES, noun="exit", frm=one.stage, to=Stage.CLOSED)
    step(row, Stage.CLOSED, actor, at, why)
    tell("closed", row, actor, at, decision, why=why)
    return cases.today(exit, at)


def _is_ended(one: Exit) -> bool:
    """Whether the end of the agreement is recorded, or was before anybody left it."""
    return one.ends_on <= one.noticed_on or agreements.agreement(one.agreement).terminated_on is not None


# ---- what each of them needs ------------------------------------------------------------------------------------


def locked(actor: Actor, exit: str, permission: str, at: datetime) -> tuple[Exit, kept.Exit, Decision]:
    """The exit, for nobody else to add to meanwhile, where the actor has the permission; raises `NotFound`."""
    row = kept.Exit.objects.filter(public_id=exit).first()
    if row is None:
        raise NotFound(f"There is no exit {exit}.", field="exit")
    decision = actor.must(permission, row.practice_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, row.pk % 2**31])
    return cases.today(exit, at), row, decision


def refuse_over(one: Exit) -> None:
    """Refuse what is added to an exit that is over."""
    if one.stage in {Stage.CLOSED, Stage.WITHDRAWN}:
        raise NotLeft(f"The exit is {one.stage.label.lower()}.")


def step(row: kept.Exit, to: Stage, actor: Actor, at: datetime, why: str) -> None:
    """Write a step into the life of an exit."""
    kept.ExitStep.objects.create(
        practice_id=row.practice_id, exit=row, to=to, why=why.strip()[:1000], made_at=at, made_by=actor.name[:160]
    )


def tell(
    what: str, row: kept.Exit, actor: Actor, at: datetime, decision: Decision, *, why: str = "", **facts: str
) -> None:
    """Write an act into the trail."""
    audit.record(
        actor=actor, action=f"leaving.{what}", practice=row.practice_id, subject=(EXIT, row.public_id), at=at,
        facts=facts, why=why.strip(), decision=decision,
    )  # fmt: skip


def said(**texts: str) -> None:
    """Refuse texts that say nothing."""
    for field, text in texts.items():
        if not text.strip():
            raise NotLeft("Say it: both sides read it.", field=field)
