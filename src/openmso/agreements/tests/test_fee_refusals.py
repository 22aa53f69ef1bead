"""Bad terms are refused by the name of the field, with the fix."""

from __future__ import annotations

from typing import Any

import pytest

from openmso.agreements.fees import asking
from openmso.agreements.fees.terms import BadTerms
from openmso.kit.errors import Refused

PERCENT: dict[str, Any] = {"kind": "percent", "rate": "12.5%", "of": "net_collections"}
BANDS: dict[str, Any] = {"kind": "tiers", "how": "marginal", "of": "net_collections"}
GOOD: dict[str, Any] = {
    "terms": {"period": "month", "components": [PERCENT]},
    "period": "2026-03",
    "inputs": {"net_collections": "100.00"},
}


HUGE: dict[str, Any] = {"kind": "per_unit", "unit": "claim", "price": "999999999999"}


def changed(**terms: Any) -> dict[str, Any]:
    return GOOD | {"terms": GOOD["terms"] | terms}


def one(**component: Any) -> dict[str, Any]:
    return changed(components=[PERCENT | component])


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ([], ""),
        ({"period": "2026-03", "inputs": {}}, "terms"),
        (GOOD | {"surprise": 1}, "surprise"),
        (GOOD | {"period": "March"}, "period"),
        (GOOD | {"period": "2026-Q5"}, "period"),
        (GOOD | {"period": {"starts_on": "2026-03-01", "ends_on": "2026-02-01"}}, "period.ends_on"),
        (GOOD | {"inputs": {"net_collections": 12.5}}, "inputs.net_collections"),
        (GOOD | {"inputs": {"net_collections": "NaN"}}, "inputs.net_collections"),
        (GOOD | {"inputs": {"net_collections": True}}, "inputs.net_collections"),
        (GOOD | {"inputs": {}}, "inputs.net_collections"),
        (GOOD | {"inputs": {"net_collections": {"a": "1", "b": "x"}}}, "inputs.net_collections.b"),
        (GOOD | {"inputs": {"net_collections": "1e99"}}, "inputs.net_collections"),
        (changed(components=[HUGE]) | {"inputs": {"claims": "999999999999"}},
         "inputs"),
        (GOOD | {"paid": "1.005"}, "paid"),
        (changed(schema=2), "terms.schema"),
        (changed(period="fortnight"), "terms.period"),
        (changed(period="day"), "terms.period"),
        (changed(components=[]), "terms.components"),
        (changed(components={}), "terms.components"),
        (changed(components=[{"kind": "magic"}]), "terms.components[0].kind"),
        (changed(minumum="1"), "terms.minumum"),
        (changed(minimum="-1.00"), "terms.minimum"),
        (changed(minimum="1.005"), "terms.minimum"),
        (changed(minimum={"amount": "1", "per": "week"}), "terms.minimum.per"),
        (changed(minimum="13000", cap={"amount": "120000", "per": "year"}), "terms.minimum"),
        (changed(minimum="2", fmv_cap="1"), "terms.minimum"),
        (changed(order=["cap"]), "terms.order"),
        (changed(order=["cap", "fmv_cap", "minimum", "credits"]), "terms.order"),
        (changed(credits=[{"count": "missed", "rate": "200%"}]), "terms.credits[0].rate"),
        (changed(words={"net_collections": 3}), "terms.words.net_collections"),
        (one(rate="12.5"), "terms.components[0].rate"),
        (one(rate="a lot"), "terms.components[0].rate"),
        (one(of={"name": "x", "rate": "26.2"}), "terms.components[0].of.rate"),
        (changed(components=[{"kind": "flat", "amount": "6,40"}]), "terms.components[0].amount"),
        (one(rate=None), "terms.components[0].rate"),
        (one(rate=[]), "terms.components[0].rate"),
        (one(rate=[{"from": "2026-05-01", "rate": "1%"}]), "components"),
        (one(of=None), "terms.components[0].of"),
        (one(of={"name": "x", "include": ["a"], "exclude": ["a"]}), "terms.components[0].of.exclude"),
        (one(of={"plus": []}), "terms.components[0].of.plus"),
        (one(exclude=["medicaid"]), "inputs.net_collections"),
        (changed(components=[BANDS | {"bands": []}]), "terms.components[0].bands"),
        (changed(components=[BANDS | {"bands": [{"up_to": "5", "rate": "1%"}]}]), "terms.components[0].bands"),
        (
            changed(components=[BANDS | {"bands": [{"up_to": "9", "rate": "1%"}, {"up_to": "5", "rate": "1%"},
                                                   {"rate": "0"}]}]),
            "terms.components[0].bands",
        ),
        (changed(components=[{"kind": "flat", "amount": "-1"}]), "terms.components[0].amount"),
        (changed(components=[{"kind": "per_unit", "unit": "claim", "price": "-1"}]), "terms.components[0].price"),
        (changed(components=[{"kind": "per_unit", "unit": "claim", "price": "1", "count": "lost"}]), "inputs.lost"),
        (changed(components=[{"kind": "lesser_of", "of": [PERCENT]}]), "terms.components[0].of"),
        (
            changed(components=[{"kind": "lesser_of", "of": [PERCENT, {"kind": "lesser_of", "of": []}]}]),
            "terms.components[0].of[1].kind",
        ),
        (changed(components=[{"kind": "cost_plus", "costs": []}]), "terms.components[0].costs"),
        (changed(components=[PERCENT] * 51), "terms.components"),
    ],
)  # fmt: skip
def test_bad_terms_name_the_field(question: Any, field: str) -> None:
    with pytest.raises(Refused) as refused:
        asking.question_of(question).answer()

    assert refused.value.field == field
    assert refused.value.sentence


def test_a_refusal_says_what_to_do() -> None:
    with pytest.raises(BadTerms) as refused:
        asking.question_of(one(rate="12.5")).answer()

    assert refused.value.fix == 'Write 12.5% as "12.5%" or "0.125".'
