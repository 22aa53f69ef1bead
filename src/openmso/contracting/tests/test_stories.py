"""Contracts are drafted, compared, published, and say what every line should bring; nobody else sees them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openmso.agreements.testing import NOW, Cast
from openmso.codes import services as loads
from openmso.codes import testing as codes
from openmso.codes.services import Edition
from openmso.contracting import queries, services
from openmso.contracting.contracts import Ask, RateLine, Terms
from openmso.contracting.rules.terms import BadTerms
from openmso.contracting.services import BeginsTwice
from openmso.contracting.testing import published
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.testing import builder
from openmso.platform.access.contracts import NotAllowed
from openmso.platform.tenancy.scope import reading

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
RATES = {"99213": "85.00", "99213-95": "80.00", "17003": "6.50"}


def ask(cast: Cast, code: str, charge: str, *, units: str = "1", on: date = DAY, key: int = 1) -> Ask:
    named, *modifiers = code.split("-")
    return Ask(
        key, 1, cast.payer.id, named, tuple(modifiers), Decimal(units), "11", Money.of(charge), on
    )  # fmt: skip


def expected(cast: Cast, code: str, charge: str, *, units: str = "1", on: date = DAY) -> str:
    with cast.scope(), reading():
        (found,) = queries.expected(
            practice=cast.rockland.id, asks=[ask(cast, code, charge, units=units, on=on)]
        ).values()
    return str(found.amount) if found.amount is not None else found.words


def test_a_schedule_allows_by_code_modifier_and_units(cast: Cast) -> None:
    with cast.scope():
        published(
            practice=cast.rockland.id, payer_id=cast.payer.id, at=NOW, rates=RATES,
            wording="all: fee schedule\nall: 50% of charge",
        )  # fmt: skip

    assert expected(cast, "99213", "165.00") == "85.00"
    assert expected(cast, "99213-25-95", "165.00") == "80.00"
    assert expected(cast, "17003", "88.00", units="4") == "26.00"
    assert expected(cast, "36415", "18.00") == "9.00"
    assert expected(cast, "99213", "70.00") == "70.00"


def test_versions_hold_from_their_day_and_end_on_theirs(cast: Cast) -> None:
    with cast.scope():
        place = {"practice": cast.rockland.id, "payer_id": cast.payer.id, "at": NOW}
        first = published(**place)
        second = published(
            **place, wording="all: fee schedule", rates=RATES, starts_on=date(2026, 4, 1), ends_on=date(2027, 1, 1),
            limits="appeal: 60 days from remittance",
        )  # fmt: skip
        with pytest.raises(BeginsTwice):
            published(**place, wording="all: 70% of charge")
        with reading():
            after = queries.contract(first.public_id, with_rates=True)
            changes = [
                (one.what, one.before, one.after) for one in queries.changes(after.versions[1], after.versions[0])
            ]
            limits = queries.limits(practice=cast.rockland.id, payer_id=cast.payer.id, on=date(2026, 4, 1))

    assert first.public_id == second.public_id
    assert expected(cast, "99213", "100.00", on=date(2025, 12, 31)) == queries.NO_CONTRACT
    assert expected(cast, "99213", "100.00", on=date(2026, 3, 31)) == "68.00"
    assert expected(cast, "99213", "100.00", on=date(2026, 4, 1)) == "85.00"
    assert expected(cast, "99213", "100.00", on=date(2027, 1, 1)) == queries.NO_CONTRACT
    assert ("Term", "For every service: 68% of the charge", "") in changes
    assert ("99213-95", "not listed", "80.00") in changes
    assert limits == {"appeal": (60, "remittance")}


def test_a_draft_prices_nothing_and_is_published_or_withdrawn(cast: Cast) -> None:
    actor = cast.actor(cast.ana)
    with cast.scope():
        made = services.draft(
            actor=actor, practice=cast.rockland.id, payer_id=cast.payer.id, terms=Terms("all: 70% of charge"),
            starts_on=DAY, at=NOW,
        )  # fmt: skip
    assert made.draft is not None
    assert expected(cast, "99213", "100.00") == queries.NO_CONTRACT

    with cast.scope():
        assert services.publish(actor=actor, contract=made.public_id, at=NOW).draft is None
        with pytest.raises(NotFound):
            services.withdraw(actor=actor, contract=made.public_id, at=NOW)
    assert expected(cast, "99213", "100.00") == "70.00"


def test_a_whole_set_of_lines_is_asked_with_a_few_queries(
    cast: Cast, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    with cast.scope():
        published(practice=cast.rockland.id, payer_id=cast.payer.id, at=NOW)
        asks = [ask(cast, "99213", "100.00", key=number) for number in range(300)]
        with reading(), django_assert_max_num_queries(6):  # type: ignore[operator]
            found = queries.expected(practice=cast.rockland.id, asks=asks)

    assert {str(one.amount) for one in found.values()} == {"68.00"}
    assert {one.words for one in found.values()} == {"all: 68% of charge"}


def test_the_contracts_of_rockland_are_nobody_elses(cast: Cast) -> None:
    with cast.scope():
        made = published(practice=cast.rockland.id, payer_id=cast.payer.id, at=NOW)

    with cast.scope(cast.rival), reading(), pytest.raises(NotFound):
        queries.contract(made.public_id)


def test_a_biller_does_not_draft_and_terms_that_cannot_be_are_refused(cast: Cast) -> None:
    place = {"practice": cast.rockland.id, "payer_id": cast.payer.id, "starts_on": DAY, "at": NOW}
    with cast.scope():
        with pytest.raises(NotAllowed):
            services.draft(actor=cast.actor(cast.priya), terms=Terms("all: 70% of charge"), **place)
        twice = (RateLine("99213", "", Money.of(1), Money.of(1)),) * 2
        for terms, field in (
            (Terms("all: fee schedule"), "rates"), (Terms("all: fee schedule", rates=twice), "rates"),
            (Terms("all: 70% of charge", rates=twice[:1]), "rates"), (Terms("all: 70"), "wording"),
            (Terms("all: 70% of charge", bilateral=Decimal(3)), "bilateral"),
            (Terms("all: 70% of charge", "soon"), "limits"), (Terms("all: 70% of charge", procedures="x"), "procedures"),
        ):  # fmt: skip
            with pytest.raises(BadTerms) as no:
                services.draft(actor=cast.actor(cast.ana), terms=terms, **place)
            assert no.value.field == field


def test_a_percent_of_medicare_follows_the_tables_of_the_day_of_service(cast: Cast) -> None:
    loader = builder(NOW)
    files = (
        ("pfs-rvu", "RVU26A", codes.rvu("99213 A 1.30 1.46 0.33 0.09 XXX 0", "11102 A 0.64 2.16 0.20 0.06 000 2",
                                        "17000 A 0.59 1.34 0.78 0.06 010 2", name="PPRRVU2026_Jan_nonQPP.csv")),
        ("pfs-gpci", "2026", codes.gpci("15202 OH 00 OHIO 1.000 0.913 1.008")),
    )  # fmt: skip
    with cast.scope(cast.mso):  # type: ignore[arg-type]
        for kind, edition, file in files:
            loads.load(actor=loader, kind=kind, edition=Edition(edition, date(2026, 1, 1)), files=[file], at=NOW)
    with cast.scope():
        published(
            practice=cast.rockland.id, payer_id=cast.payer.id, at=NOW, lesser_of_charge=False,
            wording="99202-99499: 110% of Medicare in 15202/00\nall: 100% of Medicare 2026 in 15202/00",
            starts_on=date(2025, 1, 1),
        )  # fmt: skip
        asks = [ask(cast, code, "500.00", key=key) for key, code in enumerate(("17000-XS", "99213", "11102"))]
        with reading():
            found = queries.expected(practice=cast.rockland.id, asks=asks)

    assert [str(found[key].amount) for key in range(3)] == ["31.30", "100.07", "89.27"]
    assert expected(cast, "99213", "500.00", on=date(2025, 6, 1)) == (
        "Medicare's fee schedule of 2025 in 15202/00 is not loaded."
    )
