"""Practices, their legal entities, bank accounts and contacts: the only writers of those tables."""

from __future__ import annotations

from datetime import date, datetime

from openmso.kit.errors import NotFound
from openmso.parties import contracts, rules
from openmso.parties.contracts import EDIT, NETWORK, AccountUse, Basis, ContactRole, EntityForm, Specialty
from openmso.parties.models.practices import BankAccount, EntityName, LegalEntity, Practice, PracticeName
from openmso.parties.models.vendors import Contact
from openmso.parties.queries import practices as queries
from openmso.parties.services.fitness import NotFit, refuse_if, refuse_when
from openmso.parties.services.opening import new_tenant
from openmso.platform.access import services as access
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.models import Entity, Tenant
from openmso.platform.tenancy.queries import today
from openmso.platform.tenancy.scope import atomic
from openmso.platform.vault.fields import Secret, indexes_for, plaintext


def open_practice(
    *, actor: Actor, code: str, name: str, legal_name: str, specialty: Specialty, state: str, zone: str,
    starts_on: date, at: datetime, manager: int | None = None, manager_role: str = "administrator",
) -> contracts.Practice:  # fmt: skip
    """Open a practice in the network; called outside a transaction, because it makes a tenant.

    `manager` is the user of the MSO who may go on from here (draft the agreement, assign people); what they may see
    of patients still comes from an executed agreement.
    """
    decision = actor.must(NETWORK.code)
    refuse_if(rules.words(legal_name, field="legal_name", most=120))
    refuse_if(rules.state(state))
    with new_tenant(actor=actor, code=code, name=name, kind=Tenant.Kind.PRACTICE, zone=zone) as tenant:
        Practice.objects.create(practice=tenant, specialty=specialty.value, state=state)
        PracticeName.objects.create(practice=tenant, legal_name=legal_name.strip(), starts_on=starts_on, recorded_at=at)
        audit.record(
            actor=actor, action="parties.practice_opened", practice=tenant.pk, at=at, decision=decision,
            subject=("parties.practice", tenant.public_id), facts={"name": name, "code": code},
        )  # fmt: skip
        if manager is not None:
            house = Actor.system("opening a practice", at=at, behind=decision.grant)
            access.assign(
                actor=house, practice=tenant.pk, user_id=manager, role=manager_role, starts_on=starts_on, at=at
            )
        return queries.practice(tenant.pk, on=starts_on)


@atomic
def rename(*, actor: Actor, practice: int, legal_name: str, starts_on: date, at: datetime) -> contracts.Practice:
    """Record that a practice has another registered name from a day on."""
    row, decision = _edit(actor, practice)
    refuse_if(rules.words(legal_name, field="legal_name", most=120))
    PracticeName.objects.create(practice_id=row.pk, legal_name=legal_name.strip(), starts_on=starts_on, recorded_at=at)
    told = {"name": legal_name, "starts_on": starts_on}
    _tell(actor, "parties.practice_renamed", practice, row.practice.public_id, at, decision, **told)
    return queries.practice(practice, on=starts_on)


@atomic
def change(
    *, actor: Actor, practice: int, name: str, specialty: Specialty, state: str, at: datetime
) -> contracts.Practice:
    """Correct what people call a practice, its specialty and its state."""
    row, decision = _edit(actor, practice)
    refuse_if(rules.words(name, field="name", most=120))
    refuse_if(rules.state(state))
    row.specialty, row.state = specialty.value, state
    row.save(update_fields=["specialty", "state"])
    Tenant.objects.filter(pk=practice).update(name=name.strip())
    told = {"specialty": specialty.value, "state": state}
    _tell(actor, "parties.practice_changed", practice, row.practice.public_id, at, decision, **told)
    return queries.practice(practice, on=today(practice, at))


@atomic
def add_entity(
    *, actor: Actor, practice: int, legal_name: str, form: EntityForm, ein: str, basis: Basis, starts_on: date,
    at: datetime, fiscal_year_starts: int = 1,
) -> contracts.LegalEntity:  # fmt: skip
    """Add a legal entity of a practice or of the MSO: a taxpayer whose books will be kept.

    `fiscal_year_starts` is a month number. Refused for an EIN that is none or is on file for this tenant.
    """
    decision = actor.must(EDIT.code, practice)
    refuse_if(rules.words(legal_name, field="legal_name", most=120))
    refuse_if(rules.ein(ein))
    if not 1 <= fiscal_year_starts <= 12:
        raise NotFit("A fiscal year starts in a month.", field="fiscal_year_starts", fix="Give 1 to 12.")
    there = LegalEntity.objects.filter(practice_id=practice, ein=ein).exists()
    refuse_when(there, f"An entity with the EIN {ein} is on file.", field="ein")
    key = Entity.objects.create(tenant_id=practice)
    row = LegalEntity.objects.create(
        practice_id=practice, entity=key, form=form.value, ein=ein, basis=basis.value,
        fiscal_year_starts=fiscal_year_starts,
    )  # fmt: skip
    EntityName.objects.create(
        practice_id=practice, legal_entity=row, legal_name=legal_name.strip(), starts_on=starts_on, recorded_at=at
    )
    audit.record(
        actor=actor, action="parties.entity_added", practice=practice, subject=("parties.entity", row.public_id), at=at,
        facts={"name": legal_name, "basis": basis.value}, decision=decision,
    )  # fmt: skip
    return queries.entity(key.pk, on=starts_on)


@atomic
def rename_entity(
    *, actor: Actor, practice: int, entity: int, legal_name: str, starts_on: date, at: datetime
) -> contracts.LegalEntity:
    """Record that a legal entity has another registered name from a day on."""
    decision = actor.must(EDIT.code, practice)
    refuse_if(rules.words(legal_name, field="legal_name", most=120))
    row = _entity(practice, entity)
    EntityName.objects.create(
        practice_id=practice, legal_entity=row, legal_name=legal_name.strip(), starts_on=starts_on, recorded_at=at
    )
    _tell(actor, "parties.entity_renamed", practice, row.public_id, at, decision, name=legal_name, starts_on=starts_on)
    return queries.entity(entity, on=starts_on)


@atomic
def open_account(
    *, actor: Actor, practice: int, entity: int, name: str, bank_name: str, routing: str, account_number: str,
    use: AccountUse, opened_on: date, at: datetime,
) -> contracts.BankAccount:  # fmt: skip
    """Add a bank account of a legal entity; its number is sealed and shown masked."""
    decision = actor.must(EDIT.code, practice)
    refuse_if([*rules.words(name, field="name", most=60), *rules.words(bank_name, field="bank_name", most=60)])
    refuse_if([*rules.routing(routing), *rules.account(account_number)])
    refuse_when(
        use is AccountUse.DEPOSIT_GOVERNMENT and not Practice.objects.filter(pk=practice).exists(),
        "Money of Medicare and Medicaid goes to an account in the practice's own name (42 CFR 424.73, 447.10).",
        field="use",
    )
    same = indexes_for(BankAccount, "account_number", practice=practice, value=account_number)
    there = BankAccount.objects.filter(practice_id=practice, routing=routing, account_index__in=same, closed_on=None)
    refuse_when(there.exists(), "This account is on file.", field="account_number")
    row = BankAccount.objects.create(
        practice_id=practice, legal_entity=_entity(practice, entity), name=name.strip(), bank_name=bank_name.strip(),
        routing=routing, account_number=account_number, use=use.value, opened_on=opened_on,
    )  # fmt: skip
    _tell(actor, "parties.account_opened", practice, row.public_id, at, decision, name=name, use=use.value)
    return queries.account(row.public_id, practice=practice)


@atomic
def close_account(*, actor: Actor, practice: int, account: str, ends_on: date, at: datetime) -> None:
    """Close a bank account from a day on."""
    decision = actor.must(EDIT.code, practice)
    row = BankAccount.objects.select_for_update().filter(practice_id=practice, public_id=account).first()
    if row is None:
        raise NotFound("There is no such bank account.", field="account")
    row.closed_on = ends_on
    row.save(update_fields=["closed_on"])
    _tell(actor, "parties.account_closed", practice, account, at, decision, ends_on=ends_on)


@atomic
def correct_account(
    *, actor: Actor, practice: int, account: str, routing: str, account_number: str, at: datetime, under: Decision
) -> contracts.BankAccount:  # fmt: skip
    """Put an account with corrected data in the place of one: the old one is closed, so that what was paid stays told.

    An empty `routing` or `account_number` stays as it is. `under` is the decision of the service that was told of the
    correction by the bank. Raises `NotFound`, and what is refused of a number.
    """
    held = BankAccount.objects.select_for_update().filter(practice_id=practice, public_id=account, closed_on=None)
    row = held.first()
    if row is None:
        raise NotFound("There is no such bank account, or it is closed.", field="account")
    wanted = routing or row.routing
    refuse_if([*rules.routing(wanted), *(rules.account(account_number) if account_number else ())])
    row.closed_on = today(practice, at)
    row.save(update_fields=["closed_on"])
    assert isinstance(row.account_number, Secret), "an account that was read has its number sealed"
    made = BankAccount.objects.create(
        practice_id=practice, legal_entity_id=row.legal_entity_id, name=row.name, bank_name=row.bank_name,
        routing=wanted, account_number=account_number or plaintext(row.account_number), use=row.use,
        opened_on=today(practice, at),
    )  # fmt: skip
    _tell(actor, "parties.account_corrected", practice, made.public_id, at, under, name=row.name, account=account)
    return queries.account(made.public_id, practice=practice)


@atomic
def add_contact(
    *, actor: Actor, practice: int, name: str, role: ContactRole, starts_on: date, at: datetime, email: str = "",
    phone: str = "",
) -> str:  # fmt: skip
    """Add a person to call or write to; returns the public id."""
    decision = actor.must(EDIT.code, practice)
    refuse_if([*rules.words(name, field="name", most=80), *rules.phone(phone)])
    if not email and not phone:
        raise NotFit("A contact can be reached.", field="email", fix="Give an e-mail address or a telephone number.")
    row = Contact.objects.create(
        practice_id=practice, name=name.strip(), role=role.value, email=email, phone=phone, starts_on=starts_on
    )
    _tell(actor, "parties.contact_added", practice, row.public_id, at, decision, name=name, role=role.value)
    return row.public_id


def _edit(actor: Actor, practice: int) -> tuple[Practice, Decision]:
    decision = actor.must(EDIT.code, practice)
    row = Practice.objects.select_for_update(of=("self",)).select_related("practice").filter(pk=practice).first()
    if row is None:
        raise NotFound("There is no such practice.", field="practice")
    return row, decision


def _entity(practice: int, entity: int) -> LegalEntity:
    row = LegalEntity.objects.filter(practice_id=practice, pk=entity).first()
    if row is None:
        raise NotFound("There is no such legal entity.", field="entity")
    return row


def _tell(
    actor: Actor, action: str, practice: int, subject: str, at: datetime, decision: Decision, **facts: object
) -> None:
    plain = {key: str(value) for key, value in facts.items()}
    kind = "parties." + action.removeprefix("parties.").split("_")[0]
    audit.record(
        actor=actor, action=action, practice=practice, subject=(kind, subject), at=at, facts=plain, decision=decision
    )
