"""Terms that end: whoever may is told before the day of notice, notice is given, and what nobody ended is renewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from openmso.agreements import rules
from openmso.agreements.contracts import NOTICE, RENEWAL_WORK, Agreement, Notice, S, Version
from openmso.agreements.models.agreement import NonRenewal, ServiceAgreement
from openmso.agreements.queries import agreements, clocks, matrix, signing
from openmso.agreements.queries import renewals as queries
from openmso.agreements.services import execution
from openmso.agreements.services.drafting import locked
from openmso.agreements.services.law import NotLawful
from openmso.kit.errors import Conflict, Refused
from openmso.kit.words import day as said_day
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when

AHEAD = timedelta(days=45)
"""How long before the last day of notice, or before an end that nothing follows, it is told."""
PRIORITY, PRIORITY_STOPPED = 60, 85


class NoNotice(Refused):
    """There is nothing to give notice of, or it is too late."""

    code = "no_notice"


class Noticed(Conflict):
    """Notice was given already."""

    code = "notice_was_given"


@atomic
def give_notice(*, actor: Actor, agreement: str, why: str, at: datetime) -> Notice:
    """Give notice that the term that runs is not renewed; either side may, through the last day of notice.

    The agreement holds until its term ends. Refused where it has no end, is not renewed anyway, or after that day.
    """
    row = locked(agreement)
    decision = actor.must(NOTICE.code, row.practice_id)
    found = agreements.agreement(agreement)
    if no := why_no_notice(found, at):
        raise no
    today = tenancy.today(row.practice_id, at)
    holds = _last(found, today)
    assert holds is not None, "there is a term to give notice of"
    ends_on = holds.terms.days.ends_on
    assert ends_on is not None, "a day of notice comes before an end"
    if not why.strip():
        raise NoNotice("Say why it is not renewed.", field="why", fix="A sentence is enough; the other side reads it.")
    side = signing.side_of(actor, decision)
    NonRenewal.objects.create(
        practice_id=row.practice_id, agreement=row, side=side.value, ends_on=ends_on, given_on=today,
        why=why.strip()[:200], at=at, by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action="agreements.notice_given", practice=row.practice_id, at=at, why=why.strip(),
        subject=("agreements.agreement", agreement), decision=decision,
        facts={"side": side.within, "ends_on": str(ends_on)},
    )  # fmt: skip
    _say(found, holds, today, at)
    made = queries.notice(found, ends_on)
    assert made is not None, "notice was just given"
    return made


def why_no_notice(agreement: Agreement, at: datetime) -> Refused | None:
    """Why no notice can be given of the term that runs; nothing where it can."""
    today = tenancy.today(agreement.practice, at)
    holds = _last(agreement, today)
    by = rules.notice_by(holds.terms) if holds else None
    if holds is None or by is None:
        return NoNotice(f"{agreement.public_id} is not renewed by its terms.", fix="Terminate it, or let its term end.")
    ends_on = holds.terms.days.ends_on
    assert ends_on is not None, "a day of notice comes before an end"
    if queries.notice(agreement, ends_on) is not None:
        return Noticed("Notice was given already.", fix=f"It ends on {said_day(ends_on)}.")
    if today > by:
        return NoNotice(f"Notice was to be given by {said_day(by)}.", fix="Agree on an end, or terminate it.")
    return None


@atomic
def watch(*, actor: Actor, at: datetime) -> int:
    """Look at every agreement in scope: tell what ends, and renew what nobody gave notice of. How many were renewed.

    Run every morning, and twice is once. An agreement that a rule of law keeps from being renewed waits with its
    reason, and is tried again each morning until it ends.
    """
    rows = ServiceAgreement.objects.filter(state=S.EXECUTED.value).order_by("pk")
    return sum(_morning(public_id, actor, at) for public_id in list(rows.values_list("public_id", flat=True)))


def _morning(agreement: str, actor: Actor, at: datetime) -> bool:
    found = agreements.agreement(agreement)
    today = tenancy.today(found.practice, at)
    holds = _last(found, today)
    if holds is None or holds.terms.days.ends_on is None:
        return False
    renews_on, ends_on = rules.renews_on(holds.terms), holds.terms.days.ends_on
    if renews_on is None or today < renews_on or queries.notice(found, ends_on) is not None:
        _say(found, holds, today, at)
        return False
    actor = replace(actor, behind=actor.behind or matrix.behind(found.practice, today))
    try:
        execution.renew(actor=actor, agreement=agreement, at=at)
    except NotLawful as no:
        _say(found, holds, today, at, stopped=no)
        return False
    _close(found, ends_on, actor, at, "Renewed by its terms")
    return True


def _last(agreement: Agreement, today: date) -> Version | None:
    """The version signed last, where its term has not ended."""
    holds = agreement.latest
    ended = holds is None or (holds.terms.days.ends_on is not None and holds.terms.days.ends_on <= today)
    return None if ended or agreement.terminated_on is not None else holds


def _say(agreement: Agreement, holds: Version, today: date, at: datetime, *, stopped: NotLawful | None = None) -> None:
    """Tell what a term's end brings, from a while before the day on which something can be done about it."""
    ends_on, by = holds.terms.days.ends_on, rules.notice_by(holds.terms)
    assert ends_on is not None, "a term that ends"
    given, end, until = queries.notice(agreement, ends_on), said_day(ends_on), ends_on
    if stopped is not None:
        why = f"It was to renew, and a rule of law stops that: {stopped.sentence} {stopped.fix} It ends on {end}."
    elif given is not None:
        why = f"Notice was given {given.side.within} on {said_day(given.given_on)}: {given.why} Plan its end."
    elif by is not None:
        months, until = holds.terms.renewal_months, by
        why = f"It renews on {end} for {months} months unless one side gives notice through {said_day(by)}."
    else:
        why = "Its term ends and nothing follows: agree on a next one, or plan its end."
    if today + AHEAD < until:
        return
    work.open_items(
        practice=agreement.practice, at=at,
        items=[NewItem(
            kind=RENEWAL_WORK, subject=(RENEWAL_WORK, agreement.public_id), why=why,
            title=f"{agreement.public_id}: its term ends on {end}", due_at=clocks.closing(agreement.practice, until),
            priority=PRIORITY_STOPPED if stopped else PRIORITY, key=_key(agreement, ends_on),
            priority_why=f"{'it ends' if until == ends_on else 'the last day of notice is'} {when(until)}",
        )],
    )  # fmt: skip


def _close(agreement: Agreement, ends_on: date, actor: Actor, at: datetime, outcome: str) -> None:
    under = Decision(True, NOTICE.code, agreement.practice, "The agreement renews by its terms.", actor.behind)
    work.close_item(
        practice=agreement.practice, key=_key(agreement, ends_on), actor=actor, at=at, outcome=outcome, under=under
    )


def _key(agreement: Agreement, ends_on: date) -> str:
    return f"{RENEWAL_WORK}|{agreement.public_id}|{ends_on}"
