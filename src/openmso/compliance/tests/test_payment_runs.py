"""The gate: violations among good payments are stopped, and nothing else; who is excluded; the same file again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openmso.agreements.services import law
from openmso.agreements.testing import Cast
from openmso.compliance.contracts import LINE, MATCH, Payment, Relative, UnreadablePayments
from openmso.compliance.queries import runs
from openmso.compliance.rules import reading as files
from openmso.compliance.services import exclusions, keeping, running
from openmso.compliance.states import Kind, Outcome, Party, Reason, Said, Side
from openmso.compliance.testing import BEGUN, leie, new_term, payment, registered
from openmso.compliance.tests.office import (
    DEC,
    FIRST,
    HALF,
    NO_HOURS,
    RENT,
    check,
    in_inbox,
    lines,
    listed,
    omar_of,
    valued,
)
from openmso.kit.money import Money
from openmso.parties.testing import builder
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def planted(cast: Cast) -> Iterator[tuple[Reason, Payment]]:
    """Violations, each with the reason for which it is to be stopped."""
    at, here = DEC, cast.rockland.id

    def party(name: str, **more: Any) -> str:
        return registered(here, at=more.pop("at", at), arrangement={"name": name, **more.pop("about", {})}, **more)

    theirs = registered(cast.rival.id, at=at, arrangement={"name": "Dr. Wanda Ferro"})
    mine = party("Dr. Ida Moss")
    gone = party("Dr. Abe Gold")
    keeping.end(actor=builder(at), arrangement=gone, ends_on=HALF, why="Moved away", at=at)
    keeping.name_relative(actor=builder(at), arrangement=mine, relative=Relative("Max Moss", "spouse"), at=at)
    party("Dr. Leo Past", starts_on=date(2025, 1, 1), ends_on=BEGUN)
    party("Dr. Oral Word", written_on=None)
    party("Dr. Nona Sign", signed_on=None)
    party("Dr. Late Sign", signed_on=date(2026, 9, 1))
    party("Dr. Vol Ume", by_volume=True, active=False, value={})
    party("Dr. Post Hoc", in_advance=False)
    party("Dr. Brief Term", ends_on=date(2026, 12, 1))
    changed = party("Dr. Chan Ged")
    keeping.write_term(
        actor=builder(at), arrangement=changed, at=at, new=dataclasses.replace(
            new_term(), rate=Decimal("200.00"), starts_on=HALF, why="A raise"),
    )  # fmt: skip
    for side in Side:
        keeping.sign_term(actor=builder(at), arrangement=changed, number=2, side=side, signed_on=HALF, by="Kate", at=at)
    keeping.activate(actor=builder(at), arrangement=changed, number=2, at=at)
    party("Dr. Un Valued", active=False)
    party("Dr. Old Value", value={"expires_on": date(2026, 10, 15)}, at=datetime(2026, 10, 1, 15, tzinfo=UTC))
    high = party("Dr. High Rate")
    lower = valued(Decimal(100), Decimal(150), opined_on=date(2026, 6, 1))
    keeping.file_opinion(actor=builder(at), arrangement=high, new=lower, at=at)
    party("Dr. In Active", active=False, value={})
    party("Harbor Realty LLC", about={"kind": Kind.SPACE, "party": Party.ENTITY}, **RENT)
    capped = party("Dr. Cap Ped")
    party("Dr. Una Reyes")

    def hours(name: str, **more: Any) -> Payment:
        return payment(name, **{**FIRST, **more})

    def rent(**more: Any) -> Payment:
        return payment("Harbor Realty", **{"amount": Money.of("4200.00"), **NO_HOURS, **FIRST, **more})

    party("Dr. Un Asked", reasonable=" ", active=False, value={})
    denied = party("Dr. Den Ied")
    keeping.answer(
        actor=builder(at), arrangement=denied, element="stark_services.lawful", said=Said.UNMET, evidence="Minutes",
        at=at,
    )  # fmt: skip
    party("Dr. After Wards", written_on=date(2026, 6, 15))
    party("Una Reyes, MD", about={"title": "Supervision"})
    yield Reason.EXCLUDED, hours("B. Best", npi="1972500007")
    yield Reason.MAYBE_EXCLUDED, payment("Best Care Inc", starts_on=None, through=None, **NO_HOURS)
    yield Reason.LAW, payment(cast.agreement.terms.mso.legal_name.upper(), starts_on=None, through=None, **NO_HOURS)
    yield Reason.RESEMBLES, payment("Mara Jane Rockland, MD", starts_on=None, through=None, **NO_HOURS)
    yield Reason.NO_ARRANGEMENT, payment("Mara J. Rockland, MD, FAAFP", starts_on=None, through=None, **NO_HOURS)
    yield Reason.UNREASONED, hours("Dr. Un Asked")
    yield Reason.UNMET, hours("Dr. Den Ied")
    yield Reason.WRITTEN_LATE, hours("Dr. After Wards", starts_on=date(2026, 5, 1), through=date(2026, 5, 31))
    yield Reason.OTHER_PRACTICE, hours("Dr. Wanda Ferro", arrangement=theirs)
    yield Reason.OTHER_PRACTICE, hours("Dr. Ida Moss", arrangement="ARR-99999999")
    yield Reason.NO_ARRANGEMENT, hours("Dr. Wanda Ferro")
    yield Reason.NO_ARRANGEMENT, hours("Mara Rockland")  # a clinician of the practice
    yield Reason.NO_ARRANGEMENT, hours("M. R.", npi=cast.rockland.clinician.npi)
    yield Reason.NO_ARRANGEMENT, hours("Moss, Max")  # the spouse of a party
    yield Reason.NO_ARRANGEMENT, hours("Somebody New", npi="1234567893")
    yield Reason.OTHER_PAYEE, hours("Moss Holdings", arrangement=mine)
    yield Reason.OTHER_PAYEE, hours("Max Moss", arrangement=mine)
    yield Reason.NO_PERIOD, hours("Dr. Ida Moss", starts_on=None, through=None)
    yield Reason.NO_PERIOD, rent(starts_on=None, through=None)
    yield Reason.ENDED, hours("Dr. Abe Gold")
    yield Reason.ENDED, hours("Dr. Abe Gold", starts_on=date(2026, 6, 15), through=HALF)
    yield Reason.NOT_BEGUN, hours("Dr. Ida Moss", starts_on=date(2025, 12, 1), through=date(2025, 12, 31))
    yield Reason.NOT_BEGUN, rent(starts_on=date(2025, 12, 1), through=date(2025, 12, 31))
    yield Reason.EXPIRED, hours("Dr. Leo Past")
    yield Reason.EXPIRED, hours("Dr. Leo Past", starts_on=date(2025, 12, 31), through=BEGUN)
    yield Reason.FUTURE, hours("Dr. Ida Moss", starts_on=date(2026, 12, 1), through=date(2026, 12, 31))
    yield Reason.NOT_WRITTEN, hours("Dr. Oral Word")
    yield Reason.NOT_WRITTEN, hours("Dr. Oral Word", starts_on=date(2026, 9, 1), through=date(2026, 9, 30))
    yield Reason.NOT_SIGNED, hours("Dr. Nona Sign")
    yield Reason.NOT_SIGNED, hours("Dr. Late Sign", starts_on=date(2026, 5, 1), through=date(2026, 5, 31))
    yield Reason.VOLUME, hours("Dr. Vol Ume")
    yield Reason.NOT_IN_ADVANCE, hours("Dr. Post Hoc")
    yield Reason.SHORT_TERM, hours("Dr. Brief Term")
    yield Reason.CHANGED, hours("Dr. Chan Ged", amount=Money.of("2000.00"))
    yield (
        Reason.CHANGED,
        hours("Dr. Chan Ged", amount=Money.of("2000.00"), arrangement=changed, through=FIRST["starts_on"]),
    )
    yield Reason.NO_FMV, hours("Dr. Un Valued")
    yield Reason.FMV_EXPIRED, hours("Dr. Old Value")
    yield Reason.FMV_RANGE, hours("Dr. High Rate")
    yield Reason.NO_RECORD, hours("Dr. Ida Moss", time_record="")
    yield Reason.NO_RECORD, hours("Dr. Ida Moss", hours=None)
    yield Reason.OVER_CAP, hours("Dr. Cap Ped", hours=Decimal(21), amount=Money.of("3780.00"))
    yield Reason.OVER_CAP, hours("Dr. Cap Ped", hours=Decimal("20.01"), amount=Money.of("3601.80"), arrangement=capped)
    yield Reason.AMOUNT, hours("Dr. Ida Moss", amount=Money.of("1800.01"))
    yield Reason.AMOUNT, hours("Dr. Ida Moss", amount=Money.of("2000.00"))
    yield Reason.AMOUNT, rent(amount=Money.of("4620.00"), starts_on=BEGUN, through=date(2026, 1, 31))
    yield Reason.INACTIVE, hours("Dr. In Active")
    yield Reason.TWICE, rent(starts_on=date(2026, 11, 1), through=date(2026, 11, 30), reference="again")
    yield Reason.TWICE, hours("Dr. Una Reyes", reference="again")


def good(cast: Cast) -> Iterator[Payment]:
    """Two hundred payments that are in order: rent, hours of ten directors, and vendors who refer nothing."""
    for number in range(10):
        yield payment("Harbor Realty, LLC", amount=Money.of("4200.00"), **NO_HOURS,
                      starts_on=date(2026, number + 2, 1),
                      through=date(2026, number + 3, 1) - timedelta(1))  # fmt: skip
    yield payment("Una Reyes", **FIRST)
    for number in range(8):
        name = f"Dr. Sound {'ABCDEFGH'[number]}{'abcdefgh'[number]}"
        registered(cast.rockland.id, at=DEC, arrangement={"name": name})
        for month in range(1, 12):
            last = date(2026, month + 1, 1) - timedelta(1)
            yield payment(name.upper(), starts_on=date(2026, month, 1), through=last, hours=Decimal(month),
                          amount=Money.of(180 * month), reference=f"{number}-{month}")  # fmt: skip
    for number in range(101):
        yield payment(f"Vendor {number} Supply", amount=Money.cents(100 + number), starts_on=None, through=None,
                      **NO_HOURS)  # fmt: skip


BARRED: tuple[dict[str, str], ...] = (
    {"LASTNAME": "BEST", "FIRSTNAME": "BEN", "NPI": "1972500007"}, {"BUSNAME": "BEST CARE, INC", "CITY": "BANGOR"},
    {"LASTNAME": "MOSS", "FIRSTNAME": "IDA", "NPI": "1245319599", "REINDATE": "20260101"},
)  # fmt: skip


def test_violations_among_two_hundred_good_payments_are_all_stopped_and_nothing_else(cast: Cast) -> None:
    listed(cast, *BARRED)
    with cast.scope(cast.rockland, cast.rival):
        law.say(actor=builder(DEC), practice=cast.rockland.id, facts={"baa.downstream": "no"}, why="Contracts", at=DEC)
        bad, right = list(planted(cast)), list(good(cast))
    assert (len(bad), len(right)) == (48, 200)
    together = [*right, *(one for _, one in bad)]
    numbered = [dataclasses.replace(one, number=number) for number, one in enumerate(together, start=2)]

    run = check(cast, numbered)
    told = lines(cast, run.public_id)

    wanted = {number: why for number, (why, _) in enumerate(bad, start=202)}
    assert {one.payment.number: one.reason for one in told if one.outcome is Outcome.STOPPED} == wanted
    assert set(wanted.values()) == set(Reason)
    assert (run.count, run.released, run.stopped) == (248, 200, 48)
    assert len(in_inbox(cast, omar_of(cast), LINE)) == 48
    with cast.scope(), reading():
        assert [(one.payee, one.amount) for one in files.read(runs.payable(run.public_id).encode())] == [
            (one.payee, one.amount) for one in right
        ]


def test_who_is_on_the_list_of_exclusions_is_not_registered_nor_paid_and_a_name_alone_is_looked_at(
    cast: Cast,
) -> None:
    """By NPI it is them; by name somebody looks. The list is loaded every month, and what was found out stays."""
    here, omar = cast.rockland.id, omar_of(cast)
    with cast.scope():
        made = registered(here, at=DEC, arrangement={"name": "Dr. Ida Moss"})
    assert in_inbox(cast, omar, MATCH) == []
    rows = ({"LASTNAME": "MOSS", "FIRSTNAME": "IDA"}, {"LASTNAME": "BEST", "FIRSTNAME": "BEN", "NPI": "1972500007"})
    first = listed(cast, *rows)
    assert (first.count, listed(cast, *rows).is_new) == (2, False)
    (item,) = in_inbox(cast, omar, MATCH)
    assert "by name alone" in item.why
    assert lines(cast, check(cast, [payment("Ida Moss")]).public_id)[0].reason is Reason.MAYBE_EXCLUDED
    with cast.scope(), pytest.raises(keeping.NotRegistered, match=r"excluded since 2020-02-20 .*OIG-EXCL-01"):
        registered(here, at=DEC, arrangement={"name": "B. Best", "npi": "1972500007"})
    page, actor = signed_in(omar), cast.actor(omar, at=DEC)
    shown = page.get(reverse("compliance:exclusions")).content.decode()
    assert "Named on the list" in shown
    assert "older than a month" not in shown
    place = reverse("compliance:exclusion", args=[item.subject_id])
    assert page.post(place, {"is_them": "no", "words": ""}).status_code == 422
    assert page.post(place, {"is_them": "no", "words": "Born 1950, ours 1981"}).url == reverse("compliance:exclusions")
    assert in_inbox(cast, omar, MATCH) == []
    assert signed_in(cast.theo).get(place).status_code in {403, 404}
    with pytest.raises(exclusions.NotScreened, match="is loaded already"):
        listed(cast, {"BUSNAME": "OLD"}, as_of=date(2026, 10, 9))
    listed(cast, *rows, {"BUSNAME": "NEW"}, as_of=date(2026, 12, 1))
    again = check(cast, [payment("Ida Moss", reference="again")])
    assert lines(cast, again.public_id)[0].outcome is Outcome.RELEASED, "what was found out holds for the next list"
    with scope(practices=[cast.mso.id, cast.rockland.id]):
        waits = [exclusions.watch(actor=actor, at=DEC + timedelta(days)) for days in (0, 40)]
        assert waits == [0, 1], "after a month the next list is asked for"
    sent = SimpleUploadedFile(
        "UPDATED.csv", leie({"LASTNAME": "MOSS", "FIRSTNAME": "IDA"}, {"BUSNAME": "X"}), "text/csv"
    )
    api = page.post("/api/exclusion-lists", {"file": sent, "as_of": "2026-12-01"})
    assert (api.status_code, "still to come" in api.content.decode()) == (422, True)
    assert [one["as_of"] for one in page.get("/api/exclusion-lists").json()] == ["2026-12-01", "2026-11-10"]
    assert [one["name"] for one in page.get("/api/exclusions?q=moss").json()["items"]] == ["IDA MOSS"]
    (told,) = page.get("/api/exclusion-matches").json()
    assert (told["is_them"], told["is_open"]) == (False, False)
    with cast.scope():
        keeping.end(actor=builder(DEC), arrangement=made, ends_on=DEC.date(), why="Moved", at=DEC)


def test_the_same_file_is_one_run_and_what_it_released_is_not_released_again(cast: Cast) -> None:
    with cast.scope():
        registered(cast.rockland.id, at=DEC)
    first = check(cast, [payment()])
    again, other = check(cast, [payment()]), check(cast, [payment(reference="INV-2")], at=DEC + timedelta(hours=1))

    assert (first.is_new, again.is_new, again.public_id) == (True, False, first.public_id)
    (stopped,) = lines(cast, other.public_id)
    assert stopped.reason is Reason.TWICE
    assert first.public_id in stopped.says


def test_a_bad_file_names_line_and_field_and_nothing_of_it_is_judged(cast: Cast) -> None:
    with cast.scope(), pytest.raises(UnreadablePayments, match="Line 2, amount"):
        running.check(
            actor=builder(DEC), practice=cast.rockland.id, name="x.csv", content=b"payee,amount\nx,?\n", at=DEC
        )
    with cast.scope(), reading():
        assert runs.runs(filters=Filters(), page=PageAsk()).total == 0
