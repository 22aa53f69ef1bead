"""A practice joins the network, changes its name and address, and the past stays as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.parties import contracts, testing
from openmso.parties.contracts import AccountUse, Address, Basis, BillerProfile, EntityForm, Person, Specialty
from openmso.parties.models.clinicians import Clinician
from openmso.parties.models.practices import BankAccount, PracticeName
from openmso.parties.models.providers import BillingProfile
from openmso.parties.queries import payers as payer_queries
from openmso.parties.queries import practices as queries
from openmso.parties.queries import providers as provider_queries
from openmso.parties.queries import vendors as vendor_queries
from openmso.parties.services import clinicians, practices, providers, vendors
from openmso.parties.testing import House, builder
from openmso.platform.access.contracts import Actor, NotAllowed
from openmso.platform.audit import queries as audit
from openmso.platform.audit.contracts import EventFilters
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@pytest.fixture
def rockland() -> House:
    return testing.practice(at=NOW)


def test_a_practice_opens_with_its_tenant_its_name_and_its_trail(rockland: House) -> None:
    with scope(practices=[rockland.id]), reading():
        found = queries.by_code("rock", on=TODAY)

        assert found == rockland.practice
        assert (found.name, found.legal_name) == ("Rockland Family Practice", "Rockland Family Practice, PC")
        assert found.specialty is Specialty.PRIMARY_CARE
        assert [one.ein for one in queries.entities(found.id, on=TODAY)] == [rockland.entity.ein]


def test_a_code_is_taken_once(rockland: House) -> None:
    with pytest.raises(Conflict, match="ROCK is taken"):
        testing.practice(at=NOW, name="Another")


@pytest.mark.parametrize(("field", "value"), [("code", "x"), ("zone", "Mars/Olympus"), ("state", "XX"), ("name", " ")])
def test_a_practice_that_makes_no_sense_is_refused_and_leaves_nothing(field: str, value: str) -> None:
    with pytest.raises(Refused) as refused:
        testing.practice(at=NOW, **{"code": "NEW", field: value})

    assert refused.value.field in {field, "legal_name"}
    assert not Tenant.objects.filter(code="NEW").exists()


def test_without_scope_a_practice_is_not_found(rockland: House) -> None:
    with scope(practices=[]), reading(), pytest.raises(NotFound):
        queries.practice(rockland.id, on=TODAY)


def test_a_new_name_holds_from_its_day_and_the_old_one_before(rockland: House) -> None:
    with scope(practices=[rockland.id]):
        practices.rename(
            actor=builder(NOW),
            practice=rockland.id,
            legal_name="Rockland Health, PC",
            starts_on=date(2026, 4, 1),
            at=NOW,
        )
        with reading():
            assert queries.practice(rockland.id, on=date(2026, 3, 31)).legal_name == "Rockland Family Practice, PC"
            assert queries.practice(rockland.id, on=date(2026, 4, 1)).legal_name == "Rockland Health, PC"
            assert queries.practice(rockland.id, on=date(2019, 1, 1)).legal_name == "Rockland Family Practice, PC"


def test_a_name_recorded_wrongly_is_corrected_by_a_later_record_of_the_same_day(rockland: House) -> None:
    with scope(practices=[rockland.id]):
        for hour, name in ((10, "Rockland Helth, PC"), (11, "Rockland Health, PC")):
            at = datetime(2026, 3, 2, hour, tzinfo=UTC)
            practices.rename(
                actor=builder(at), practice=rockland.id, legal_name=name, starts_on=date(2026, 4, 1), at=at
            )
        with reading():
            assert queries.practice(rockland.id, on=date(2026, 4, 2)).legal_name == "Rockland Health, PC"
            assert PracticeName.objects.count() == 3


def test_a_biller_moves_and_old_claims_keep_the_old_address(rockland: House) -> None:
    there = Address("40 Park Street", "", "Rockland", "ME", "048410040")
    box = Address("PO Box 9", "", "Rockland", "ME", "04841")
    with scope(practices=[rockland.id]):
        moved = providers.change_biller(
            actor=builder(NOW), practice=rockland.id, biller=rockland.biller.public_id, starts_on=date(2026, 5, 1),
            at=NOW, profile=BillerProfile("ROCKLAND FAMILY PRACTICE", "207Q00000X", there, box),
        )  # fmt: skip
        with reading():
            before = provider_queries.biller(rockland.biller.id, on=date(2026, 4, 30))

    assert (moved.address, moved.pay_to) == (there, box)
    assert before.address == testing.address()
    assert not before.pay_to


def test_one_practice_may_bill_under_several_providers(rockland: House) -> None:
    with scope(practices=[rockland.id]):
        providers.add_biller(
            actor=builder(NOW), practice=rockland.id, entity=rockland.entity.id, npi=testing.npi(77_777_777),
            npi_type=contracts.NpiType.INDIVIDUAL, tin=rockland.entity.ein, starts_on=TODAY, at=NOW,
            profile=BillerProfile("ROCKLAND", "207Q00000X", testing.address(), first_name="MARA"),
        )  # fmt: skip
        with reading():
            assert len(provider_queries.billers(rockland.id, on=TODAY)) == 2


def test_the_same_npi_and_tin_are_kept_once(rockland: House) -> None:
    again = {
        "actor": builder(NOW), "practice": rockland.id, "entity": rockland.entity.id, "npi": rockland.biller.npi,
        "npi_type": rockland.biller.npi_type, "tin": rockland.biller.tin, "starts_on": TODAY, "at": NOW,
        "profile": BillerProfile("AGAIN", "207Q00000X", testing.address()),
    }  # fmt: skip
    with scope(practices=[rockland.id]), pytest.raises(Conflict, match="on file"):
        providers.add_biller(**again)


def test_secrets_are_masked_in_every_answer(rockland: House) -> None:
    with scope(practices=[rockland.id]):
        account = practices.open_account(
            actor=builder(NOW), practice=rockland.id, entity=rockland.entity.id, name="Operating", bank_name="Camden",
            routing="021000021", account_number="000123456789", use=AccountUse.OPERATING, opened_on=TODAY, at=NOW,
        )  # fmt: skip
        person = clinicians.add(
            actor=builder(NOW), practice=rockland.id, person=Person("Osei", "Ben"), npi=testing.npi(99_999_999),
            taxonomy="207Q00000X", starts_on=TODAY, at=NOW, ssn="123-45-6789",
        )  # fmt: skip

        assert account.masked_number == "••••6789"
        assert person.masked_ssn == "••••6789"
        with reading():
            assert b"123456789" not in bytes(BankAccount.objects.values_list("account_number", flat=True).get())
            assert Clinician.objects.filter(ssn__isnull=True).count() == 1
        with pytest.raises(Conflict, match="on file"):
            practices.open_account(
                actor=builder(NOW), practice=rockland.id, entity=rockland.entity.id, name="Twice", bank_name="Camden",
                routing="021000021", account_number="0001-2345 6789", use=AccountUse.OPERATING, opened_on=TODAY, at=NOW,
            )  # fmt: skip


def test_somebody_without_the_permission_changes_nothing(rockland: House) -> None:
    with scope(practices=[rockland.id]), pytest.raises(NotAllowed):
        practices.rename(actor=Actor.nobody(at=NOW), practice=rockland.id, legal_name="X, PC", starts_on=TODAY, at=NOW)


def test_an_entity_and_a_clinician_have_their_lives(rockland: House) -> None:
    with scope(practices=[rockland.id]):
        second = practices.add_entity(
            actor=builder(NOW), practice=rockland.id, legal_name="Rockland Realty, LLC", form=EntityForm.LLC,
            ein="981234567", basis=Basis.ACCRUAL, starts_on=TODAY, at=NOW, fiscal_year_starts=7,
        )  # fmt: skip
        practices.rename_entity(
            actor=builder(NOW), practice=rockland.id, entity=second.id, legal_name="Rockland Property, LLC",
            starts_on=date(2026, 6, 1), at=NOW,
        )  # fmt: skip
        left = clinicians.leave(
            actor=builder(NOW), practice=rockland.id, clinician=rockland.clinician.public_id,
            ends_on=date(2026, 4, 1), at=NOW,
        )  # fmt: skip
        with reading():
            assert queries.entity(second.id, on=TODAY).legal_name == "Rockland Realty, LLC"
            assert queries.entity(second.id, on=date(2026, 6, 1)).legal_name == "Rockland Property, LLC"
            assert [one.npi for one in provider_queries.clinicians(rockland.id, on=date(2026, 3, 31))] == [left.npi]
            assert provider_queries.clinicians(rockland.id, on=date(2026, 4, 1)) == []


def test_a_payer_is_found_by_what_claims_call_it() -> None:
    harbor = testing.mso(at=NOW)
    shield = testing.payer(harbor, at=NOW)

    assert payer_queries.by_edi_id("60054") == shield
    assert payer_queries.by_edi_id("99999") is None
    assert payer_queries.listing(filters=Filters(text="atlantic"), page=PageAsk()).total == 1
    with pytest.raises(Conflict, match="60054"):
        testing.payer(harbor, at=NOW, name="Other")
    assert queries.mso().name == "Harbor Ridge MSO, LLC"


def test_a_related_party_vendor_is_named_as_one(rockland: House) -> None:
    with scope(practices=[rockland.id]):
        vendors.add(
            actor=builder(NOW), practice=rockland.id, name="Harbor Lab", address=testing.address(), tin="981234567",
            at=NOW, related_party="Owned by the MSO",
        )  # fmt: skip
        with reading():
            (found,) = vendor_queries.vendors(rockland.id)

    assert (found.related_party, found.masked_tin) == ("Owned by the MSO", "••••4567")


def test_the_list_of_practices_counts_what_each_has(rockland: House) -> None:
    other = testing.practice(at=NOW, code="LUMEN", name="Lumen Eye Care", specialty=Specialty.OPTOMETRY)
    with scope(practices=[rockland.id, other.id]), reading():
        page = queries.listing(filters=Filters(), page=PageAsk(sort="name"))
        assert [(row.code, row.clinicians, row.sites, row.billers) for row in page.rows] == [
            ("LUMEN", 1, 1, 1), ("ROCK", 1, 1, 1),
        ]  # fmt: skip
    with scope(practices=[rockland.id]), reading():
        assert queries.listing(filters=Filters(), page=PageAsk()).total == 1


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"zip": "04841"}, "billers_have_nine_digit_zips"),
        ({"pay_to_line1": "PO Box 9"}, "pay_to_addresses_are_whole_or_absent"),
    ],
)
def test_the_database_keeps_what_an_837_needs(rockland: House, change: dict[str, str], promise: str) -> None:
    with scope(practices=[rockland.id]), atomic.open():
        row = BillingProfile.objects.get()
        row.pk, row.starts_on = None, TODAY
        for column, value in change.items():
            setattr(row, column, value)
        with pytest.raises(IntegrityError, match=promise), transaction.atomic():
            row.save(force_insert=True)


def test_profiles_are_added_to_and_never_changed(rockland: House) -> None:
    with scope(practices=[rockland.id]), atomic.open(), pytest.raises(DatabaseError, match="permission denied"):
        BillingProfile.objects.update(name="REWRITTEN")


def test_every_change_is_told(rockland: House) -> None:
    with scope(practices=[rockland.id]), reading():
        told = audit.events(filters=EventFilters(), page=PageAsk(size=100)).rows

    assert {"parties.practice_opened", "parties.biller_added", "parties.site_added", "parties.clinician_added"} <= {
        row.action for row in told
    }
