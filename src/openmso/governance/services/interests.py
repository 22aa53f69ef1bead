"""Disclosing interests: made once, renewed every year, changed or ended; each an entry that stays."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.queries import clocks
from openmso.governance.contracts import DISCLOSE, INTEREST, RENEWAL_WORK
from openmso.governance.contracts.interests import Interest, NewInterest
from openmso.governance.models import Disclosure
from openmso.governance.models.interests import CHANGED, DISCLOSED, ENDED, RENEWED
from openmso.governance.queries import interests as queries
from openmso.governance.rules import interests as rules
from openmso.governance.states import Held
from openmso.kit.errors import Conflict, Forbidden, NotFound, Refused
from openmso.parties.queries import vendors
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when

PRIORITY = 45


class NotDisclosed(Refused):
    """The disclosure lacks what it needs."""

    code = "not_disclosed"


class NotYourInterest(Forbidden):
    """Everybody discloses their own interests."""

    code = "not_your_interest"


@atomic
def disclose(*, actor: Actor, practice: int, new: NewInterest, at: datetime) -> str:
    """Disclose an interest of one's own that touches a practice, or that there is none; its public id.

    From then on one neither votes nor decides on what is about that party. It is renewed every year.
    """
    decision = actor.must(DISCLOSE.code, practice)
    new = _judged(practice, new, at)
    made = _enter(practice, "", 1, DISCLOSED, new, actor, at)
    audit.record(
        actor=actor, action="governance.disclosed", practice=practice, subject=(INTEREST, made.public_id), at=at,
        facts={"person": actor.name, "party": new.party or new.nature.words.lower(), "nature": new.nature.value,
               "band": new.band.value}, decision=decision,
    )  # fmt: skip
    return made.public_id


@atomic
def renew(*, actor: Actor, interest: str, at: datetime, changed: NewInterest | None = None) -> Interest:
    """Say that a disclosure still holds, as it is or as it is now (`changed`)."""
    held, decision = _own(actor, interest, at)
    new = changed or NewInterest(held.nature, held.party, held.words, held.band, held.vendor)
    what = CHANGED if changed else RENEWED
    return _go_on(held, what, _judged(held.practice, new, at), actor, at, decision)


@atomic
def end(*, actor: Actor, interest: str, why: str, at: datetime) -> Interest:
    """Say that an interest has ended; the disclosure stays, and binds no more."""
    held, decision = _own(actor, interest, at)
    if not why.strip():
        raise NotDisclosed("Say how it ended.", field="why")
    ended = NewInterest(held.nature, held.party, why.strip(), held.band, held.vendor)
    return _go_on(held, ENDED, ended, actor, at, decision)


@atomic
def remind(*, practice: int, interest: str, at: datetime) -> None:
    """Have a disclosure that is soon to be renewed wait for whoever made it."""
    held = queries.interest(interest, at=at)
    about = held.party or held.nature_words.lower()
    work.open_item(
        practice=practice, kind=RENEWAL_WORK, subject=(INTEREST, interest),
        title=f"Disclosure of {held.person}: {about}",
        why=f"{held.person} says whether it still holds, has changed, or has ended.",
        priority=PRIORITY, priority_why=f"Disclosures are made yearly, this one by {when(held.renew_on)}",
        due_at=clocks.closing(practice, held.renew_on), key=_key(interest), at=at,
    )  # fmt: skip


def _own(actor: Actor, interest: str, at: datetime) -> tuple[Interest, Decision]:
    first = Disclosure.objects.filter(public_id=interest, number=1).first()
    if first is None:
        raise NotFound(f"There is no disclosure {interest}.", field="interest")
    decision = actor.must(DISCLOSE.code, first.practice_id)
    if first.account != actor.user:
        raise NotYourInterest("Everybody discloses their own interests.", fix=f"Ask {first.person}.")
    held = queries.interest(interest, at=at)
    if held.state is Held.ENDED:
        raise Conflict("It has ended.", fix="Disclose it anew.")
    return held, decision


def _judged(practice: int, new: NewInterest, at: datetime) -> NewInterest:
    """What is disclosed, the party named as its vendor is, or the MSO by its legal name; raises `NotDisclosed`."""
    if new.in_mso and (new.vendor or new.party.strip()):
        raise NotDisclosed("It is in the MSO, or in another party.", field="party", fix="Disclose each by itself.")
    if new.in_mso:
        mso = queries.mso_of(practice, on=tenancy.today(practice, at))
        new = NewInterest(new.nature, mso.legal_name, new.words, new.band)
    if new.vendor:
        seller = vendors.vendor(new.vendor, practice=practice)
        new = NewInterest(new.nature, seller.name, new.words, new.band, new.vendor)
    if no := rules.faults(new):
        raise NotDisclosed(no[1], field=no[0])
    return new


def _go_on(held: Interest, what: str, new: NewInterest, actor: Actor, at: datetime, decision: Decision) -> Interest:
    _enter(held.practice, held.public_id, len(held.story) + 1, what, new, actor, at)
    work.close_item(
        practice=held.practice, key=_key(held.public_id), actor=actor, at=at, outcome=what.capitalize(), under=decision
    )
    audit.record(
        actor=actor, action="governance.disclosure_moved", practice=held.practice, subject=(INTEREST, held.public_id),
        at=at, facts={"what": what, "party": new.party}, decision=decision,
    )  # fmt: skip
    return queries.interest(held.public_id, at=at)


def _enter(
    practice: int, interest: str, number: int, what: str, new: NewInterest, actor: Actor, at: datetime
) -> Disclosure:  # fmt: skip
    row = Disclosure(
        practice_id=practice, number=number, what=what, account=actor.user, person=actor.name[:160], nature=new.nature,
        party=new.party.strip()[:120], party_key=rules.key_of(new.party)[:120], vendor=new.vendor, band=new.band,
        words=new.words.strip()[:600], at=at, by=actor.name[:160],
    )  # fmt: skip
    row.interest = interest or row.public_id
    row.save(force_insert=True)
    return row


def _key(interest: str) -> str:
    return f"{INTEREST}|{interest}"
