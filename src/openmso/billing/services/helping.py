"""Charity care: a patient applies, somebody with the right decides, and lines are given up by the scale.

While an application waits, nobody asks the patient for money (26 CFR 1.501(r)-6 for hospitals; house policy for all).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal

from openmso.agreements.queries import clocks
from openmso.billing import paper
from openmso.billing.contracts import APPROVE, ASSISTANCE, LINE, STATE, TABLES, TO_HELP, OwedLine
from openmso.billing.models import Account, Assistance, Sweep, SweptAccount
from openmso.billing.queries import owing, policies, tables
from openmso.billing.rules import charity, letters
from openmso.billing.rules.owing import Part
from openmso.billing.services import chasing, giving_up, keeping
from openmso.billing.services.dunning import letter_head, to
from openmso.billing.services.proposing import Proposal
from openmso.billing.services.settling import Act
from openmso.billing.states import HELP_MOVES, Deed, Helped, Hold, Why
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.kit.states import check_move
from openmso.kit.words import day
from openmso.patients import queries as patients
from openmso.patients.contracts import Patient
from openmso.platform.access import duties
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when


class NoHelp(Refused):
    """The application cannot be taken or decided as asked."""

    code = "no_help"


@atomic
def apply(
    *, actor: Actor, patient: str, household: int, income: Money, at: datetime,
    proof: tuple[str, bytes, str] | None = None,
) -> str:  # fmt: skip
    """Take an application: persons of the household, their income of a year, and a proof (name, bytes, media type).

    The account is held until it is decided. Raises `NoHelp`, also where another one waits.
    """
    who = keeping.one_patient(patient)
    decision = actor.must(STATE.code, who.practice)
    if not 1 <= household <= charity.HOUSEHOLD_MAX:
        raise NoHelp(f"A household has 1 to {charity.HOUSEHOLD_MAX} persons.", field="household")
    if income < ZERO:
        raise NoHelp("An income is not negative.", field="income")
    none_waits(who)
    on = tenancy.today(who.practice, at)
    table = charity.guideline(who.person.address.state, on, tables.guidelines())
    if table is None:
        raise NoHelp(
            "There is no table of the poverty guidelines for this day.",
            fix=f"Have the table of the year loaded: {access.who_may(TABLES.code)}.",
        )
    percent = charity.percent(income, household, table)
    row = Assistance.objects.create(
        practice_id=who.practice, patient_id=who.id, household=household, income_amount=income.amount,
        percent=percent, poverty_year=table.year,
        discount=charity.discount(percent, charity.scale(policies.current(who.practice).charity_scale)),
        paper=keep_proof(proof, actor, who.practice, at, decision), asked_at=at, asked_by=actor.name[:160],
        asked_user=actor.user,
    )  # fmt: skip
    wait(row, actor, at, on, f"{percent}% of the guideline, the scale gives {row.discount}%", "the proof of income")
    tell("billing.help_asked", row, actor, at, decision)
    return row.public_id


def wait(row: Assistance, actor: Actor, at: datetime, on: date, said: str, look_at: str) -> None:
    """An application waits for somebody else, and nobody asks the patient for money meanwhile."""
    practice = row.practice_id
    Account.objects.filter(practice_id=practice, patient_id=row.patient_id, hold="").update(
        hold=Hold.CHARITY.value, hold_why=f"Application {row.public_id} waits", hold_until=None,
        hold_by=actor.name[:160],
    )  # fmt: skip
    work.open_item(
        practice=practice, kind=TO_HELP, subject=(ASSISTANCE, row.public_id), at=at, amount=None,
        title=f"Financial assistance: {said}",
        why=f"Look at {look_at}, and decide. Nobody asks the patient for money meanwhile.", priority=45,
        priority_why=f"a patient asked {when(on)}", key=_key(row),
        due_at=clocks.sla_due(practice, LINE, TO_HELP, at),
    )  # fmt: skip
    chasing.refresh(practice=practice, on=on)


def none_waits(who: Patient) -> None:
    """Refuse where an application of the patient waits already."""
    if Assistance.objects.filter(practice_id=who.practice, patient_id=who.id, state=Helped.ASKED.value).exists():
        raise NoHelp("An application of this patient waits already.", code="one_waits")


@atomic
def grant(*, actor: Actor, application: str, at: datetime) -> Money:
    """Grant an application; never one's own (`SamePerson`). What is owed is given up by the scale; how much it is."""
    row, decision = locked(application, actor, Helped.GRANTED)
    duties.another(actor, did=row.asked_user, first="took this application", then="decide it")
    if not row.discount:
        raise NoHelp(f"The scale gives nothing at {row.percent}% of the guideline.", fix="Say no, with the reason.")
    on = tenancy.today(row.practice_id, at)
    act = Act(actor, at, on, decision)
    months = policies.current(row.practice_id).charity_months
    row.state, row.decided_at, row.decided_by = Helped.GRANTED, at, actor.name[:160]
    row.valid_until = Month.of(on).plus(months).last
    given = _give(row, act)
    row.amount = given.amount
    left = owing.total(owing.lines(practice=row.practice_id, patients=[row.patient_id]).get(row.patient_id, ()))
    head = letter_head(row.practice_id, on)
    until = day(row.valid_until)
    row.letter = letter(row, letters.granted(row.public_id, row.discount, given, left, until, head), act)
    row.save()
    _end(row, act, "Granted")
    tell("billing.help_granted", row, actor, at, decision, percent=row.discount, amount=str(given))
    return given


@atomic
def deny(*, actor: Actor, application: str, why: str, at: datetime) -> None:
    """Say no to an application, with the reason that the patient is told."""
    row, decision = locked(application, actor, Helped.DENIED)
    if not why.strip():
        raise NoHelp("A no says why.", code="no_reason", field="why", fix="The patient reads it.")
    act = Act(actor, at, tenancy.today(row.practice_id, at), decision)
    row.state, row.decided_at, row.decided_by, row.decided_why = Helped.DENIED, at, actor.name[:160], why.strip()[:300]
    row.letter = letter(row, letters.denied(row.public_id, why.strip(), letter_head(row.practice_id, act.on)), act)
    row.save()
    _end(row, act, "Denied")
    tell("billing.help_denied", row, actor, at, decision, why=why)


def propose(practice: int, on: date, only: Collection[int] | None) -> list[Proposal]:
    """New balances of patients whose help still holds: by the same percentage."""
    rows = Assistance.objects.filter(practice_id=practice, state=Helped.GRANTED.value, valid_until__gte=on)
    if only is not None:
        rows = rows.filter(patient_id__in=list(only))
    granted = {row.patient_id: row for row in rows.order_by("pk")}
    lines = owing.lines(practice=practice, patients=list(granted))
    given = giving_up.standing(Why.CHARITY, practice=practice, patients=list(granted), lines=lines)
    found = []
    for patient, row in granted.items():
        parts = _parts(lines.get(patient, ()), given.get(patient, ()), row.discount)
        amount = Money.total(part.amount for part in parts)
        if amount > ZERO and row.valid_until is not None:
            words = f"{row.public_id} gives {row.discount}% until {day(row.valid_until)}."
            found.append(Proposal(patient, Deed.CHARITY, amount, words))
    return found


def do(sweep: Sweep, rows: Sequence[SweptAccount], act: Act) -> None:
    """Give what is granted of new balances."""
    for one in rows:
        row = Assistance.objects.select_for_update().filter(
            practice_id=sweep.practice_id, patient_id=one.patient_id, state=Helped.GRANTED.value
        ).latest("pk")  # fmt: skip
        given = _give(row, act)
        row.amount += given.amount
        row.save(update_fields=["amount"])
        one.act = row.public_id


def _give(row: Assistance, act: Act) -> Money:
    lines = owing.lines(practice=row.practice_id, patients=[row.patient_id])
    given = giving_up.standing(Why.CHARITY, practice=row.practice_id, patients=[row.patient_id], lines=lines)
    parts = _parts(lines.get(row.patient_id, ()), given.get(row.patient_id, ()), row.discount)
    return giving_up.give_up(Why.CHARITY, parts, act, note=note_of(row))


def note_of(row: Assistance) -> str:
    """By what the settlements of an application are known."""
    return f"{row.discount}% by {row.public_id}"


def _parts(lines: Sequence[OwedLine], given: Sequence[Part[OwedLine]], discount: int) -> list[Part[OwedLine]]:
    """The percentage of what is owed of each line of which nothing was given yet."""
    done = {(part.line.claim_id, part.line.line) for part in given}
    fresh = [one for one in lines if one.owed > ZERO and (one.claim_id, one.line) not in done]
    parts = [Part(one, one.owed.times(Decimal(discount) / 100)) for one in fresh]
    return [part for part in parts if part.amount > ZERO]


def _end(row: Assistance, act: Act, outcome: str) -> None:
    Account.objects.filter(
        practice_id=row.practice_id, patient_id=row.patient_id, hold=Hold.CHARITY.value,
        hold_why=f"Application {row.public_id} waits",
    ).update(hold="", hold_why="", hold_until=None, hold_by="")  # fmt: skip
    work.close_item(
        practice=row.practice_id, key=_key(row), actor=act.actor, at=act.at, outcome=outcome, under=act.under
    )
    keeping.refresh(practice=row.practice_id, patients=[row.patient_id])
    chasing.refresh(practice=row.practice_id, on=act.on)


def keep_proof(
    proof: tuple[str, bytes, str] | None, actor: Actor, practice: int, at: datetime, decision: Decision
) -> str:  # fmt: skip
    """Keep a proof as a document; its name, empty without one."""
    if proof is None:
        return ""
    name, content, media_type = proof
    return documents.store(
        actor=actor, practice=practice, name=name, content=content, media_type=media_type or "application/pdf",
        purpose="billing.proof", at=at, under=decision,
    ).public_id  # fmt: skip


def letter(row: Assistance, text: tuple[str, Sequence[str]], act: Act) -> str:
    """Write to the patient; the document."""
    who = patients.by_ids([row.patient_id])[row.patient_id]
    page = letters.page(letter_head(row.practice_id, act.on), to(who), text)
    return documents.store(
        actor=act.actor, practice=row.practice_id, name=f"assistance-{row.public_id}.pdf",
        content=paper.letters([page]), media_type="application/pdf", purpose="billing.letters", at=act.at,
        under=act.under,
    ).public_id  # fmt: skip


def locked(application: str, actor: Actor, wanted: Helped) -> tuple[Assistance, Decision]:
    """An application that may become so, by whoever decides; its patient's account is locked now."""
    found = Assistance.objects.filter(public_id=application).values_list("practice_id", "patient_id").first()
    if found is None:
        raise NotFound(f"There is no application {application}.")
    keeping.lock(found[0], [found[1]])
    row = Assistance.objects.select_for_update().get(practice_id=found[0], public_id=application)
    decision = actor.must(APPROVE.code, row.practice_id)
    check_move(HELP_MOVES, noun="application", frm=Helped(row.state), to=wanted)
    return row, decision


def _key(row: Assistance) -> str:
    return f"{TO_HELP}:{row.public_id}"


def tell(
    action: str, row: Assistance, actor: Actor, at: datetime, under: Decision, *, why: str = "", **facts: str | int
) -> None:
    """Tell the trail."""
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(ASSISTANCE, row.public_id), at=at, why=why,
        facts=facts, decision=under,
    )  # fmt: skip
