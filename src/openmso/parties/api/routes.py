"""The API of parties: practices with all that belongs to them, and the payer register."""

from __future__ import annotations

from typing import Any

from ninja import Query, Router, Status

from openmso.parties.api import answers
from openmso.parties.api.schemas import (
    BillerIn,
    BillerOut,
    ClinicianId,
    ClinicianIn,
    ClinicianOut,
    EntityIn,
    EntityOut,
    LeavingIn,
    MsoOut,
    NoteId,
    NoteIn,
    NoteOut,
    PayerId,
    PayerIn,
    PayerName,
    PayerOut,
    PracticeId,
    PracticeIn,
    PracticeName,
    PracticeNoteIn,
    PracticeOut,
    PracticeRowOut,
    SiteIn,
    SiteOut,
)
from openmso.parties.contracts import (
    NETWORK,
    NO_ADDRESS,
    NOTE,
    BillerProfile,
    PayerFacts,
    Person,
)
from openmso.parties.queries import notes, payers, practices, providers
from openmso.parties.services import clinicians as clinician_services
from openmso.parties.services import notes as note_services
from openmso.parties.services import payers as payer_services
from openmso.parties.services import practices as practice_services
from openmso.parties.services import providers as provider_services
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Words
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Practices and payers"])


@router.get("/practices", response=PageOut[PracticeRowOut])
@operation("parties.read")
def list_practices(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The practices one may see, by name; `q` looks in names and codes."""
    found = practices.listing(filters=Filters(text=q), page=_rows(page))
    shown = [
        {"id": row.public_id, "code": row.code, "name": row.name, "specialty": row.specialty.value, "state": row.state,
         "clinicians": row.clinicians, "sites": row.sites, "billers": row.billers}
        for row in found.rows
    ]  # fmt: skip
    return paged(request, shown, found.total or 0, page)


@router.post("/practices", response={201: PracticeOut})
@operation("parties.network")
def open_practice(request: Any, body: PracticeIn) -> Any:
    """Open a practice in the network."""
    made = practice_services.open_practice(
        actor=request.actor, at=request.actor.at, manager=request.actor.user_id, **body.model_dump()
    )
    return Status(201, answers.practice(made))


@router.get("/practices/{practice}", response=PracticeOut)
@operation("parties.read")
def get_practice(request: Any, practice: PracticeId) -> Any:
    """A practice as of today."""
    return answers.practice(answers.found(request, practice))


@router.get("/practices/{practice}/entities", response=list[EntityOut])
@operation("parties.read")
def list_entities(request: Any, practice: PracticeId) -> Any:
    """Its legal entities as of today."""
    found = answers.found(request, practice).id
    return [answers.entity(one) for one in practices.entities(found, on=request.actor.day_in(found))]


@router.post("/practices/{practice}/entities", response={201: EntityOut})
@operation("parties.edit")
def add_entity(request: Any, practice: PracticeId, body: EntityIn) -> Any:
    """Add a legal entity."""
    made = practice_services.add_entity(
        actor=request.actor, practice=answers.key(request, practice), at=request.actor.at, **body.model_dump()
    )
    return Status(201, answers.entity(made))


@router.get("/practices/{practice}/billers", response=list[BillerOut])
@operation("parties.read")
def list_billers(request: Any, practice: PracticeId) -> Any:
    """Its billing providers as of today."""
    found = answers.found(request, practice).id
    return [answers.biller(one) for one in providers.billers(found, on=request.actor.day_in(found))]


@router.post("/practices/{practice}/billers", response={201: BillerOut})
@operation("parties.edit")
def add_biller(request: Any, practice: PracticeId, body: BillerIn) -> Any:
    """Add a billing provider, fit for an 837."""
    with reading():
        entity = practices.entity_by_public_id(body.entity, on=request.actor.today)
    pay_to = body.pay_to.address() if body.pay_to else NO_ADDRESS
    made = provider_services.add_biller(
        actor=request.actor, practice=answers.key(request, practice), entity=entity.id, npi=body.npi,
        npi_type=body.npi_type, tin=body.tin, starts_on=body.starts_on, at=request.actor.at,
        profile=BillerProfile(body.name, body.taxonomy, body.address.address(), pay_to, body.phone, body.first_name),
    )  # fmt: skip
    return Status(201, answers.biller(made))


@router.get("/practices/{practice}/sites", response=list[SiteOut])
@operation("parties.read")
def list_sites(request: Any, practice: PracticeId) -> Any:
    """Its sites as of today."""
    found = answers.found(request, practice).id
    return [answers.site(one) for one in providers.sites(found, on=request.actor.day_in(found))]


@router.post("/practices/{practice}/sites", response={201: SiteOut})
@operation("parties.edit")
def add_site(request: Any, practice: PracticeId, body: SiteIn) -> Any:
    """Add a place where patients are seen."""
    made = provider_services.add_site(
        actor=request.actor, practice=answers.key(request, practice), name=body.name,
        place_of_service=body.place_of_service, npi=body.npi, clia=body.clia or "", address=body.address.address(),
        starts_on=body.starts_on, at=request.actor.at,
    )  # fmt: skip
    return Status(201, answers.site(made))


@router.get("/practices/{practice}/clinicians", response=list[ClinicianOut])
@operation("parties.read")
def list_clinicians(request: Any, practice: PracticeId) -> Any:
    """Its clinicians, those who left too."""
    return [answers.clinician(one) for one in providers.clinicians(answers.found(request, practice).id)]


@router.post("/practices/{practice}/clinicians", response={201: ClinicianOut})
@operation("parties.edit")
def add_clinician(request: Any, practice: PracticeId, body: ClinicianIn) -> Any:
    """Add a clinician from their first day."""
    person = Person(
        body.last_name, body.first_name, body.middle_name, "", body.credential, body.licence_number, body.licence_state
    )
    made = clinician_services.add(
        actor=request.actor, practice=answers.key(request, practice), person=person, npi=body.npi,
        taxonomy=body.taxonomy, starts_on=body.starts_on, at=request.actor.at,
    )  # fmt: skip
    return Status(201, answers.clinician(made))


@router.post("/practices/{practice}/clinicians/{clinician}/leaving", response=ClinicianOut)
@operation("parties.edit")
def clinician_leaves(request: Any, practice: PracticeId, clinician: ClinicianId, body: LeavingIn) -> Any:
    """Record that a clinician leaves."""
    return answers.clinician(
        clinician_services.leave(
            actor=request.actor, practice=answers.key(request, practice), clinician=clinician, ends_on=body.ends_on,
            at=request.actor.at,
        )
    )  # fmt: skip


@router.get("/msos", response=list[MsoOut])
@operation("parties.read")
def list_msos(request: Any) -> Any:
    """The MSO, or each of them: ownership and tax status."""
    return [
        {"id": one.public_id, "name": one.name, "legal_name": one.legal_name, "ownership": one.ownership.value,
         "tax_status": one.tax_status.value, "state": one.state}
        for one in practices.msos()
    ]  # fmt: skip


@router.get("/msos/{mso}/entities", response=list[EntityOut])
@operation("parties.read")
def list_mso_entities(request: Any, mso: PracticeId) -> Any:
    """Its legal entities, for its own people."""
    found = next((one.id for one in practices.msos() if one.public_id == mso), 0)
    return [answers.entity(one) for one in practices.entities(found, on=request.actor.today)]


@router.get("/payers", response=PageOut[PayerOut])
@operation("parties.read")
def list_payers(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The payer register, by name; `q` looks in names and EDI ids."""
    found = payers.listing(filters=Filters(text=q), page=_rows(page))
    return paged(request, [answers.payer(row) for row in found.rows], found.total or 0, page)


@router.post("/payers", response={201: PayerOut})
@operation("parties.network")
def add_payer(request: Any, body: PayerIn) -> Any:
    """Add a payer to the register."""
    made = payer_services.add(actor=request.actor, mso=_mso(request), payer=_facts(body), at=request.actor.at)
    return Status(201, answers.payer(made))


@router.get("/payers/{payer}", response=PayerOut)
@operation("parties.read")
def get_payer(request: Any, payer: PayerId) -> Any:
    """A payer."""
    return answers.payer(payers.by_public_id(payer))


@router.put("/payers/{payer}", response=PayerOut)
@operation("parties.network")
def change_payer(request: Any, payer: PayerId, body: PayerIn) -> Any:
    """Correct what is recorded about a payer."""
    return answers.payer(
        payer_services.change(
            actor=request.actor, mso=_mso(request), public_id=payer, payer=_facts(body), at=request.actor.at
        )
    )


@router.get("/notes", response=list[NoteOut])
@operation("parties.read")
def list_notes(request: Any, payer: PayerName = "", practice: PracticeName = "") -> Any:
    """The notes that hold today: of a payer, everywhere and in the practices one may see; or of a practice."""
    on = request.actor.today
    if practice:
        found = notes.of_practice(practices.by_public_id(practice, at=request.actor.at).id, on=on)
        return [answers.note(one) for one in found if payer in {"", one.payer_id}]
    return [answers.note(one) for one in notes.of_payer(payer, on=on)]


@router.post("/payers/{payer}/notes", response={201: NoteOut})
@operation(NOTE.code)
def write_payer_note(request: Any, payer: PayerId, body: NoteIn) -> Any:
    """Write what is to be known of a payer in a practice; without a practice in every one, for who speaks for all."""
    with reading():
        payers.by_public_id(payer)
        practice = practices.by_public_id(body.practice, at=request.actor.at).id if body.practice else 0
        mso = 0 if practice else practices.mso_where(request.actor, NOTE.code)
    told = {"words": body.words, "until": body.until, "payer": payer, "actor": request.actor, "at": request.actor.at}
    made = note_services.write(practice=practice, **told) if practice else note_services.write_for_all(mso=mso, **told)
    return Status(201, answers.note(made))


@router.post("/practices/{practice}/notes", response={201: NoteOut})
@operation(NOTE.code)
def write_practice_note(request: Any, practice: PracticeId, body: PracticeNoteIn) -> Any:
    """Write what is to be known of a practice, or of a payer there."""
    made = note_services.write(
        actor=request.actor, practice=answers.key(request, practice), words=body.words, until=body.until,
        payer=body.payer, at=request.actor.at,
    )  # fmt: skip
    return Status(201, answers.note(made))


@router.post("/notes/{note}/end", response={204: None})
@operation(NOTE.code)
def end_note(request: Any, note: NoteId) -> Any:
    """A note no longer holds."""
    with reading():
        mso = practices.mso_where(request.actor, NOTE.code)
    note_services.end(actor=request.actor, mso=mso, note=note, at=request.actor.at)
    return Status(204, None)


def _rows(page: PageAsk) -> RowsAsk:
    return RowsAsk(number=page.page, size=page.size, sort="name")


def _mso(request: Any) -> int:
    """The MSO for which the caller keeps the register; none is refused by the service."""
    with reading():
        return practices.mso_where(request.actor, NETWORK.code)


def _facts(body: PayerIn) -> PayerFacts:
    address = body.address.address() if body.address else NO_ADDRESS
    return PayerFacts(**body.model_dump(exclude={"address"}), address=address)
