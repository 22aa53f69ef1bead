"""Fees of other bases than collections: what the books know by name opens to its lines; what a fee names is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from openmso.agreements import testing as agreements
from openmso.agreements.fees import naming
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.services import drafting
from openmso.agreements.services.drafting import BadDraft
from openmso.kit import clock
from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts, EntryDraft, credit, debit
from openmso.ledger.services import posting
from openmso.platform.access.contracts import Actor
from openmso.platform.access.duties import SamePerson
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.work import queries as work
from openmso.remittances.tests.office import MARCH
from openmso.settlement import ahead, formulas, queries
from openmso.settlement.contracts.figures import Figure
from openmso.settlement.models import EnteredFigure
from openmso.settlement.queries import entered
from openmso.settlement.services import FigureWaits, entering
from openmso.settlement.services.entering import BadFigure
from openmso.settlement.tests.desk import Desk, desk_beside, medicaid
from openmso.settlement.tests.test_stories import month

EARNINGS = {"kind": "percent", "rate": "20%", "of": "pde"}
COSTS = {"kind": "cost_plus", "costs": [{"name": "payroll", "markups": ["10%"]}, "rent"]}
GROSS = {"kind": "percent", "rate": "1%", "of": "gross_charges", "exclude": [" Government "]}


def spent(desk: Desk, *costs: tuple[str, str, date]) -> None:
    """Expenses of a practice, paid from its account: account, amount, day."""
    entries = [
        EntryDraft(desk.house.entity.id, on, "Bills", (debit(account, Money.of(amount)),
                   credit(Accounts.OPERATING_CASH, Money.of(amount))), key=f"testing:{account}:{on}")
        for account, amount, on in costs
    ]  # fmt: skip
    with desk.scope():
        posting.post(actor=desk.office.actor, entries=entries, at=desk.at)


@pytest.mark.usefixtures("committed")
def test_a_fee_of_what_the_books_earned_and_spent_opens_to_its_lines(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pine = desk_beside(desk, month(EARNINGS, COSTS, GROSS))
    pine.paid("10000.00")  # of 14,000 charged
    pine.paid("9000.00", payer=medicaid(desk.cast))
    day = date(2026, 3, 20)
    spent(pine, (Accounts.WAGES, "5000.00", day), (Accounts.RENT, "3000.00", day),
          (Accounts.PHYSICIAN_PAY, "4000.00", day), (Accounts.RENT, "3000.00", date(2026, 4, 1)))  # fmt: skip
    with pine.scope(), reading():
        told = ahead.of_practice(pine.house.id, MARCH, at=pine.at)

    one = pine.settle()

    # 20% of 19,000 less 8,000; 5,500 and 3,000; 1% of what was charged to payers that are no government's
    charged = told.figures["gross_charges"]
    assert {kind: str(amount) for kind, amount in charged.items()} == {"commercial": "28000.00"}
    assert str(one.fee) == str(told.fee) == "10980.00"
    with pine.scope(), reading():
        for name, figure in (("pde", "11000.00"), ("payroll", "5000.00"), ("rent", "3000.00")):
            given = queries.given(one.public_id, name, "other")
            sums = queries.behind(given, PageAsk(size=200)).totals
            net = sums["debit"] - sums["credit"]  # type: ignore[operator]
            assert str(given.amount) == figure == str(net if formulas.BY_NAME[name].sign > 0 else -net)
    monkeypatch.setattr(clock, "now", lambda: pine.at)
    elena = signed_in(desk.elena)
    fee = elena.get(f"/statements/{one.public_id}/fee/").content.decode()
    assert "before pay of physicians and the management fee" in fee
    for way in re.findall(rf'href="(/statements/{one.public_id}/fee/pde/other/)"', fee):
        assert "11,000.00" in elena.get(way).content.decode()
    lines = elena.get("/statements/ahead/2026-03/PINE/payroll/other/").content.decode()
    assert ("5,000.00" in lines, "Payroll" in lines) == (True, True)
    assert signed_in(desk.cast.theo).get(f"/statements/{one.public_id}/fee/pde/other/").status_code == 404


@pytest.mark.parametrize(
    ("component", "words", "fix"),
    [
        ({"kind": "percent", "rate": "6%", "of": "net_colections"}, "names net_colections", "Write net_collections"),
        ({"kind": "cost_plus", "costs": ["call_center"]}, "neither books nor counts", '{"call_center": "the invoice'),
        ({"kind": "percent", "rate": "6%", "of": "net_collections", "exclude": ["drugs"]}, "not by “drugs”",
         "a figure that people enter"),
        ({"kind": "percent", "rate": "6%", "of": "net_collections", "exclude": ["medicaidd"]}, "not by “medicaidd”",
         "Write medicaid"),
        ({"kind": "percent", "rate": "6%", "of": "pde", "include": ["medicaid"]}, "as one figure", "people enter"),
    ],
)  # fmt: skip
def test_what_a_fee_names_and_nobody_could_give_is_told_with_what_was_meant(
    component: dict[str, Any], words: str, fix: str
) -> None:
    (fault,) = naming.faults(terms_of(month(component)))

    assert words in fault.sentence
    assert fix in fault.fix


def named(faults: Sequence[Any]) -> list[str]:
    return [fault.sentence for fault in faults]


@pytest.mark.django_db
def test_a_draft_of_such_a_fee_is_refused_and_what_people_enter_is_named_once(desk: Desk) -> None:
    cost = {"kind": "cost_plus", "costs": ["call_center"]}
    declared = terms_of(month(cost, entered={"call_center": "the invoice of the vendor"}))
    known, unused = month(COSTS, entered={"rent": "the lease"}), month(COSTS, entered={"towels": "a receipt"})
    drugs = {"plus": ["net_collections"], "minus": ["collections_of_drugs"]}
    without = month({"kind": "percent", "rate": "6%", "of": drugs}, entered={"collections_of_drugs": "the report"})

    assert named(list(naming.faults(declared))) == named(list(naming.faults(terms_of(without)))) == []
    assert naming.entered(declared) == ("call_center",)
    assert "knows it by itself" in named(list(naming.faults(terms_of(known))))[0]
    assert "no part of the fee uses it" in named(list(naming.faults(terms_of(unused))))[0]
    with desk.scope(), reading():
        terms = desk.cast.agreement.terms
    with desk.scope(), pytest.raises(BadDraft, match="names call_center"):
        drafting.amend(
            actor=desk.actor, agreement=desk.cast.agreement.agreement, starts_on=date(2026, 5, 1),
            terms=replace(terms, fee=terms_of(month(cost))), at=desk.at, summary="Another fee",
        )  # fmt: skip


CALLS = {"kind": "cost_plus", "costs": [{"name": "call_center", "markups": ["10%"]}]}
ENTERED = {"call_center": "the payroll report of the call center"}


def on_desk(desk: Desk, who: Actor, amount: str, **more: Any) -> Figure:
    with desk.scope():
        return entering.enter(
            actor=who, practice=desk.house.id, month=MARCH, name="call_center", amount=Decimal(amount), at=desk.at,
            **more,
        )  # fmt: skip


@pytest.mark.usefixtures("committed")
def test_a_figure_that_no_book_knows_is_entered_with_evidence_confirmed_by_another_and_opened_from_the_fee(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pine = desk_beside(desk, month(CALLS, entered=ENTERED), since=date(2026, 3, 16))
    ora = agreements.person("ora@pine.example", "Dr. Ora Pine", practice=pine.house.id, role="practice_owner",
                            at=pine.cast.at)  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: pine.at)
    elena, owner = signed_in(desk.elena), signed_in(ora)
    way = "/statements/figures/enter/PINE/2026-03/call_center/"

    with pytest.raises(FigureWaits, match="waits for call center of March 2026, which nobody has entered"):
        pine.settle()
    shown = elena.post("/statements/settle/", {"practice": str(pine.house.id), "month": "2026-03"})
    assert (shown.status_code, way in shown.content.decode()) == (422, True)
    assert way in elena.get("/statements/ahead/2026-03/PINE/").content.decode()
    assert way in elena.get("/statements/figures/of/PINE:2026-03/").content.decode()
    with pine.scope(), reading():
        waits = entered.missing([pine.house.id], MARCH)
    with pine.scope():
        entering.ask(waits=waits, at=pine.at)
        entering.ask(waits=waits, at=pine.at)
    with pine.scope(), reading():
        (item,) = work.open_for(("settlement.fee_figures", "PINE:2026-03"), at=pine.at)
        assert item.title == "Figures of March 2026 to enter: call center"

    with pytest.raises(BadFigure, match="Say what shows it"):
        on_desk(pine, pine.actor, "1000.00")
    with pine.scope(), pytest.raises(BadFigure, match="asks people for call_centre"):
        entering.enter(actor=pine.actor, practice=pine.house.id, month=MARCH, name="call_centre",
                       amount=Decimal(1), shown_by="A report", at=pine.at)  # fmt: skip
    report = SimpleUploadedFile("report.pdf", agreements.pdf("Report").content, "application/pdf")
    sent = elena.post(way, {"amount": "1000.00", "shown_by": "", "paper": report})
    first = sent.url.split("/")[-2]
    with pytest.raises(SamePerson), pine.scope():
        entering.confirm(actor=pine.actor, figure=first, at=pine.at)
    with pytest.raises(FigureWaits, match="Elena Vass entered it, and somebody else has to confirm it"):
        pine.settle()
    with pytest.raises(BadFigure, match=r"entered 1,000\.00 already"):
        on_desk(pine, pine.actor, "1240.00", shown_by="The report, second page")
    second = on_desk(pine, pine.actor, "1240.00", shown_by="The report, second page", why="A page was missing")
    with pine.scope(), pytest.raises(BadFigure, match="corrected since"):
        entering.confirm(actor=pine.cast.actor(ora, at=pine.at), figure=first, at=pine.at)
    done = owner.post(f"/statements/figures/{second.public_id}/confirm/")
    assert done.status_code in {302, 303}, done.content

    one = pine.settle()

    assert str(one.fee) == "704.00"  # 1,240.00 of 31 days: 640.00 of the 16 in force, and 10%
    with pine.scope(), reading():
        assert str(ahead.of_practice(pine.house.id, MARCH, at=pine.at).fee) == "704.00"
        about = (("settlement.fee_figure", second.public_id), ("settlement.fee_figures", "PINE:2026-03"))
        assert [work.open_for(subject, at=pine.at) for subject in about] == [[], []]
    fee = elena.get(f"/statements/{one.public_id}/fee/").content.decode()
    assert f'href="/statements/figures/{second.public_id}/"' in fee
    page = owner.get(f"/statements/figures/{second.public_id}/").content.decode()
    assert ("1,240.00" in page, first in page, one.invoice in page, "A page was missing" in page) == (True,) * 4
    assert "DOC-" in owner.get(f"/statements/figures/{first}/").content.decode()
    rows = b"".join(elena.get("/statements/figures/?export=csv&q=call").streaming_content).decode()  # type: ignore[attr-defined]
    assert rows.count("Pine Clinic") == 2
    api = elena.get("/api/fee-figures?practice=PINE&state=confirmed").json()["items"]
    assert [(row["amount"], row["confirmed_by"]) for row in api] == [("1240", "Dr. Ora Pine")]
    theo = signed_in(desk.cast.theo)
    assert theo.get(f"/statements/figures/{second.public_id}/").status_code == 404
    assert theo.get(way).status_code in {403, 404}
    with pine.scope(), atomic.open(), pytest.raises(IntegrityError, match="corrections_of_figures_say_why"):
        EnteredFigure.objects.create(
            practice_id=pine.house.id, month=MARCH.first, name="call_center", number=3, amount=1, shown_by="x",
            entered_at=pine.at, entered_by="x", entered_user="x",
        )  # fmt: skip
