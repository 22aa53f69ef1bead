"""Practices: the list, the page of one with its panels, and the forms that add to it."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse

from openmso.parties import contracts, forms
from openmso.parties.contracts import AccountUse, Basis, ContactRole, EntityForm, NpiType, Specialty
from openmso.parties.queries import enrolments, notes
from openmso.parties.queries import practices as queries
from openmso.parties.queries import providers as provider_queries
from openmso.parties.services import clinicians, practices, providers
from openmso.parties.tables import PRACTICES
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill


@page("parties.read")
def index(request: Any) -> HttpResponse:
    """The practices one may see."""
    ask = tables.ask(request, PRACTICES)
    return tables.answer(
        request, PRACTICES, ask, template="parties/practices.html",
        context={"may_open": request.actor.can("parties.network")},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page("parties.read")
def practice(request: Any, practice: str) -> HttpResponse:
    """One practice with all that belongs to it, as of today."""
    found = queries.by_public_id(practice, at=request.actor.at)
    on = request.actor.day_in(found.id)
    context = {
        "practice": found,
        "here": found.name,
        "entities": queries.entities(found.id, on=on),
        "billers": provider_queries.billers(found.id, on=on),
        "sites": provider_queries.sites(found.id, on=on),
        "clinicians": provider_queries.clinicians(found.id),
        "enrolments": enrolments.of_practice(found.id),
        "contacts": queries.contacts(found.id, on=on),
        "accounts": queries.accounts(found.id),
        "may_edit": request.actor.can("parties.edit", found.id),
        "notes": notes.of_practice(found.id, on=on),
        "may_note": request.actor.can(contracts.NOTE.code, found.id),
    }
    return respond.page(request, "parties/practice.html", context)


@form("parties.network")
def open_practice(request: Any) -> HttpResponse:
    """Open a practice; whoever opens it may go on with its agreement."""
    filled = forms.NewPractice(request.POST or None, initial={"starts_on": request.actor.today})

    def save(given: dict[str, Any]) -> str:
        made = practices.open_practice(
            actor=request.actor, at=request.actor.at, manager=request.actor.user_id,
            **given | {"specialty": Specialty(given["specialty"]), "code": given["code"].upper()},
        )  # fmt: skip
        return reverse("parties:practice", args=[made.public_id])

    context = {"title": "Open a practice", "lede": "It gets its own tenant; nothing of it is visible to any other."}
    return fill(request, filled, save=save, said="Opened. Its agreement comes next.", context=context)


@form("parties.edit")
def change(request: Any, practice: str) -> HttpResponse:
    """Correct name, specialty and state."""
    found = _found(request, practice)
    filled = forms.PracticeFacts(
        request.POST or None, initial={"name": found.name, "specialty": found.specialty.value, "state": found.state}
    )

    def save(given: dict[str, Any]) -> str:
        specialty = Specialty(given["specialty"])
        practices.change(
            actor=request.actor, practice=found.id, at=request.actor.at, **given | {"specialty": specialty}
        )
        return _back(found)

    return _fill(request, filled, found, f"Change {found.name}", save, "Changed.")


@form("parties.edit")
def rename(request: Any, practice: str) -> HttpResponse:
    """A new registered name from a day on."""
    found = _found(request, practice)
    filled = forms.LegalName(request.POST or None, initial={"starts_on": request.actor.day_in(found.id)})

    def save(given: dict[str, Any]) -> str:
        practices.rename(actor=request.actor, practice=found.id, at=request.actor.at, **given)
        return _back(found)

    return _fill(request, filled, found, f"A new registered name for {found.legal_name}", save, "Recorded.")


@form("parties.edit")
def add_entity(request: Any, practice: str) -> HttpResponse:
    """Add a legal entity."""
    found = _found(request, practice)
    filled = forms.EntityFacts(request.POST or None, initial={"starts_on": request.actor.day_in(found.id)})

    def save(given: dict[str, Any]) -> str:
        enums = {"form": EntityForm(given["form"]), "basis": Basis(given["basis"])}
        practices.add_entity(actor=request.actor, practice=found.id, at=request.actor.at, **given | enums)
        return _back(found)

    return _fill(request, filled, found, "Add a legal entity", save, "Added.")


@form("parties.edit")
def open_account(request: Any, practice: str) -> HttpResponse:
    """Add a bank account."""
    found = _found(request, practice)
    filled = forms.AccountFacts(
        request.POST or None, entities=_entities(request, found), initial={"opened_on": request.actor.day_in(found.id)}
    )

    def save(given: dict[str, Any]) -> str:
        typed = {"entity": int(given["entity"]), "use": AccountUse(given["use"])}
        practices.open_account(actor=request.actor, practice=found.id, at=request.actor.at, **given | typed)
        return _back(found)

    return _fill(request, filled, found, "Add a bank account", save, "Added. Its number is sealed.")


@form("parties.edit")
def add_contact(request: Any, practice: str) -> HttpResponse:
    """Add somebody to call or write to."""
    found = _found(request, practice)
    filled = forms.ContactFacts(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        practices.add_contact(
            actor=request.actor, practice=found.id, at=request.actor.at, starts_on=request.actor.day_in(found.id),
            **given | {"role": ContactRole(given["role"])},
        )  # fmt: skip
        return _back(found)

    return _fill(request, filled, found, "Add a contact", save, "Added.")


@form("parties.edit")
def add_biller(request: Any, practice: str) -> HttpResponse:
    """Add a billing provider."""
    found = _found(request, practice)
    filled = forms.BillerFacts(
        request.POST or None, entities=_entities(request, found), initial={"starts_on": request.actor.day_in(found.id)}
    )

    def save(given: dict[str, Any]) -> str:
        providers.add_biller(
            actor=request.actor, practice=found.id, entity=int(given["entity"]), npi=given["npi"], tin=given["tin"],
            npi_type=NpiType(given["npi_type"]), profile=filled.profile(), starts_on=given["starts_on"],
            at=request.actor.at,
        )  # fmt: skip
        return _back(found)

    return _fill(request, filled, found, "Add a billing provider", save, "Added.")


@form("parties.edit")
def change_biller(request: Any, practice: str, biller: str) -> HttpResponse:
    """New name, taxonomy or addresses of a billing provider, from a day on."""
    found = _found(request, practice)
    on = request.actor.day_in(found.id)
    with reading():
        now = provider_queries.biller_by_public_id(biller, on=on)
    pay_to = {f"pay_to_{key}": getattr(now.pay_to, key) for key in ("line1", "city", "state", "zip")}
    initial = {"name": now.name, "first_name": now.first_name, "taxonomy": now.taxonomy, "phone": now.phone}
    filled = forms.ProfileForm(
        request.POST or None, initial=initial | _address(now.address) | pay_to | {"starts_on": on}
    )

    def save(given: dict[str, Any]) -> str:
        providers.change_biller(
            actor=request.actor, practice=found.id, biller=biller, profile=filled.profile(),
            starts_on=given["starts_on"], at=request.actor.at,
        )  # fmt: skip
        return _back(found)

    return _fill(
        request, filled, found, f"Change {now.name}", save, "Recorded. Claims before that day keep the old one."
    )


@form("parties.edit")
def add_site(request: Any, practice: str) -> HttpResponse:
    """Add a place where patients are seen."""
    found = _found(request, practice)
    filled = forms.SiteFacts(request.POST or None, initial={"starts_on": request.actor.day_in(found.id)})

    def save(given: dict[str, Any]) -> str:
        plain = {key: given[key] for key in ("name", "place_of_service", "npi", "clia", "starts_on")}
        providers.add_site(
            actor=request.actor, practice=found.id, address=filled.address(), at=request.actor.at, **plain
        )
        return _back(found)

    return _fill(request, filled, found, "Add a site", save, "Added.")


@form("parties.edit")
def change_site(request: Any, practice: str, site: str) -> HttpResponse:
    """New name or address of a site, from a day on."""
    found = _found(request, practice)
    on = request.actor.day_in(found.id)
    with reading():
        now = provider_queries.site_by_public_id(site, on=on)
    filled = forms.SiteProfileForm(
        request.POST or None, initial={"name": now.name, "clia": now.clia, "starts_on": on} | _address(now.address)
    )

    def save(given: dict[str, Any]) -> str:
        providers.change_site(
            actor=request.actor, practice=found.id, site=site, name=given["name"], address=filled.address(),
            starts_on=given["starts_on"], clia=given["clia"], at=request.actor.at,
        )  # fmt: skip
        return _back(found)

    return _fill(request, filled, found, f"Change {now.name}", save, "Recorded.")


@form("parties.edit")
def add_clinician(request: Any, practice: str) -> HttpResponse:
    """A clinician joins."""
    found = _found(request, practice)
    filled = forms.NewClinician(request.POST or None, initial={"starts_on": request.actor.day_in(found.id)})

    def save(given: dict[str, Any]) -> str:
        clinicians.add(
            actor=request.actor, practice=found.id, person=filled.person(), npi=given["npi"],
            taxonomy=given["taxonomy"], starts_on=given["starts_on"], ssn=given["ssn"], at=request.actor.at,
        )  # fmt: skip
        return _back(found)

    return _fill(request, filled, found, "Add a clinician", save, "Added.")


@form("parties.edit")
def change_clinician(request: Any, practice: str, clinician: str) -> HttpResponse:
    """Correct a clinician's name, licence or taxonomy."""
    found = _found(request, practice)
    with reading():
        now = provider_queries.clinician_by_public_id(clinician)
    names = ("first_name", "middle_name", "last_name", "suffix", "credential", "taxonomy", "licence_number")
    initial = {key: getattr(now, key) for key in (*names, "licence_state")}
    filled = forms.ClinicianFacts(request.POST or None, initial=initial)

    def save(given: dict[str, Any]) -> str:
        clinicians.change(
            actor=request.actor, practice=found.id, clinician=clinician, person=filled.person(),
            taxonomy=given["taxonomy"], ssn=given["ssn"], at=request.actor.at,
        )  # fmt: skip
        return _back(found)

    return _fill(request, filled, found, f"Change {now.name}", save, "Changed.")


@form("parties.edit")
def clinician_leaves(request: Any, practice: str, clinician: str) -> HttpResponse:
    """A clinician leaves the practice."""
    found = _found(request, practice)
    with reading():
        now = provider_queries.clinician_by_public_id(clinician)
    filled = forms.ClinicianEnd(request.POST or None, initial={"ends_on": request.actor.day_in(found.id)})

    def save(given: dict[str, Any]) -> str:
        clinicians.leave(
            actor=request.actor, practice=found.id, clinician=clinician, ends_on=given["ends_on"], at=request.actor.at
        )
        return _back(found)

    return _fill(request, filled, found, f"{now.name} leaves", save, "Recorded.")


def _found(request: Any, public_id: str) -> contracts.Practice:
    with reading():
        return queries.by_public_id(public_id, at=request.actor.at)


def _entities(request: Any, found: contracts.Practice) -> list[tuple[str, str]]:
    with reading():
        entities = queries.entities(found.id, on=request.actor.day_in(found.id))
    return [(str(one.id), one.legal_name) for one in entities]


def _address(address: contracts.Address) -> dict[str, str]:
    return {key: getattr(address, key) for key in ("line1", "line2", "city", "state", "zip")}


def _back(found: contracts.Practice) -> str:
    return reverse("parties:practice", args=[found.public_id])


def _fill(
    request: Any, filled: django_forms.Form, found: contracts.Practice, title: str, save: Any, said: str
) -> HttpResponse:
    context = {"title": title, "back": _back(found), "crumbs": [(found.name, _back(found))], "here": title}
    return fill(request, filled, save=save, said=said, context=context)
