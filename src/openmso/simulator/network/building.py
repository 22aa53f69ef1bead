"""Building the demo network through the product's own services: nothing is written around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product

from openmso.agreements.contracts import (
    DENIED_BY_US,
    REWORKED,
    DoneBy,
    Line,
    Mode,
    Party,
    Promise,
    Quorum,
    Shown,
    Side,
    SignedDocument,
    Signer,
    Terms,
    Unit,
)
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.queries import agreements
from openmso.agreements.services import baas, drafting, execution, tasks
from openmso.charges import services as charges
from openmso.charges.contracts import FeeDraft
from openmso.contracting import services as contracting
from openmso.exchange.testing import SftpServer
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.ledger.contracts import Method
from openmso.ledger.services import books
from openmso.parties.contracts import (
    AccountUse,
    Address,
    Basis,
    BillerProfile,
    EntityForm,
    Filing,
    NpiType,
    Ownership,
    PayerFacts,
    PayerKind,
    Person,
    Specialty,
    TaxStatus,
)
from openmso.parties.queries import payers as payer_queries
from openmso.parties.queries import practices as practice_queries
from openmso.parties.queries import providers as provider_queries
from openmso.parties.services import clinicians, enrolments, mso, notes, payers, practices, providers
from openmso.platform.access import services as assignments
from openmso.platform.access.contracts import Actor
from openmso.platform.identity import services as identity
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import Scope, reading, scope
from openmso.simulator.network import boards, lawful, matrices, papers, partners, promises, reference
from openmso.simulator.network.cast import (
    DEMO_PASSWORD,
    DEMO_TOTP_SECRET,
    MSO_CODE,
    MSO_NAME,
    MSO_TIN,
    PAYERS,
    PRACTICES,
    USERS,
    DemoPractice,
    DemoUser,
)
from openmso.simulator.network.services_offered import price_list
from openmso.simulator.payer.online import Door
from openmso.simulator.payer.profile import Profile

SIGNED_AT = datetime(2026, 8, 24, 15, tzinfo=UTC)
STARTS_ON = date(2026, 9, 1)
FIRST_MONTH = Month(2026, 9)
FILING = {
    "medicare": Filing.MEDICARE_B,
    "medicaid": Filing.MEDICAID,
    "blues": Filing.BLUES,
    "commercial": Filing.COMMERCIAL,
    "vision": Filing.COMMERCIAL,
}
PROMISES = {
    "revenue_cycle": (
        Promise("claims.held", "A claim on hold is looked at", Decimal(8), Unit.HOURS, clock_hours=Decimal(8)),
        Promise("claims.rejected", "A rejected claim is mended", Decimal(16), Unit.HOURS, clock_hours=Decimal(16)),
    ),
    "payment_posting": (
        Promise("remittances.posted", "Remittances are posted", Decimal(16), Unit.HOURS, clock_hours=Decimal(16)),
    ),
    "denials": (
        Promise("denials.first_touch", "A denial is touched", Decimal(5), Unit.DAYS, clock_hours=Decimal(50)),
        Promise(DENIED_BY_US, "Claims denied that we could have kept from it", Decimal(5), Unit.PERCENT),
        Promise(REWORKED, "Denials that we could have prevented are answered within", Decimal(10), Unit.DAYS),
    ),
}
NOTES = {
    "State Medicaid": "Appeals go by mail only; the portal takes the form and loses it. Send with tracking.",
    "Granite Health Plan": "Leaves out line control numbers: match its lines by code and charge.",
}
"""What the MSO's people should know of some payers, in every practice."""
PART_TIME = Decimal("0.6")
CLOSED = "The office is closed on Friday afternoons; ask for records before noon."
LIMITS = "initial: 90 days from service\ncorrected: 180 days from remittance\nappeal: 60 days from remittance"
"""The time limits that payers of the demo agree to."""
SETS_UP = "the demo network"
"""Who registers, signs and assigns before there is any grant to do it under."""
MSO_WIDE = {
    "controller", "accountant", "payroll", "hr", "buyer", "it_desk", "mso_executive", "administrator",
    "compliance_officer", "billing_lead",
}  # fmt: skip
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Site:
    """A built practice: the keys that the month needs."""

    plan: DemoPractice
    practice: int
    entity: int
    biller: str
    site: str
    account: str
    clinicians: tuple[str, ...]
    government: str = ""
    """The account for what government payers pay, where the practice keeps one."""


@dataclass(frozen=True, slots=True)
class Network:
    """The built network: the MSO, its practices by code, and payers by name."""

    mso: int
    mso_entity: int
    sites: Mapping[str, Site]
    payers: Mapping[str, int]


def build(
    *, say: Say, plans: Sequence[DemoPractice] = PRACTICES, staff: Sequence[DemoUser] | None = None,
    online: Door | None = None, contractor: SftpServer | None = None,
) -> Network:  # fmt: skip
    """Build the network of some practices; says each step. Nothing of it may exist yet.

    `staff` are those who work in it, everybody of the demo without it; `online` is where payers answer at once, and
    `contractor` where Medicare in the south takes files by SFTP.
    """
    actor = Actor.system(SETS_UP, at=SIGNED_AT)
    say("The MSO and the payers")
    organization = mso.register(
        actor=actor, code=MSO_CODE, name="Harbor Ridge", legal_name=MSO_NAME, ownership=Ownership.PHYSICIAN,
        tax_status=TaxStatus.PARTNERSHIP, state="ME", zone="America/New_York", at=SIGNED_AT,
    )  # fmt: skip
    tenant = organization.id
    with within(tenant):
        register = {payer.name: _payer(actor, tenant, payer) for payer in PAYERS}
        reference.load(actor=actor, at=SIGNED_AT)
        for payer, words in NOTES.items():
            notes.write_for_all(
                actor=actor, mso=tenant, payer=payer_queries.payer(register[payer]).public_id, words=words, at=SIGNED_AT
            )
        partners.set_up(
            actor=actor, mso=tenant, payers=register, starts_on=STARTS_ON, at=SIGNED_AT, online=online,
            contractor=contractor,
        )  # fmt: skip
        entity = practices.add_entity(
            actor=actor, practice=tenant, legal_name=MSO_NAME, form=EntityForm.LLC, ein=MSO_TIN, basis=Basis.ACCRUAL,
            starts_on=date(2019, 1, 1), at=SIGNED_AT,
        )  # fmt: skip
    with within(tenant):
        books.open_books(
            actor=actor, entity=entity.id, name=MSO_NAME, method=Method.ACCRUAL, opens=FIRST_MONTH, at=SIGNED_AT,
            chart="mso",
        )  # fmt: skip
        lawful.counsel(actor, tenant, at=SIGNED_AT)
    sites = {}
    for plan in plans:
        say(plan.name)
        sites[plan.code] = _practice(actor, plan, register)
        _agreement(actor, plan, sites[plan.code], tenant, entity.id)
    say("People and their roles")
    for user in everybody(plans) if staff is None else staff:
        _user(actor, user, tenant, sites)
    return Network(tenant, entity.id, sites, register)


def within(*practices_in_scope: int) -> AbstractContextManager[Scope]:
    """The scope of some tenants and all their books, for the system's own work."""
    reach = tenancy.reach(*practices_in_scope)
    return scope(practices=reach.practices, entities=reach.entities)


def _payer(actor: Actor, tenant: int, payer: Profile) -> int:
    facts = PayerFacts(
        name=payer.name, edi_id=payer.payer_id, kind=PayerKind(payer.kind), filing=FILING[payer.kind],
        timely_filing_days=365 if payer.kind in {"medicare", "medicaid"} else 180,
        address=Address("1 Payer Plaza", "", "Columbus", "OH", "43215"), phone="8005550100",
    )  # fmt: skip
    return payers.add(actor=actor, mso=tenant, payer=facts, at=SIGNED_AT).id


def _practice(actor: Actor, plan: DemoPractice, register: Mapping[str, int]) -> Site:
    since = date(2015, 1, 1)
    practice = practices.open_practice(
        actor=actor, code=plan.code, name=plan.name.split(",")[0], legal_name=plan.name,
        specialty=Specialty(plan.specialty), state=plan.state, zone=plan.zone, starts_on=since, at=SIGNED_AT,
    ).id  # fmt: skip
    address = Address(plan.street, "", plan.city, plan.state, plan.zip)
    with within(practice):
        entity = practices.add_entity(
            actor=actor, practice=practice, legal_name=plan.name, form=EntityForm(plan.form), ein=plan.tin,
            basis=Basis.CASH, starts_on=since, at=SIGNED_AT,
        ).id  # fmt: skip
    with within(practice):
        books.open_books(
            actor=actor, entity=entity, name=plan.name, method=Method.CASH, opens=FIRST_MONTH, at=SIGNED_AT
        )
        account = practices.open_account(
            actor=actor, practice=practice, entity=entity, name="Operating account", bank_name="Coastal Trust",
            routing="011000015", account_number=plan.account_number, use=AccountUse.OPERATING, opened_on=since,
            at=SIGNED_AT,
        )  # fmt: skip
        apart = ""
        if plan.government_number:
            apart = practices.open_account(
                actor=actor, practice=practice, entity=entity, name="Medicare and Medicaid receipts",
                bank_name="Coastal Trust", routing="011000015", account_number=plan.government_number,
                use=AccountUse.DEPOSIT_GOVERNMENT, opened_on=since, at=SIGNED_AT,
            ).public_id  # fmt: skip
        biller = providers.add_biller(
            actor=actor, practice=practice, entity=entity, npi=plan.npi, npi_type=NpiType.ORGANIZATION, tin=plan.tin,
            profile=BillerProfile(plan.name, plan.taxonomy, address, phone="2075550142"), starts_on=since,
            at=SIGNED_AT,
        )  # fmt: skip
        site = providers.add_site(
            actor=actor, practice=practice, name=f"{plan.city} office", place_of_service="11", address=address,
            starts_on=since, at=SIGNED_AT, clia="20D0000001" if plan.specialty == "primary_care" else "",
        )  # fmt: skip
        people = tuple(
            clinicians.add(
                actor=actor, practice=practice, person=Person(each.last, each.first), npi=each.npi,
                taxonomy=each.taxonomy, starts_on=since, at=SIGNED_AT,
            ).public_id
            for each in plan.clinicians
        )  # fmt: skip
        for one in people[1:2]:
            clinicians.state_time(
                actor=actor, practice=practice, clinician=one, share=PART_TIME, starts_on=since, at=SIGNED_AT,
                shows="Employment agreement, section 2: three days a week",
            )  # fmt: skip
        with reading():
            medicaid = [one.public_id for one in payer_queries.every() if one.kind is PayerKind.MEDICAID]
        for one, payer in product(("", *people), medicaid):
            enrolments.record(
                actor=actor, practice=practice, clinician=one, payer=payer, starts_on=since,
                number=f"ME{(one or site.public_id)[-5:]}", at=SIGNED_AT,
            )  # fmt: skip
        offered = price_list(plan.specialty).values()
        charges.publish_fees(
            actor=actor, practice=practice, name="Standard fees", label="2026", starts_on=date(2026, 1, 1),
            fees=[FeeDraft(one.code, Money.of(one.price)) for one in offered], at=SIGNED_AT,
        )  # fmt: skip
        _agree(actor, practice, plan, register)
        notes.write(actor=actor, practice=practice, words=CLOSED, at=SIGNED_AT)
        partners.enrol(
            actor=actor, biller=biller.public_id, payers=[register[name] for name in plan.payers], at=SIGNED_AT
        )
    return Site(plan, practice, entity, biller.public_id, site.public_id, account.public_id, people, apart)


def _agree(actor: Actor, practice: int, plan: DemoPractice, register: Mapping[str, int]) -> None:
    """Sign with every payer of a practice, and put what one of them offers for next year on the desk."""
    for name in plan.payers:
        profile = next(payer for payer in PAYERS if payer.name == name)
        drafted = contracting.draft(
            actor=actor, practice=practice, payer_id=register[name], starts_on=date(2026, 1, 1), at=SIGNED_AT,
            terms=promises.terms(profile, plan, LIMITS),
        )  # fmt: skip
        contracting.publish(actor=actor, contract=drafted.public_id, at=SIGNED_AT)
        if (plan.code, name) == promises.PROPOSED[:2]:
            contracting.draft(
                actor=actor, practice=practice, payer_id=register[name], starts_on=date(2027, 1, 1), at=SIGNED_AT,
                terms=promises.proposed(profile, plan, LIMITS),
            )  # fmt: skip


def _agreement(actor: Actor, plan: DemoPractice, site: Site, mso_tenant: int, mso_entity: int) -> None:
    days = DayRange(STARTS_ON, plan.ends_on)
    terms = Terms(
        mode=Mode(plan.mode),
        mso=Party(mso_tenant, mso_entity, MSO_NAME, MSO_TIN),
        practice=Party(site.practice, site.entity, plan.name, plan.tin),
        days=days,
        lines=tuple(Line(code, days, DoneBy.MSO, promises=PROMISES.get(code, ())) for code in plan.lines),
        fee=terms_of(plan.fee),
        reserved=("RD01", "RD03", "RD04", "RD06", "RD07", "RD09", "RD12", "RD13"),
        notice_days=plan.notice_days,
        payments=plan.payments,
        shows=tuple(Shown) if plan.code == boards.WHERE else (),
        quorum=Quorum(1, 1) if plan.code == boards.WHERE else None,
    )
    owner, _ = plan.owner
    with within(site.practice, mso_tenant):
        baas.sign(
            actor=actor, practice=site.practice, starts_on=STARTS_ON,
            document=SignedDocument(f"BAA {plan.code}.pdf", papers.baa(plan)), at=SIGNED_AT,
        )  # fmt: skip
        agreement = drafting.begin(actor=actor, practice=site.practice, terms=terms, at=SIGNED_AT)
        _scope(actor, plan, agreement)
        lawful.say(actor, plan, site.practice, at=SIGNED_AT)
        execution.execute(
            actor=actor, agreement=agreement,
            document=SignedDocument(f"Service agreement {plan.code}.pdf", papers.agreement(plan)),
            signers=[
                Signer(Side.MSO, "Kate Lindgren", "Chief executive", SIGNED_AT),
                Signer(Side.PRACTICE, owner, "Owner", SIGNED_AT),
            ],
            at=SIGNED_AT,
        )  # fmt: skip


def _scope(actor: Actor, plan: DemoPractice, agreement: str) -> None:
    """The scope matrix of a draft, where it is not the usual one."""
    with reading():
        draft = agreements.agreement(agreement).draft
    chosen = matrices.of(plan.code, draft.terms.tasks) if draft else None
    if chosen is not None:
        tasks.set_scope(actor=actor, agreement=agreement, tasks=chosen, at=SIGNED_AT)


def _user(actor: Actor, user: DemoUser, mso_tenant: int, sites: Mapping[str, Site]) -> None:
    with within(mso_tenant):
        account = identity.add_user(
            actor=actor, email=user.email, name=user.name, at=SIGNED_AT, password=DEMO_PASSWORD, is_demo=True
        )
    chosen = [sites[code] for code in user.practices if code in sites] or list(sites.values())
    tenants = [site.practice for site in chosen]
    if not user.practices and user.role in MSO_WIDE:
        tenants.append(mso_tenant)
    for practice in tenants:
        with within(practice):
            assignments.assign(
                actor=actor,
                practice=practice,
                user_id=account.user_id,
                role=user.role,
                starts_on=STARTS_ON,
                at=SIGNED_AT,
                set_up="The people of the practice, named with its service agreement",
            )
    if user.totp:
        identity.enrol_demo_factor(account=account.public_id, secret=DEMO_TOTP_SECRET)


def everybody(plans: Sequence[DemoPractice] = PRACTICES) -> list[DemoUser]:
    """The demo users, one for each role, and an owner for every practice."""
    codes = {plan.code for plan in plans}
    users = [user for user in USERS if not user.practices or codes & {*user.practices}]
    known = {user.email for user in users}
    owners = [
        DemoUser(email, name, "practice_owner", (plan.code,))
        for plan in plans
        for name, email in [plan.owner]
        if email not in known
    ]
    return [*users, *owners]


def find(plans: Sequence[DemoPractice] = PRACTICES) -> Network | None:
    """The network of some practices that was built before, read back; `None` when there is none."""
    return next(_found(plans), None)


def _found(plans: Sequence[DemoPractice]) -> Iterator[Network]:
    organization = Tenant.objects.filter(code=MSO_CODE).first()
    if organization is None:
        return
    sites = {}
    built = {tenant.code: tenant for tenant in Tenant.objects.filter(code__in=[plan.code for plan in plans])}
    for plan in plans:
        if (tenant := built.get(plan.code)) is None:
            continue
        with within(tenant.pk), reading():
            (entity,) = practice_queries.entities(tenant.pk, on=STARTS_ON)
            (biller,) = provider_queries.billers(tenant.pk, on=STARTS_ON)
            (place,) = provider_queries.sites(tenant.pk, on=STARTS_ON)
            held = practice_queries.accounts(tenant.pk)
            (account,) = (one for one in held if one.use is AccountUse.OPERATING)
            apart = next((one.public_id for one in held if one.use is AccountUse.DEPOSIT_GOVERNMENT), "")
            people = tuple(each.public_id for each in provider_queries.clinicians(tenant.pk))
        sites[plan.code] = Site(
            plan, tenant.pk, entity.id, biller.public_id, place.public_id, account.public_id, people, apart
        )
    with within(organization.pk), reading():
        (entity,) = (one for one in practice_queries.entities(organization.pk, on=STARTS_ON) if one.ein == MSO_TIN)
        register = {payer.name: payer.id for payer in payer_queries.every()}
    yield Network(organization.pk, entity.id, sites, register)
