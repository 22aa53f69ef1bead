"""Other terms on months that are over: the invoice comes out again, what is not known is asked for, the break-even."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from openmso.agreements.fees.reading import terms_of
from openmso.kit import clock
from openmso.kit.money import Money
from openmso.parties.services import practices
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading
from openmso.remittances.tests.office import MARCH
from openmso.settlement import comparing, restating
from openmso.settlement.comparing import FiguresMissing
from openmso.settlement.contracts import Agreed, Restatement
from openmso.settlement.tests.desk import Desk, desk_beside, medicaid

FLAT = {"kind": "flat", "amount": "3100.00", "per": "month"}
PERCENT = {"kind": "percent", "rate": "6%", "of": "net_collections", "exclude": ["medicaid"]}
TIERS = {"kind": "tiers", "how": "marginal", "of": "net_collections", "per": "month",
         "bands": [{"up_to": "15000.00", "rate": "8%"}, {"rate": "6.5%"}]}  # fmt: skip
CLAIMS = {"kind": "per_unit", "unit": "claim", "count": "claims", "price": "9.50"}
LATE = {"words": "item that we touched late", "count": "late_items", "rate": "5%", "cap": "20%"}
COSTS = {"kind": "cost_plus", "costs": [{"name": "purchasing"}, {"name": "leases", "markups": ["10%"]}],
         "markups_combine": "additive"}  # fmt: skip
MAY = datetime(2026, 5, 4, 14, tzinfo=UTC)


def month(*components: dict[str, Any], **limits: Any) -> dict[str, Any]:
    return {"period": "month", "components": list(components), **limits}


def restate(desk: Desk, terms: dict[str, Any], **more: Any) -> Restatement:
    with desk.scope(), reading():
        return restating.restate(practice=desk.house.id, terms=terms_of(terms), at=desk.at, **more)


@pytest.mark.django_db
@pytest.mark.parametrize("terms", [
    month(PERCENT, CLAIMS), month(TIERS, cap={"amount": "24000.00", "per": "year"}), month(FLAT, credits=[LATE]),
])  # fmt: skip
def test_a_month_under_its_own_terms_is_its_invoice_settled_or_not(desk: Desk, terms: dict[str, Any]) -> None:
    pine = desk_beside(desk, terms, since=date(2026, 3, 10))
    pine.paid("12345.67")
    pine.paid("8000.01", payer=medicaid(desk.cast))
    march = pine.settle()
    pine.at = MAY

    before = restate(pine, terms)
    april = pine.settle(MARCH.plus(1))
    after = restate(pine, terms)

    invoiced = [march.fee, april.fee]
    assert [one.agreed.amount for one in before.months] == [one.other.amount for one in before.months] == invoiced
    assert [one.agreed.amount for one in after.months] == [one.other.amount for one in after.months] == invoiced
    assert [str(step.effect) for step in after.months[0].other.steps] == [
        str(step.effect) for step in pine.statement(march).steps
    ]
    assert [one.settlement for one in before.months] == [march.public_id, ""]
    assert [one.settlement for one in after.months] == [march.public_id, april.public_id]
    assert (len(after.left_out), after.difference) == (10, Money.of(0))
    assert before.notes == ("Not settled yet, so from the books as they stand: April 2026.",)


@pytest.mark.django_db
def test_what_the_books_do_not_know_is_asked_for_by_name_and_never_guessed(desk: Desk) -> None:
    desk.settle()
    desk.at = MAY

    with pytest.raises(FiguresMissing, match="do not know purchasing and leases of April 2026") as no:
        restate(desk, month(COSTS), months=2, figures={"leases": {MARCH: Decimal(100)}})
    with pytest.raises(restating.CannotRestate, match="The books know claims themselves"):
        restate(desk, month(CLAIMS), figures={"claims": Decimal(9)})
    told = restate(
        desk, month(COSTS), months=2,
        figures={"purchasing": Decimal(1000), "leases": {MARCH: Decimal(100), MARCH.plus(1): Decimal(200)}},
    )  # fmt: skip
    drugs = restate(desk, month({**PERCENT, "exclude": ["drugs"]}))

    assert no.value.names == ("purchasing", "leases")
    assert [str(one.other.amount) for one in told.months] == ["1110.00", "1220.00"]
    assert "not by drugs: nothing is counted as that" in " ".join(drugs.notes)


@pytest.mark.django_db
def test_the_answer_has_an_address_that_is_sorted_taken_away_and_closed_to_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.paid("10000.00")
    desk.settle()
    monkeypatch.setattr(clock, "now", lambda: desk.at)
    elena, of = signed_in(desk.elena), [desk.cast.agreement.agreement]

    form = elena.get(reverse("settlement:what-if", args=of))
    asked = {"months": "12", "fee_json": "", "flat": "3100.00"}
    missing = elena.post(reverse("settlement:what-if", args=of), {"months": "12", "fee_json": json.dumps(month(COSTS))})
    sent = elena.post(reverse("settlement:what-if", args=of), asked)
    page = elena.get(sent.url)
    rows = b"".join(elena.get(f"{sent.url}?export=csv&sort=-difference").streaming_content).decode()
    api = elena.post(
        "/api/fee-restatements", {"practice": "ROCK", "terms": month(FLAT), "months": 1}, "application/json"
    )

    assert form.context["form"].initial["percent"] == "6"
    assert set(missing.context["form"].errors) == {"figure_purchasing", "figure_leases"}
    assert "The books do not know purchasing" in missing.content.decode()
    assert "Fee by net collections" in page.content.decode()
    assert page.context["found"].break_even.crossings[0].at == Decimal("51666.67")
    assert "1200.00" in rows
    assert "1900.00" in rows
    assert api.status_code == 200, api.content
    assert (api.json()["difference"], api.json()["break_even"]["crossings"][0]["at"]) == ("1900.00", "51666.67")
    assert elena.get(sent.url[:-9] + "/").status_code == 404
    assert "What if" in elena.get(reverse("settlement:what-if-panel", args=of)).content.decode()
    for somebody, status in ((desk.cast.priya, 403), (desk.cast.theo, 404)):
        assert _status(signed_in(somebody), sent.url) in {status, 403}


def test_where_a_rule_wants_another_kind_of_fee_the_flat_one_is_tried_and_drafted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.paid("10000.00")
    desk.settle()
    monkeypatch.setattr(clock, "now", lambda: desk.at)
    elena, of = signed_in(desk.elena), [desk.cast.agreement.agreement]
    panel = reverse("settlement:other-kind", args=of)
    assert "No rule asks for another kind" in elena.get(panel).content.decode()
    with desk.scope():
        house = desk.house.practice
        practices.change(
            actor=desk.office.actor, practice=house.id, name=house.name, specialty=house.specialty, state="CO",
            at=desk.at,
        )  # fmt: skip
    shown = elena.get(panel).content.decode()
    assert "GEN-FMV-02" in shown
    assert "“$1,200 a month”" in shown, "the mean of the one settled month"
    (beside,) = re.findall(r'href="(/statements/what-if/[^"]+/[^"]+/)"', shown)
    (draft,) = re.findall(r'href="(/agreements/[^"]+/amend/[^"]+)"', elena.get(beside).content.decode())
    form = elena.get(html.unescape(draft)).context["form"]
    (part,) = json.loads(form["fee_json"].value())["components"]
    assert (part["kind"], part["amount"]) == ("flat", "1200.00")
    assert elena.get(draft.split("?")[0] + "?fee=%7B").status_code == 422


def _status(browser: Client, url: str) -> int:
    return int(browser.get(url).status_code)


# ---- the break-even -------------------------------------------------------------------------------------------


def agreed(terms: dict[str, Any], collected: str = "30000.00", **more: Any) -> list[Agreed]:
    return [Agreed(MARCH, MARCH.range, terms_of(terms), {"net_collections": {"commercial": collected}, **more})]


@given(st.integers(1, 4_000), st.integers(10_000, 1_500_000))
def test_a_share_and_a_fixed_fee_meet_where_the_share_comes_to_it(per_myriad: int, cents: int) -> None:
    rate, flat = Decimal(per_myriad) / 10_000, Decimal(cents).scaleb(-2)
    share = month({"kind": "percent", "rate": str(rate), "of": "net_collections"})
    months = agreed(share)

    found = comparing.break_even(months, terms_of(month({**FLAT, "amount": str(flat)})), {})

    if flat / rate >= 300_000:
        assert not found.crossings
    elif flat / rate < 298_500:
        (one,) = found.crossings
        assert abs(one.at * rate - flat) <= Decimal("0.02")
        assert not one.more_above


def test_a_break_even_is_a_count_a_jump_or_words() -> None:
    claims = agreed(month(CLAIMS), claims=40)
    cliff = month({"kind": "tiers", "how": "cliff", "of": "net_collections", "per": "month",
                   "bands": [{"up_to": "20000.00", "rate": "4%"}, {"rate": "8%"}]})  # fmt: skip

    def words(months: list[Agreed], other: dict[str, Any]) -> str:
        return comparing.break_even(months, terms_of(other), {}).words

    assert words(claims, month({**FLAT, "amount": "950.00"})).startswith("At 100 of claims a month both fees are")
    jump = words(agreed(month({**PERCENT, "exclude": []})), cliff)
    assert "At $20,000.01 of net collections a month the fees pass each other ($1,200.00 as agreed" in jump
    assert "from there on the other terms cost more" in jump
    assert "always cost more" in words(claims, month({**CLAIMS, "price": "10.00"}, {**FLAT, "amount": "1.00"}))
    assert "the same in every whole month" in words(agreed(month(FLAT)), month({**FLAT, "amount": "1.00"}))
    assert "follow claims and net collections" in words(agreed(month(CLAIMS), claims=4), month(PERCENT))
