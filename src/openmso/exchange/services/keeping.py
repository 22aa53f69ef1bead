"""Keeping partners and routes: the only writers of those registers of the network, whose trail is the MSO's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F, Q

from openmso.exchange.contracts import KEEP, Partner, PartnerFacts, Transaction, Way
from openmso.exchange.models.partners import Partner as PartnerRow
from openmso.exchange.models.partners import Route
from openmso.exchange.queries import partners as queries
from openmso.exchange.rules import fitness
from openmso.kit.errors import NotFound, Refused
from openmso.parties.queries import payers
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy.scope import atomic


class NotUsable(Refused):
    """What was recorded about a partner or a route cannot be used."""

    code = "exchange_not_usable"


@atomic
def add(*, actor: Actor, mso: int, facts: PartnerFacts, at: datetime) -> Partner:
    """Add a trading partner; `mso` is the tenant whose people keep the register. Raises `NotUsable`."""
    decision = actor.must(KEEP.code)
    _refuse(facts, has_secret=False)
    row = PartnerRow(**_columns(facts))
    row.password, row.private_key = facts.password or None, facts.private_key or None
    row.save()
    audit.record(
        actor=actor, action="exchange.partner_added", practice=mso, subject=("exchange.partner", row.public_id),
        at=at, facts={"name": row.name, "way": row.way, "host": row.host}, decision=decision,
    )  # fmt: skip
    return queries.told(row)


@atomic
def change(*, actor: Actor, mso: int, partner: str, facts: PartnerFacts, at: datetime) -> Partner:
    """Change what is recorded about a partner; a secret that is not given stays. Raises `NotUsable`, `NotFound`."""
    decision = actor.must(KEEP.code)
    row = _row(partner)
    _refuse(facts, has_secret=row.password is not None or row.private_key is not None)
    for column, value in _columns(facts).items():
        setattr(row, column, value)
    if facts.password:
        row.password = facts.password
    if facts.private_key:
        row.private_key = facts.private_key
    row.save()
    audit.record(
        actor=actor, action="exchange.partner_changed", practice=mso, subject=("exchange.partner", row.public_id),
        at=at, facts={"name": row.name, "way": row.way, "host": row.host}, decision=decision,
    )  # fmt: skip
    return queries.told(row)


@atomic
def declare_down(*, actor: Actor, mso: int, partner: str, words: str, at: datetime) -> Partner:
    """Say that a partner is down: all that waits for it goes to the next of its route, at once. Raises `NotUsable`."""
    decision = actor.must(KEEP.code)
    if not words.strip():
        raise NotUsable("Say what is wrong.", field="words", fix="People read it on every page of the exchange.")
    row = _row(partner)
    row.is_down, row.down_since, row.down_words = True, row.down_since or at, words.strip()[:200]
    row.save(update_fields=["is_down", "down_since", "down_words"])
    jobs.defer("exchange.reroute", practice=mso, behind=decision.grant)
    audit.record(
        actor=actor, action="exchange.partner_down", practice=mso, subject=("exchange.partner", row.public_id), at=at,
        facts={"name": row.name, "words": row.down_words}, decision=decision,
    )  # fmt: skip
    return queries.told(row)


@atomic
def declare_up(*, actor: Actor, mso: int, partner: str, at: datetime) -> Partner:
    """Say that a partner works again: what still waits for a person's hands goes to it by itself."""
    decision = actor.must(KEEP.code)
    row = _row(partner)
    row.is_down, row.down_since, row.down_words = False, None, ""
    row.save(update_fields=["is_down", "down_since", "down_words"])
    jobs.defer("exchange.reroute", practice=mso, behind=decision.grant)
    audit.record(
        actor=actor, action="exchange.partner_up", practice=mso, subject=("exchange.partner", row.public_id), at=at,
        facts={"name": row.name}, decision=decision,
    )  # fmt: skip
    return queries.told(row)


@atomic
def set_route(
    *, actor: Actor, mso: int, payer: int | None, transaction: Transaction, practice: int | None,
    partners: Sequence[str], starts_on: date, at: datetime,
) -> None:  # fmt: skip
    """Have files of a kind go to these partners in this order from a day on; without partners, the route ends.

    What was set for later days is taken back. Raises `NotUsable` for a partner named twice, or paper beside another.
    """
    decision = actor.must(KEEP.code)
    if len(set(partners)) != len(partners):
        raise NotUsable("A partner stands in the route twice.", field="partners", fix="Name each once.")
    rows = [_row(one) for one in partners]
    if len(rows) > 1 and any(row.way == Way.PAPER for row in rows):
        raise NotUsable("Paper has no other way beside it.", field="partners", fix="Name the one partner alone.")
    same = Route.objects.filter(Q(payer=payer) if payer else Q(payer=None), transaction=transaction)
    same = same.filter(Q(practice=practice) if practice else Q(practice=None))
    held = same.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    held.filter(starts_on__gte=starts_on).update(ends_on=F("starts_on"))
    held.filter(starts_on__lt=starts_on).update(ends_on=starts_on)
    Route.objects.bulk_create(
        Route(
            payer_id=payer, transaction=transaction, practice_id=practice, partner=row, rank=rank, starts_on=starts_on
        )
        for rank, row in enumerate(rows, start=1)
    )
    names = payers.names()
    audit.record(
        actor=actor, action="exchange.route_set", practice=mso, subject=("exchange.route", ""), at=at,
        facts={"transaction": transaction.value, "payer": names[payer] if payer else queries.EVERY_PAYER,
               "partners": ", ".join(row.name for row in rows) or "nobody", "starts_on": str(starts_on)},
        decision=decision,
    )  # fmt: skip


def _row(public_id: str) -> PartnerRow:
    row = PartnerRow.objects.select_for_update().filter(public_id=public_id, closed_on=None).first()
    if row is None:
        raise NotFound("There is no such trading partner.", field="partner")
    return row


def _refuse(facts: PartnerFacts, *, has_secret: bool) -> None:
    for field, words, fix in fitness.faults(facts, has_secret=has_secret):
        raise NotUsable(words, field=field, fix=fix)


def _columns(facts: PartnerFacts) -> dict[str, object]:
    ends = {name: getattr(facts.settings, name) for name in queries.SETTINGS}
    return ends | {
        "name": facts.name.strip(), "kind": facts.kind.value, "way": facts.way.value, "host": facts.host.strip(),
        "port": facts.port, "host_key": facts.host_key.strip(), "user": facts.user.strip(),
        "outgoing": facts.outgoing.strip(), "incoming": facts.incoming.strip(), "realtime": facts.realtime.strip(),
    }  # fmt: skip
