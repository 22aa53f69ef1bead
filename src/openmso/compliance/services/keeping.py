"""Keeping the register: every act adds a row, and none changes one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from openmso.compliance.contracts import (
    ARRANGEMENT,
    KEEP,
    PAPER,
    Arrangement,
    NewArrangement,
    NewOpinion,
    NewTerm,
    Paper,
    Relative,
    Term,
)
from openmso.compliance.models import register as tables
from openmso.compliance.queries import register
from openmso.compliance.rules import activating, checklists, terms
from openmso.compliance.services import exclusions, watching
from openmso.compliance.states import Party, Pay, Said, Side
from openmso.kit.errors import NotFound, Refused
from openmso.kit.ids import npi_is_valid
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)


class NotRegistered(Refused):
    """What was told of an arrangement cannot be so."""

    code = "not_registered"


class NotActivated(Refused):
    """The term may not be paid; the sentence says why."""

    code = "not_activated"


@atomic
def register_arrangement(*, actor: Actor, practice: int, new: NewArrangement, at: datetime) -> str:
    """Enter an arrangement into the register; its public id. Its terms follow with `write_term`.

    Raises `NotRegistered` for a party without a name or with numbers that cannot be, for family of nobody, and for who
    is on the list of exclusions.
    """
    decision = actor.must(KEEP.code, practice)
    _numbers(new.npi, new.ein)
    _said(title=new.title, name=new.name)
    if why := exclusions.why_not(practice, new.name, new.npi, on=tenancy.today(practice, at)):
        raise NotRegistered(why, field="name", fix="Agree on nothing with them while they are excluded.")
    if new.party is Party.FAMILY and not new.relation.strip():
        raise NotRegistered("Say of which physician they are family.", field="relation")
    row = tables.Arrangement.objects.create(
        practice_id=practice, title=new.title.strip(), kind=new.kind, party=new.party, name=new.name.strip(),
        npi=new.npi, ein=new.ein, relation=new.relation.strip(), recorded_at=at, recorded_by=actor.name[:160],
    )  # fmt: skip
    _tell("registered", row, actor, at, decision, title=row.title, kind=new.kind.label.lower(), party=row.name)
    return row.public_id


@atomic
def name_relative(*, actor: Actor, arrangement: str, relative: Relative, at: datetime) -> None:
    """Name somebody of the party's family, or an entity of theirs, so that payments to them are recognised."""
    row, decision = _locked(actor, arrangement)
    _numbers(relative.npi, relative.ein)
    _said(name=relative.name, relation=relative.relation)
    if tables.Relative.objects.filter(arrangement=row, name=relative.name.strip()).exists():
        raise NotRegistered(f"{relative.name} is named already.", field="name")
    tables.Relative.objects.create(
        practice_id=row.practice_id, arrangement=row, name=relative.name.strip(), relation=relative.relation.strip(),
        npi=relative.npi, ein=relative.ein, recorded_at=at, recorded_by=actor.name[:160],
    )  # fmt: skip
    _tell("related", row, actor, at, decision, name=relative.name.strip(), relation=relative.relation.strip())


@atomic
def write_term(*, actor: Actor, arrangement: str, new: NewTerm, at: datetime) -> Term:
    """Write the next version of the terms: the first, a renewal or a change. Nothing is paid by it until `activate`.

    Raises `NotRegistered` for terms that cannot be, and after the arrangement has ended.
    """
    row, decision = _locked(actor, arrangement)
    one = register.arrangement(arrangement)
    _of_term(one, new)
    number = len(one.terms) + 1
    document = _kept(actor, row, new.paper, at, decision)
    tables.Term.objects.create(
        practice_id=row.practice_id, arrangement=row, number=number, services=new.services.strip(), pay=new.pay,
        rate_amount=new.rate, unit_words=new.unit_words.strip(), hours_cap=new.hours_cap, starts_on=new.starts_on,
        ends_on=new.ends_on, written_on=new.written_on, in_advance=new.in_advance, by_volume=new.by_volume,
        reasonable=new.reasonable.strip(), grounds=list(new.grounds), holdover=new.holdover, why=new.why.strip(),
        document=document, recorded_at=at, recorded_by=actor.name[:160],
    )  # fmt: skip
    _tell("terms_written", row, actor, at, decision, number=number, formula=_one(arrangement, number).formula)
    return _one(arrangement, number)


def _of_term(one: Arrangement, new: NewTerm) -> None:
    if one.ending is not None:
        raise NotRegistered("The arrangement has ended.", fix="Register a new one.")
    _said(services=new.services)
    _days(starts_on=new.starts_on, ends_on=new.ends_on, written_on=new.written_on)
    if new.ends_on is not None and new.ends_on <= new.starts_on:
        raise NotRegistered("The term ends before it begins.", field="ends_on", fix="Choose a later day.")
    if not _is_cents(new.rate) or new.rate <= 0:
        raise NotRegistered("The rate is more than nothing, in dollars and cents.", field="rate")
    if new.hours_cap is not None and (new.pay is not Pay.HOUR or not 0 < new.hours_cap <= 744):
        raise NotRegistered("Only hours have a cap: up to the 744 of a month.", field="hours_cap")
    if one.terms and not new.why.strip():
        raise NotRegistered("Say why there is a new version: renewal, change of pay.", field="why")
    known = checklists.lists()
    if not new.grounds or any(code not in known or one.kind not in known[code].kinds for code in new.grounds):
        names = ", ".join(ask.words for ask in known.values() if one.kind in ask.kinds)
        raise NotRegistered(
            "Say which exception or safe harbour it relies on.",
            field="grounds",
            fix=f"For {one.kind.label.lower()}: {names}.",
        )


@atomic
def sign_term(
    *, actor: Actor, arrangement: str, number: int, side: Side, signed_on: date, by: str, at: datetime
) -> Term:  # fmt: skip
    """Record that a side signed a term, on which day and by whom; a side signs once. Raises `NotRegistered`."""
    row, decision = _locked(actor, arrangement)
    term = _row(row, number)
    _said(by=by)
    _days(signed_on=signed_on)
    if signed_on > tenancy.today(row.practice_id, at):
        raise NotRegistered("That day is still to come.", field="signed_on")
    if tables.Signature.objects.filter(term=term, side=side).exists():
        raise NotRegistered(f"{side.label} has signed term {number} already.", field="side")
    tables.Signature.objects.create(
        practice_id=row.practice_id, term=term, side=side, signed_on=signed_on, by=by.strip(), recorded_at=at,
        recorded_by=actor.name[:160],
    )  # fmt: skip
    _tell("signed", row, actor, at, decision, number=number, side=side.label.lower(), signed_on=signed_on)
    return _one(arrangement, number)


@atomic
def file_opinion(*, actor: Actor, arrangement: str, new: NewOpinion, at: datetime) -> Arrangement:
    """File an opinion of fair market value; the latest that was given governs. Raises `NotRegistered`."""
    row, decision = _locked(actor, arrangement)
    _said(appraiser=new.appraiser)
    _days(opined_on=new.opined_on, expires_on=new.expires_on)
    if not (_is_cents(new.low) and _is_cents(new.high) and 0 <= new.low <= new.high):
        raise NotRegistered("The range goes from a lower to a higher rate, in dollars and cents.", field="high")
    if new.opined_on > tenancy.today(row.practice_id, at):
        raise NotRegistered("That day is still to come.", field="opined_on")
    if new.expires_on < new.opined_on:
        raise NotRegistered("It expires before it is given.", field="expires_on", fix="Choose a later day.")
    tables.Opinion.objects.create(
        practice_id=row.practice_id, arrangement=row, method=new.method, low_amount=new.low, high_amount=new.high,
        unit=new.unit, appraiser=new.appraiser.strip(), opined_on=new.opined_on, expires_on=new.expires_on,
        words=new.words.strip(), document=_kept(actor, row, new.paper, at, decision), recorded_at=at,
        recorded_by=actor.name[:160],
    )  # fmt: skip
    _tell("opined", row, actor, at, decision, appraiser=new.appraiser.strip(), expires_on=new.expires_on)
    return _watched(actor, arrangement, at, decision)


@atomic
def activate(*, actor: Actor, arrangement: str, number: int, at: datetime) -> Arrangement:
    """Have a term be paid from its first day on: the first one, or a renewal.

    Refused (`NotActivated`) without an opinion of value in force today that covers its rate, and for a pay that takes
    account of referrals.
    """
    row, decision = _locked(actor, arrangement)
    one, term = register.arrangement(arrangement), _row(row, number)
    on = tenancy.today(row.practice_id, at)
    asked = next(each for each in one.terms if each.number == number)
    why, fix = activating.why_not_active(one, asked, on)
    if why or (why := exclusions.why_not(row.practice_id, one.name, one.npi, on=on)):
        raise NotActivated(why, fix=fix)
    covering = terms.opinion_on(one.opinions, asked.pay, on)
    tables.Activation.objects.create(
        practice_id=row.practice_id, term=term, activated_on=on, recorded_at=at, recorded_by=actor.name[:160],
        opinion=tables.Opinion.objects.get(public_id=covering.public_id) if covering else None,
    )  # fmt: skip
    _tell("activated", row, actor, at, decision, number=number)
    return _watched(actor, arrangement, at, decision)


@atomic
def end(*, actor: Actor, arrangement: str, ends_on: date, why: str, at: datetime) -> Arrangement:
    """End an arrangement as of a day, the first without it; what was before can still be paid. Only once."""
    row, decision = _locked(actor, arrangement)
    one = register.arrangement(arrangement)
    _said(why=why)
    _days(ends_on=ends_on)
    if one.ending is not None:
        raise NotRegistered("The arrangement has ended already.", field="ends_on")
    if one.terms and ends_on < min(each.starts_on for each in one.terms):
        raise NotRegistered("It cannot end before it begins.", field="ends_on", fix="Choose a later day.")
    tables.Ending.objects.create(
        practice_id=row.practice_id, arrangement=row, ends_on=ends_on, why=why.strip(), recorded_at=at,
        recorded_by=actor.name[:160],
    )  # fmt: skip
    _tell("ended", row, actor, at, decision, ends_on=ends_on, why=why)
    return _watched(actor, arrangement, at, decision)


@atomic
def answer(
    *, actor: Actor, arrangement: str, element: str, said: Said, evidence: str, at: datetime,
    paper: Paper | None = None,
) -> Arrangement:  # fmt: skip
    """Answer an element of a checklist with what shows it; the last answer holds. Raises `NotRegistered`."""
    row, decision = _locked(actor, arrangement)
    if checklists.element(element) is None:
        raise NotRegistered(
            f"There is no element {element} to answer.", field="element", fix="The register answers some itself."
        )
    _said(evidence=evidence)
    if said is Said.OPEN:
        raise NotRegistered("Met, not met, or does not apply.", field="said")
    tables.Answer.objects.create(
        practice_id=row.practice_id, arrangement=row, element=element, said=said, evidence=evidence.strip(),
        document=_kept(actor, row, paper, at, decision), recorded_at=at, recorded_by=actor.name[:160],
    )  # fmt: skip
    _tell("answered", row, actor, at, decision, element=element, said=said.label.lower())
    return register.arrangement(arrangement)


def _locked(actor: Actor, arrangement: str) -> tuple[tables.Arrangement, Decision]:
    """The arrangement, for nobody else to add to meanwhile, where the actor may keep it; raises `NotFound`."""
    row = tables.Arrangement.objects.filter(public_id=arrangement).first()
    if row is None:
        raise NotFound(f"There is no arrangement {arrangement}.", field="arrangement")
    decision = actor.must(KEEP.code, row.practice_id)
    watching.lock(row.pk)
    return row, decision


def _row(row: tables.Arrangement, number: int) -> tables.Term:
    found = tables.Term.objects.filter(arrangement=row, number=number).first()
    if found is None:
        raise NotFound(f"{row.public_id} has no term {number}.", field="number")
    return found


def _one(arrangement: str, number: int) -> Term:
    return next(one for one in register.arrangement(arrangement).terms if one.number == number)


def _watched(actor: Actor, arrangement: str, at: datetime, decision: Decision) -> Arrangement:
    """The arrangement, with what waits of it brought up to date."""
    one = register.arrangement(arrangement)
    watching.look(one, actor=actor, at=at, under=decision)
    return one


def _kept(actor: Actor, row: tables.Arrangement, paper: Paper | None, at: datetime, decision: Decision) -> str:
    if paper is None:
        return ""
    return documents.store(
        actor=actor, practice=row.practice_id, name=paper.name, content=paper.content,
        media_type="application/octet-stream", purpose=PAPER.code, at=at, under=decision,
    ).public_id  # fmt: skip


def _tell(
    what: str, row: tables.Arrangement, actor: Actor, at: datetime, decision: Decision, *, why: str = "",
    **facts: object,
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=f"compliance.{what}", practice=row.practice_id, subject=(ARRANGEMENT, row.public_id), at=at,
        facts={name: str(fact) if isinstance(fact, date) else fact for name, fact in facts.items()}, why=why.strip(),
        decision=decision,
    )  # fmt: skip


def _said(**texts: str) -> None:
    for field, text in texts.items():
        if not text.strip():
            raise NotRegistered("Say it: the register is read by people who were not there.", field=field)


def _numbers(npi: str, ein: str) -> None:
    if npi and not npi_is_valid(npi):
        raise NotRegistered("That is no NPI: ten digits, the last of which checks the others.", field="npi")
    if ein and not (len(ein) == 9 and ein.isascii() and ein.isdigit()):
        raise NotRegistered("An EIN has nine digits; a Social Security number is not kept here.", field="ein")


def _days(**days: date | None) -> None:
    for field, day in days.items():
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise NotRegistered("That day is not one of these years.", field=field)


def _is_cents(rate: Decimal) -> bool:
    return rate.is_finite() and rate == rate.quantize(Decimal("0.01")) and abs(rate) < Decimal(10) ** 10
