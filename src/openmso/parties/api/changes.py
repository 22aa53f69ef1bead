"""The API of parties, continued: what is on file is changed, bank accounts and contacts are kept, secrets revealed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.views.decorators.cache import never_cache
from ninja import Status
from ninja.decorators import decorate_view

from openmso.kit.errors import NotFound
from openmso.parties import contracts
from openmso.parties.api import answers
from openmso.parties.api.routes import router as router
from openmso.parties.api.schemas import (
    BankAccountId,
    BankAccountIn,
    BankAccountOut,
    BillerChangeIn,
    BillerId,
    BillerOut,
    ClinicianChangeIn,
    ClinicianId,
    ClinicianOut,
    ClinicianTimeIn,
    ClinicianTimeOut,
    ContactIn,
    ContactOut,
    LegalNameIn,
    PracticeChangeIn,
    PracticeId,
    PracticeOut,
    RevealIn,
    SecretOut,
    SiteChangeIn,
    SiteId,
    SiteOut,
)
from openmso.parties.contracts import NO_ADDRESS, BillerProfile, Person
from openmso.parties.queries import practices, providers
from openmso.parties.services import clinicians as clinician_services
from openmso.parties.services import practices as practice_services
from openmso.parties.services import providers as provider_services
from openmso.parties.services import secrets
from openmso.platform.api.operations import operation
from openmso.platform.tenancy.scope import reading


@router.put("/practices/{practice}", response=PracticeOut)
@operation("parties.edit")
def change_practice(request: Any, practice: PracticeId, body: PracticeChangeIn) -> Any:
    """Correct what people call a practice, its specialty and its state."""
    made = practice_services.change(
        actor=request.actor, practice=answers.key(request, practice), at=request.actor.at, **body.model_dump()
    )
    return answers.practice(made)


@router.post("/practices/{practice}/names", response={201: PracticeOut})
@operation("parties.edit")
def rename_practice(request: Any, practice: PracticeId, body: LegalNameIn) -> Any:
    """Record another registered name from a day on."""
    made = practice_services.rename(
        actor=request.actor, practice=answers.key(request, practice), at=request.actor.at, **body.model_dump()
    )
    return Status(201, answers.practice(made))


@router.get("/practices/{practice}/accounts", response=list[BankAccountOut])
@operation("parties.read")
def list_bank_accounts(request: Any, practice: PracticeId) -> Any:
    """The bank accounts of its legal entities; numbers are masked."""
    return [_account(one) for one in practices.accounts(answers.found(request, practice).id)]


@router.post("/practices/{practice}/accounts", response={201: BankAccountOut})
@operation("parties.edit")
def open_bank_account(request: Any, practice: PracticeId, body: BankAccountIn) -> Any:
    """Add a bank account of a legal entity; its number is sealed."""
    with reading():
        entity = practices.entity_by_public_id(body.entity, on=request.actor.today)
    made = practice_services.open_account(
        actor=request.actor, practice=answers.key(request, practice), at=request.actor.at,
        **body.model_dump() | {"entity": entity.id},
    )  # fmt: skip
    return Status(201, _account(made))


@router.post("/practices/{practice}/accounts/{account}/number", response=SecretOut)
@decorate_view(never_cache)
@operation("parties.reveal")
def reveal_account_number(request: Any, practice: PracticeId, account: BankAccountId, body: RevealIn) -> Any:
    """The number of a bank account in clear; the reason goes into the trail."""
    where = answers.key(request, practice)
    shown = secrets.reveal_account(
        actor=request.actor, practice=where, account=account, why=body.why, at=request.actor.at
    )
    return {"shown": shown}


@router.get("/practices/{practice}/contacts", response=list[ContactOut])
@operation("parties.read")
def list_contacts(request: Any, practice: PracticeId) -> Any:
    """Whom to call or write to today."""
    found = answers.found(request, practice).id
    return [
        {"id": one.public_id, "name": one.name, "role": one.role.value, "email": one.email, "phone": one.phone}
        for one in practices.contacts(found, on=request.actor.day_in(found))
    ]


@router.post("/practices/{practice}/contacts", response={201: dict[str, str]})
@operation("parties.edit")
def add_contact(request: Any, practice: PracticeId, body: ContactIn) -> Any:
    """Add somebody to call or write to."""
    made = practice_services.add_contact(
        actor=request.actor, practice=answers.key(request, practice), at=request.actor.at, **body.model_dump()
    )
    return Status(201, {"id": made})


@router.put("/practices/{practice}/billers/{biller}", response=BillerOut)
@operation("parties.edit")
def change_biller(request: Any, practice: PracticeId, biller: BillerId, body: BillerChangeIn) -> Any:
    """A billing provider's new name, taxonomy or addresses from a day on; what was before stays on file."""
    pay_to = body.pay_to.address() if body.pay_to else NO_ADDRESS
    profile = BillerProfile(body.name, body.taxonomy, body.address.address(), pay_to, body.phone, body.first_name)
    made = provider_services.change_biller(
        actor=request.actor, practice=answers.key(request, practice), biller=biller, profile=profile,
        starts_on=body.starts_on, at=request.actor.at,
    )  # fmt: skip
    return answers.biller(made)


@router.put("/practices/{practice}/sites/{site}", response=SiteOut)
@operation("parties.edit")
def change_site(request: Any, practice: PracticeId, site: SiteId, body: SiteChangeIn) -> Any:
    """A site's new name or address from a day on."""
    made = provider_services.change_site(
        actor=request.actor, practice=answers.key(request, practice), site=site, name=body.name,
        address=body.address.address(), starts_on=body.starts_on, clia=body.clia, at=request.actor.at,
    )  # fmt: skip
    return answers.site(made)


@router.put("/practices/{practice}/clinicians/{clinician}", response=ClinicianOut)
@operation("parties.edit")
def change_clinician(request: Any, practice: PracticeId, clinician: ClinicianId, body: ClinicianChangeIn) -> Any:
    """Correct a clinician's name, licence or taxonomy."""
    person = Person(
        body.last_name, body.first_name, body.middle_name, body.suffix, body.credential, body.licence_number,
        body.licence_state,
    )  # fmt: skip
    made = clinician_services.change(
        actor=request.actor, practice=answers.key(request, practice), clinician=clinician, person=person,
        taxonomy=body.taxonomy, ssn=body.ssn, at=request.actor.at,
    )  # fmt: skip
    return answers.clinician(made)


@router.get("/practices/{practice}/clinicians/{clinician}/time", response=list[ClinicianTimeOut])
@operation("parties.read")
def list_clinician_time(request: Any, practice: PracticeId, clinician: ClinicianId) -> Any:
    """What was stated of a clinician's share of full time, the latest day first; none is stated of who works all."""
    return _time(answers.found(request, practice).id, clinician)


@router.post("/practices/{practice}/clinicians/{clinician}/time", response={201: list[ClinicianTimeOut]})
@operation("parties.edit")
def state_clinician_time(request: Any, practice: PracticeId, clinician: ClinicianId, body: ClinicianTimeIn) -> Any:
    """State how much of full time a clinician works from a day on; fees by full-time equivalents count it by days."""
    where = answers.key(request, practice)
    clinician_services.state_time(
        actor=request.actor, practice=where, clinician=clinician, share=Decimal(body.share),
        starts_on=body.starts_on, shows=body.shows, at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _time(where, clinician))


def _time(practice: int, clinician: str) -> list[dict[str, Any]]:
    found = providers.clinician_by_public_id(clinician)
    if found.practice != practice:
        raise NotFound("There is no such clinician of this practice.", field="clinician")
    return [
        {"share": str(one.share), "starts_on": one.starts_on, "shows": one.shows, "recorded_at": one.recorded_at,
         "recorded_by": one.recorded_by}
        for one in providers.time_of(found.id)
    ]  # fmt: skip


@router.post("/practices/{practice}/clinicians/{clinician}/ssn", response=SecretOut)
@decorate_view(never_cache)
@operation("parties.reveal")
def reveal_ssn(request: Any, practice: PracticeId, clinician: ClinicianId, body: RevealIn) -> Any:
    """A clinician's social security number in clear; the reason goes into the trail."""
    where = answers.key(request, practice)
    shown = secrets.reveal_ssn(
        actor=request.actor, practice=where, clinician=clinician, why=body.why, at=request.actor.at
    )
    return {"shown": shown}


def _account(one: contracts.BankAccount) -> dict[str, Any]:
    return {
        "id": one.public_id, "name": one.name, "bank_name": one.bank_name, "routing": one.routing,
        "masked_number": one.masked_number, "use": one.use.value, "closed_on": one.closed_on,
    }  # fmt: skip
