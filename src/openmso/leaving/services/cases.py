"""An exit goes on: notice, tasks, assets and their appraisals, the election, other items, the end."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from openmso.agreements.queries import agreements, clocks
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.states import check_move
from openmso.leaving import models as kept
from openmso.leaving import rules
from openmso.leaving.contracts import ELECTION, EXIT, LEAVE, OURS, STATE, THEIRS, WORK, Exit, NotLeft, Task
from openmso.leaving.queries import cases
from openmso.leaving.states import DOING, STAGES, Doing, Elects, Owes, Price, Side, Sort, Stage, Who
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

    The plan of the transition begins to wait as work, and so does the election to buy the assets. Raises `NotLeft`
    without an agreement in force, and while an exit is under way.
    """
    decision = actor.must(LEAVE.code, practice)
    on = tenancy.today(practice, at)
    version = agreements.in_force(practice, on)
    if version is None:
        raise NotLeft("The practice has no agreement in force to leave.")
    if cases.under_way(practice):
        raise NotLeft("An exit is under way already.", fix="Go on with it, or withdraw its notice.")
    if not 1 <= plan_days <= 730:
        raise NotLeft("The transition takes a day to two years.", field="plan_days")
    row = kept.Exit.objects.create(
        practice_id=practice, agreement=version.agreement, noticed_on=on,
        ends_on=rules.ends_on(on, version.terms.notice_days, wanted), rule=rule, plan_days=plan_days,
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
    found = cases.today(row.public_id, at)
    work.open_items(practice=practice, items=_items(found), at=at)
    tell("noticed", row, actor, at, decision, why=why, ends_on=str(row.ends_on))
    return found


def _items(one: Exit) -> list[NewItem]:
    tasks = [
        NewItem(
            kind=OURS if each.who is Who.MSO else THEIRS, subject=(EXIT, one.public_id),
            title=each.words[:160], key=task_key(one, each), priority=55,
            why=f"{one.practice_name} leaves on {one.ends_on:%-d %B %Y}. {each.area.label}: {each.words}.",
            priority_why=f"due {when(each.due_on)}", due_at=clocks.closing(one.practice, each.due_on),
        )
        for each in one.tasks
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
    if (no := rules.next_side(asset.appraisals, side)) != "":
        raise NotLeft(no, field="side")
    if amount.amount < 0 or not one.noticed_on <= on <= tenancy.today(one.practice, at):
        raise NotLeft("It is a value of a day between the notice and today.", field="on")
    kept.Appraisal.objects.create(
        practice_id=one.practice, asset=kept.Asset.objects.get(exit=row, number=number), side=side,
        appraiser=appraiser.strip(), amount=amount.amount, appraised_on=on, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    facts = {"name": asset.name, "amount": f"{amount:,.2f}", "appraiser": appraiser.strip()}
    tell("appraised", row, actor, at, decision, **facts)
    return cases.today(exit, at)


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
    """Whether the end of the agreement is recorded."""
    return agreements.agreement(one.agreement).terminated_on is not None


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
