"""The register and the gate as they are lived: Omar keeps the register, Elena checks payments, Theo sees nothing."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from typer.testing import CliRunner

from openmso.agreements import testing as agreements
from openmso.agreements.services import law
from openmso.agreements.testing import Cast
from openmso.cli.main import app
from openmso.compliance.contracts import LINE, MATCH, NewOpinion, Payment, Relative, UnreadablePayments
from openmso.compliance.models import register as tables
from openmso.compliance.models.runs import PaymentLine
from openmso.compliance.queries import register, runs
from openmso.compliance.rules import reading as files
from openmso.compliance.services import entering, exclusions, keeping, running, watching
from openmso.compliance.states import Kind, Outcome, Party, Pay, Reason, Said, Side, Standing
from openmso.compliance.testing import BEGUN, leie, new_term, opinion, payment, registered
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.parties.testing import builder
from openmso.platform.access.contracts import NotAllowed
from openmso.platform.accounts.testing import signed_in
from openmso.platform.audit import queries as audit
from openmso.platform.identity.models import User
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui import workbooks
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import InboxFilters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DEC = datetime(2026, 12, 1, 15, tzinfo=UTC)
"""When payments are checked: what was done through November is over."""
NO_HOURS: dict[str, Any] = {"hours": None, "time_record": ""}
RENT = {"pay": Pay.MONTH, "rate": Decimal("4200.00"), "hours_cap": None, "grounds": ("stark_space",)}
HALF = date(2026, 7, 1)
FIRST = {"starts_on": date(2026, 10, 1), "through": date(2026, 10, 31)}


def omar_of(cast: Cast) -> User:
    for tenant in (cast.mso.id, cast.rockland.id):
        user = agreements.person(
            "omar@harborridge.example", "Omar Haddad", practice=tenant, role="compliance_officer", at=cast.at
        )
    return user


def in_inbox(cast: Cast, user: User, kind: str, at: datetime = DEC) -> list[Any]:
    actor, wanted = cast.actor(user, at=at), InboxFilters(kinds=(kind,))
    with cast.scope(user=user), reading():
        return list(work.inbox(actor=actor, filters=wanted, page=PageAsk(size=200), at=at).rows)


def check(cast: Cast, payments: list[Payment], *, at: datetime = DEC, user: User | None = None) -> Any:
    actor = cast.actor(user, at=at) if user else builder(at)
    with cast.scope(cast.rockland, cast.rival):
        return running.check(
            actor=actor, practice=cast.rockland.id, name="november.csv", at=at,
            content=files.written(payments).encode(),
        )  # fmt: skip


def lines(cast: Cast, run: str, *terms: Term) -> list[Any]:
    with cast.scope(), reading():
        return list(runs.lines(filters=Filters(terms), page=PageAsk(size=500, sort="number"), run=run).rows)


# ---- the proof ---------------------------------------------------------------------------------------------------


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


def valued(low: Decimal, high: Decimal, *, unit: Pay = Pay.HOUR, **changes: Any) -> NewOpinion:
    one = opinion(**changes)
    return NewOpinion(one.method, low, high, unit, one.appraiser, one.opined_on, one.expires_on)


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


def listed(cast: Cast, *rows: dict[str, str], as_of: date = date(2026, 11, 10), at: datetime = DEC) -> Any:
    with scope(practices=[cast.mso.id, cast.rockland.id]):
        return exclusions.load(
            actor=builder(at), mso=cast.mso.id, name="UPDATED.csv", content=leie(*rows), as_of=as_of, at=at
        )


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


# ---- the register ------------------------------------------------------------------------------------------------


def test_omar_keeps_the_register_and_nobody_else_and_the_trail_tells(cast: Cast) -> None:
    omar = omar_of(cast)
    with cast.scope():
        for user in (cast.priya, cast.ana):
            with pytest.raises(NotAllowed):
                keeping.answer(
                    actor=cast.actor(user), arrangement=registered(cast.rockland.id, at=cast.at), at=cast.at,
                    element="stark_services.necessary", said=Said.MET, evidence="x",
                )  # fmt: skip
        made = registered(cast.rockland.id, at=cast.at)
        keeping.answer(
            actor=cast.actor(omar), arrangement=made, element="stark_services.necessary", said=Said.MET,
            evidence="Board minutes of 2 March", at=cast.at,
        )  # fmt: skip
        with pytest.raises(Refused, match="There is no element"):
            keeping.answer(
                actor=cast.actor(omar), arrangement=made, element="stark_services.value", said=Said.MET, evidence="x",
                at=cast.at,
            )  # fmt: skip
        with reading():
            actions = [one.action for one in audit.history(("compliance.arrangement", made), practice=cast.rockland.id)]
    assert set(actions) >= {
        "compliance.registered", "compliance.terms_written", "compliance.signed", "compliance.opined",
        "compliance.activated", "compliance.answered",
    }  # fmt: skip
    with cast.scope(cast.rival), reading():
        assert register.listing(filters=Filters(), page=PageAsk(), at=cast.at).total == 0
        with pytest.raises(NotFound):
            register.arrangement(made)
    assert signed_in(cast.theo).get(reverse("compliance:arrangement", args=[made])).status_code in {403, 404}


def test_activating_and_renewing_outside_the_value_is_refused_with_words_and_by_the_database(cast: Cast) -> None:
    actor, at = builder(DEC), DEC
    with cast.scope():
        made = registered(cast.rockland.id, at=at, active=False)
        with pytest.raises(Refused, match="no opinion of fair market value an hour"):
            keeping.activate(actor=actor, arrangement=made, number=1, at=at)
        keeping.file_opinion(actor=actor, arrangement=made, new=valued(Decimal(150), Decimal(190)), at=at)
        assert keeping.activate(actor=actor, arrangement=made, number=1, at=at).terms[0].activated_on == at.date()
        renewal = dataclasses.replace(
            new_term(), rate=Decimal("195.00"), starts_on=date(2027, 1, 1), ends_on=date(2028, 1, 1), why="Renewal"
        )
        keeping.write_term(actor=actor, arrangement=made, new=renewal, at=at)
        with pytest.raises(Refused, match=r"\$195.00 an hour lies outside"):
            keeping.activate(actor=actor, arrangement=made, number=2, at=at)

        with atomic.open():
            row = tables.Term.objects.get(arrangement__public_id=made, number=2)
            for value in (None, tables.Opinion.objects.get()):
                with pytest.raises(DatabaseError, match="an opinion of value covers"), transaction.atomic():
                    tables.Activation.objects.create(
                        practice_id=row.practice_id, term=row, opinion=value, activated_on=at.date(), recorded_at=at,
                        recorded_by="somebody",
                    )  # fmt: skip
            for model in (tables.Term, tables.Opinion, tables.Arrangement, tables.Signature, PaymentLine):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    model.objects.update(recorded_by="otherwise")
        with reading():
            assert register.arrangement(made).terms[1].activated_on is None


def test_what_runs_out_waits_for_omar_ninety_days_ahead_and_no_longer_once_there_is_a_next_one(cast: Cast) -> None:
    omar, at = omar_of(cast), datetime(2026, 10, 3, 12, tzinfo=UTC)
    kind = "compliance.arrangement"
    with cast.scope():
        made = registered(cast.rockland.id, at=DEC - timedelta(120), value={"expires_on": date(2026, 12, 1)})
        assert watching.watch(actor=builder(at), at=at - timedelta(60)) == 0
        assert watching.watch(actor=builder(at), at=at) == 2
        assert watching.watch(actor=builder(at), at=at) == 2  # twice is once
    waiting = in_inbox(cast, omar, kind, at)
    assert [one.due_at.date() for one in waiting] == [date(2026, 12, 1), date(2026, 12, 31)]

    with cast.scope():
        keeping.file_opinion(
            actor=cast.actor(omar, at=at), arrangement=made, at=at,
            new=valued(Decimal(150), Decimal(190), opined_on=at.date(), expires_on=date(2028, 12, 31)),
        )  # fmt: skip
        assert [one.due_at.date() for one in in_inbox(cast, omar, kind, at)] == [date(2026, 12, 31)]
        keeping.end(actor=cast.actor(omar, at=at), arrangement=made, ends_on=date(2027, 1, 1), why="No more", at=at)
    assert in_inbox(cast, omar, kind, at) == []


# ---- the doors ---------------------------------------------------------------------------------------------------


def test_screens_and_api_do_the_same_and_refuse_alike(cast: Cast) -> None:
    keeper = omar_of(cast)
    omar, ana = signed_in(keeper), signed_in(cast.ana)
    practice = cast.rockland.practice.public_id
    about = {"practice": practice, "title": "Director", "kind": "services", "party": "physician", "name": "Ida Moss"}
    assert omar.post(reverse("compliance:new"), about | {"npi": "1234567890"}).status_code == 422
    assert omar.post(reverse("compliance:new"), about).status_code == 303
    (row,) = omar.get("/api/arrangements?q=moss").json()["items"]
    one = row["id"]
    written = {
        "services": "Direct", "pay": "hour", "rate": "180.00", "hours_cap": "20", "starts_on": "2026-01-01",
        "last_on": "2026-12-31", "written_on": "2025-12-15", "in_advance": "on", "reasonable": "Needed",
        "grounds": ["stark_services"],
    }  # fmt: skip
    assert omar.post(reverse("compliance:write-term", args=[one]), written).status_code == 303
    assert b"cannot be activated" in omar.get(reverse("compliance:arrangement", args=[one])).content
    refused = omar.post(f"/api/arrangements/{one}/terms/1/activation", content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_activated")
    value = {"method": "market", "unit": "hour", "low": "150.00", "high": "200.00", "appraiser": "Pine",
             "opined_on": "2026-01-02", "expires_on": "2026-12-31"}  # fmt: skip
    assert omar.post(reverse("compliance:file-opinion", args=[one]), value).status_code == 303
    for side in ("ours", "party"):
        signed = {"side": side, "by": "Kate", "signed_on": "2026-01-05"}
        assert omar.post(reverse("compliance:sign", args=[one, 1]), signed).status_code == 303
    assert omar.post(reverse("compliance:activate", args=[one, 1])).status_code == 303
    answered = {"said": "met", "evidence": "Minutes"}
    assert omar.post(reverse("compliance:answer", args=[one, "stark_services.lawful"]), answered).status_code == 303
    assert (
        omar.post(reverse("compliance:name-relative", args=[one]), {"name": "Max", "relation": "son"}).status_code
        == 303
    )
    told = omar.get(f"/api/arrangements/{one}").json()
    assert (told["standing"], told["terms"][0]["activated_on"], told["checklists"][0]["gaps"]) == (
        "active", cast.at.date().isoformat(), 1
    )  # fmt: skip

    paid = payment("Ida Moss", starts_on=date(2026, 1, 1), through=date(2026, 1, 31))
    text = files.written([paid, dataclasses.replace(paid, reference="again")])
    shown = omar.post(
        reverse("compliance:check"), {"practice": practice, "file": SimpleUploadedFile("a.csv", b"payee\n")}
    )
    assert (shown.status_code, b"the column amount is missing" in shown.content) == (422, True)
    done = omar.post(
        reverse("compliance:check"), {"practice": practice, "file": SimpleUploadedFile("a.csv", text.encode())}
    )
    assert done.status_code == 303
    (run,) = omar.get("/api/payment-checks").json()["items"]
    assert (run["released"], run["stopped"], run["unsettled"]) == (1, 1, 1)
    (stopped,) = omar.get(f"/api/payment-checks/{run['id']}/payments?outcome=stopped").json()["items"]
    assert [each["reason"] for each in stopped["faults"]] == ["twice"]
    assert b"was paid before" in omar.get(reverse("compliance:line", args=[stopped["id"]])).content
    assert omar.get(reverse("compliance:payable", args=[run["id"]])).content.count(b"Ida Moss") == 1
    settled = omar.post(reverse("compliance:settle", args=[stopped["id"]]), {"words": "Not paid, sent back"})
    assert settled.status_code == 303
    assert in_inbox(cast, keeper, LINE) == []
    told = {"practice": practice, "nature": "family", "party": "Ida Moss", "band": "none", "words": "My sister"}
    assert ana.post(reverse("governance:disclose"), told).status_code == 303
    words = "Interest of the family of Dr. Ana Rockland"
    for address, rows in ((reverse("compliance:arrangements"), 1), (reverse("compliance:run", args=[run["id"]]), 2)):
        assert omar.get(address).text.count(f'title="{words}') == rows, "a flag, with its words on the page of the row"
    for address in (reverse("compliance:arrangement", args=[one]), reverse("compliance:line", args=[stopped["id"]])):
        assert f"<p>{words}" in omar.get(address).text
    ended = {"last_on": "2026-03-01", "why": "Left"}
    assert omar.post(reverse("compliance:end", args=[one]), ended).status_code == 303

    for address in ("arrangements", "runs"):
        page = ana.get(reverse(f"compliance:{address}")).content.decode()
        assert "Ida Moss" in page or "a.csv" in page
    assert ana.post(reverse("compliance:settle", args=[stopped["id"]]), {"words": "x"}).status_code == 403
    exported = ana.get(reverse("compliance:arrangements"), {"export": "csv", "q": "is:ended"})
    assert b"Ida Moss" in (b"".join(exported) if exported.streaming else exported.content)


GOOD = {
    "title": "Medical director", "kind": "services", "party": "Physician", "name": "Dr. Ida Moss", "services": "Direct",
    "pay": "hour", "rate": "180.00", "hours_cap": "20", "starts_on": "2026-01-01", "through": "2026-12-31",
    "written_on": "2025-12-15", "reasonable": "Needed", "grounds": "stark_services aks_services",
    "ours_signed_on": "2025-12-15", "ours_signed_by": "Kate", "party_signed_on": "2025-12-15",
    "party_signed_by": "Ida Moss", "value_method": "market", "value_low": "150.00", "value_high": "210.00",
    "appraiser": "Pine", "opined_on": "2025-12-01", "value_through": "2027-12-31", "active": "yes",
    "met": "stark_services.necessary = Hours of 2025",
}  # fmt: skip
SHEET = (
    GOOD,
    GOOD | {"name": "Dr. Leo Past", "rate": "180"},
    GOOD | {"name": "Dr. Una Reyes", "rate": "a lot", "grounds": "stark_moon", "npi": "1234567890"},
    GOOD | {"name": "Dr. High Rate", "rate": "250.00"},
    {"title": "Director", "kind": "services", "party": "family", "name": "Max Moss"},
    GOOD | {"name": "Moss, Ida"},
    {"title": "Vaccines", "kind": "other", "party": "other", "name": "Camden Supply"},
)
SAID = [
    "Line 4, npi: '1234567890' is no NPI: ten digits, the last of which checks the others.",
    "Line 4, rate: 'a lot' is no amount in dollars and cents.",
    "Line 4, grounds: 'stark_moon' is no checklist; there are",
    "Line 5: $250.00 an hour lies outside the opinion of Pine: $150.00 to $210.00 an hour. Agree on a rate inside",
    "Line 6, relation: Say of which physician they are family.",
    "Line 7, title: The same arrangement stands in line 2",
]


def sheet_of(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, entering.NAMES, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_a_sheet_of_arrangements_goes_in_where_it_is_good_is_told_where_it_is_not_and_adds_nothing_twice(
    cast: Cast, tmp_path: Path
) -> None:
    omar, practice = signed_in(omar_of(cast)), cast.rockland.practice.public_id
    place, sheet = reverse("compliance:enter"), sheet_of(SHEET)
    sent = omar.post(place, {"practice": practice, "file": SimpleUploadedFile("all.csv", sheet)})
    shown = omar.get(sent.url).content.decode()
    assert "3 arrangements go into the register of Rockland" in shown
    with cast.scope(), reading():
        assert register.in_scope() == [], "looking enters nothing"
    document = sent.url.partition("sheet=")[2].partition("&")[0]
    done = omar.post(place, {"sheet": document, "practice": practice})
    assert "Nothing is left to be entered" in omar.get(done.url).content.decode()
    with cast.scope(), reading():
        found = {one.name: one for one in register.in_scope()}
        assert set(found) == {"Dr. Ida Moss", "Dr. Leo Past", "Camden Supply"}
        assert found["Dr. Ida Moss"].terms[0].activated_on == cast.at.date()
        assert found["Dr. Ida Moss"].answers[0].evidence == "Hours of 2025"

    api = {"practice": practice, "file": SimpleUploadedFile("all.csv", sheet)}
    told = omar.post("/api/arrangement-sheets", api).json()
    assert (told["new"], told["known"], told["bad"]) == (0, 3, 4)
    with cast.scope(), reading():
        assert len(register.in_scope()) == 3
    file = tmp_path / "all.csv"
    file.write_bytes(sheet)
    asked = CliRunner().invoke(app, ["compliance", "enter", str(file), "--practice", "ROCK", "--dry-run"])
    assert asked.exit_code == 1
    said = asked.output.splitlines()
    assert [line.startswith(words) for line, words in zip(said, SAID, strict=False)] == [True] * len(SAID), said
    assert said[-1] == "0 arrangements would go in, 3 there already, 4 bad."


def test_a_workbook_is_taken_as_a_sheet_of_text_and_a_head_that_is_none_is_told(cast: Cast) -> None:
    omar = signed_in(omar_of(cast))
    practice = cast.rockland.practice.public_id
    names = [(name, "text") for name in entering.NAMES]
    out = io.BytesIO()
    workbooks.write(out, "Arrangements", names, [[GOOD.get(name, "") for name in entering.NAMES]])
    told = omar.post(
        "/api/arrangement-sheets", {"practice": practice, "file": SimpleUploadedFile("all.xlsx", out.getvalue())}
    ).json()
    assert (told["new"], told["bad"], told["faults"]) == (1, 0, [])
    empty = omar.get(reverse("compliance:template"), {"as": "xlsx"}).content
    for content, words in (
        (empty, "The file has a head and no rows"), (b"title,colour\nx,y\n", "No such column is known"),
        (b"\xff\xfe", "not CSV in UTF-8"),
    ):  # fmt: skip
        sent = {"practice": practice, "file": SimpleUploadedFile("a.csv", content), "dry_run": "true"}
        assert words in omar.post("/api/arrangement-sheets", sent).content.decode()
    theirs = signed_in(cast.ana)
    assert theirs.get(reverse("compliance:enter")).status_code == 403


def test_the_commands_check_payments_and_list_the_register(cast: Cast, tmp_path: Path) -> None:
    with cast.scope():
        made = registered(cast.rockland.id, at=cast.at)
    file = tmp_path / "november.csv"
    file.write_text(files.written([payment(), payment(amount=Money.of("5.00"))]), encoding="utf-8")

    def run(*words: str, status: int) -> Any:
        done = CliRunner().invoke(app, ["compliance", *words, "--json"])
        assert done.exit_code == status, done.output
        return json.loads(done.output)

    asked = ("check", str(file), "--practice", "ROCK", "--dry-run", "--on", "2026-12-01")
    told = run(*asked, status=1)
    assert [(one["outcome"], [each["reason"] for each in one["faults"]]) for one in told["payments"]] == [
        ("released", []), ("stopped", ["twice", "amount"])
    ]  # fmt: skip
    with cast.scope(), reading():
        assert runs.runs(filters=Filters(), page=PageAsk()).total == 0  # a dry run keeps nothing
        (row,) = register.listing(filters=Filters(), page=PageAsk(), at=cast.at).rows
    assert (row.public_id, row.standing) == (made, Standing.ACTIVE)
    clear = run("clearance", "ROCK", status=1)
    assert {stop["rule"] for one in clear["flows"] for stop in one["stops"]} == {"HIPAA-BA-01"}
    assert [one["id"] for one in run("register", "--practice", "ROCK", "--standing", "active", status=0)] == [made]
    assert run("exclusions", status=1)["list"] is None
    published = tmp_path / "UPDATED.csv"
    published.write_bytes(leie({"LASTNAME": "ROCKLAND", "FIRSTNAME": "MARA"}))
    found = run("exclusions", str(published), status=1)
    assert (found["list"]["count"], {one["what"] for one in found["matches"]}) == (
        1, {"party of Medical director", "clinician"}
    )  # fmt: skip
    published.write_text("payee,amount\n", encoding="utf-8")
    assert run("exclusions", str(published), status=2)["faults"] == ["Line 1: the column LASTNAME is missing."]
    file.write_text("payee,amount\nx,?\n", encoding="utf-8")
    assert run("check", str(file), "--practice", "ROCK", status=2)["faults"][0].startswith("Line 2, amount")
