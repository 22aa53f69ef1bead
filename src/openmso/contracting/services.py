"""Drafting and publishing versions of payer contracts. Deciding them is the practice's own business (RD07)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from openmso.contracting import contracts, queries
from openmso.contracting.contracts import RATES_MAX, Contract, RateLine, Terms
from openmso.contracting.models import ContractDraft, ContractRate, ContractVersion, PayerContract
from openmso.contracting.rules import terms as rules
from openmso.contracting.rules.terms import BadTerms
from openmso.kit.errors import Conflict, NotFound
from openmso.kit.money import ZERO
from openmso.parties.queries import payers
from openmso.platform.access import reserved
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic

SUBJECT = "contracting.contract"


class BeginsTwice(Conflict):
    """A version that was published is never changed; another begins on a day of its own."""

    code = "contract_begins_twice"


@atomic
def draft(
    *, actor: Actor, practice: int, payer_id: int, terms: Terms, starts_on: date, at: datetime,
    ends_on: date | None = None,
) -> Contract:  # fmt: skip
    """Put a version on the desk, in place of the draft that is there; nothing is priced by a draft.

    Raises `BadTerms` with the field and line of what cannot be read.
    """
    decision = actor.must(contracts.DRAFT.code, practice)
    payers.payer(payer_id)
    _judge(terms, starts_on, ends_on)
    contract, _ = PayerContract.objects.get_or_create(practice_id=practice, payer_id=payer_id)
    rates = [[one.code, one.modifier, str(one.nonfacility), str(one.facility)] for one in terms.rates]
    ContractDraft.objects.update_or_create(
        practice_id=practice, contract=contract, defaults=_written(terms, starts_on, ends_on, actor, at, rates=rates)
    )
    audit.record(
        actor=actor, action="contracting.drafted", practice=practice, subject=(SUBJECT, contract.public_id), at=at,
        facts={"starts_on": str(starts_on)}, decision=decision,
    )  # fmt: skip
    return queries.contract(contract.public_id)


@atomic
def withdraw(*, actor: Actor, contract: str, at: datetime) -> Contract:
    """Take the draft off the desk."""
    row, there = _desk(contract)
    decision = actor.must(contracts.DRAFT.code, row.practice_id)
    there.delete()
    audit.record(
        actor=actor, action="contracting.withdrawn", practice=row.practice_id, subject=(SUBJECT, contract), at=at,
        decision=decision,
    )  # fmt: skip
    return queries.contract(contract)


@atomic
def publish(*, actor: Actor, contract: str, at: datetime) -> Contract:
    """Publish the draft: it prices what is charged for services from its first day on, as long as none follows.

    What a payer contract says is the practice's to decide: the MSO publishes what it agreed to (`NotPermitted`).
    """
    row, there = _desk(contract)
    decision = actor.must(contracts.PUBLISH.code, row.practice_id)
    payer = payers.payer(row.payer_id).name
    reserved.permit(
        actor=actor, practice=row.practice_id, act=contracts.PUBLISHES, subject=(SUBJECT, contract), at=at,
        words=f"Published the terms with {payer} from {there.starts_on:%-d %B %Y}", under=decision, party=payer,
    )  # fmt: skip
    made = _publish(row, queries.terms_of_draft(there), there.starts_on, there.ends_on, actor, at)
    there.delete()
    audit.record(
        actor=actor, action="contracting.published", practice=row.practice_id, subject=(SUBJECT, contract), at=at,
        facts={"number": made.number, "starts_on": str(made.starts_on)}, decision=decision,
    )  # fmt: skip
    return queries.contract(contract)


def _publish(
    row: PayerContract, terms: Terms, starts_on: date, ends_on: date | None, actor: Actor, at: datetime
) -> ContractVersion:
    there = ContractVersion.objects.filter(contract=row)
    if there.filter(starts_on=starts_on).exists():
        raise BeginsTwice(
            f"A version begins on {starts_on} already.", field="starts_on", fix="Let this one begin on another day."
        )
    version = ContractVersion.objects.create(
        practice_id=row.practice_id, contract=row, number=there.count() + 1,
        **_written(terms, starts_on, ends_on, actor, at),
    )  # fmt: skip
    ContractRate.objects.bulk_create(
        (
            ContractRate(
                practice_id=row.practice_id, version=version, code=one.code, modifier=one.modifier,
                nonfacility_amount=one.nonfacility.amount, facility_amount=one.facility.amount,
            )
            for one in terms.rates
        ),
        batch_size=2000,
    )  # fmt: skip
    return version


def _written(
    terms: Terms, starts_on: date, ends_on: date | None, actor: Actor, at: datetime, **more: object
) -> dict[str, object]:
    return {
        "wording": rules.written(rules.read(terms.wording)),
        "limits": "\n".join(one.sentence for one in rules.read_limits(terms.limits)),
        "procedures": " ".join(terms.procedures.lower().split()), "bilateral_rate": terms.bilateral,
        "lesser_of_charge": terms.lesser_of_charge, "sequestration": terms.sequestration, "starts_on": starts_on,
        "ends_on": ends_on, "written_at": at, "written_by": actor.name, **more,
    }  # fmt: skip


def _desk(contract: str) -> tuple[PayerContract, ContractDraft]:
    row = PayerContract.objects.select_for_update().filter(public_id=contract).first()
    there = ContractDraft.objects.filter(contract=row).first() if row else None
    if row is None or there is None:
        raise NotFound("There is no draft of this contract.")
    return row, there


def _judge(terms: Terms, starts_on: date, ends_on: date | None) -> None:
    """Refuse what cannot be read, with its field."""
    found = rules.read(terms.wording)
    rules.read_limits(terms.limits)
    rules.policy(terms.procedures)
    if ends_on is not None and ends_on <= starts_on:
        raise BadTerms("It ends after it starts.", field="ends_on")
    if not 1 <= terms.bilateral <= 2:
        raise BadTerms("Both sides are paid between 100% and 200%.", field="bilateral", fix="Write 150% as 150.")
    lists = any(term.method is rules.Method.SCHEDULE for term in found)
    if lists != bool(terms.rates):
        words = "The fee schedule lists nothing." if lists else "No term speaks of a fee schedule."
        raise BadTerms(words, field="rates", fix="List the codes, and write all: fee schedule as a term.")
    _judge_rates(terms.rates)


def _judge_rates(rates: Iterable[RateLine]) -> None:
    seen: set[tuple[str, str]] = set()
    for one in rates:
        named = f"{one.code}{f'-{one.modifier}' if one.modifier else ''}"
        if not re.fullmatch(r"[A-Z0-9]{5}(-[A-Z0-9]{2})?", named):
            raise BadTerms(f"{named[:20]!r} is no code with a modifier.", field="rates", fix="Write it as 92250-26.")
        if min(one.nonfacility, one.facility) < ZERO:
            raise BadTerms(f"{named} has an amount below zero.", field="rates", fix="Leave it out, or correct it.")
        if (one.code, one.modifier) in seen:
            raise BadTerms(f"{named} stands twice.", field="rates", fix="Keep one of its amounts.")
        seen.add((one.code, one.modifier))
    if len(seen) > RATES_MAX:
        raise BadTerms(f"A fee schedule has {RATES_MAX:,} amounts at most.", field="rates", fix="Leave out what ended.")
