"""The words of a filter: forgiving to read, canonical to write, and nothing breaks them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.platform.ui import query
from openmso.platform.ui.contracts import Filter, Filters, Term

KNOWN = (
    Filter("is", "Status", choices=(("denied", "Denied"), ("paid", "Paid"))),
    Filter("payer", "Payer", choices=(("bcbs", "Blue Cross"), ("aetna", "Aetna"))),
    Filter("open", "Open", "money"),
    Filter("due", "Due", "day"),
    Filter("visits", "Visits", "count"),
    Filter("name", "Name", "text"),
    Filter("urgent", "Urgent", "flag"),
)


def terms(text: str) -> list[tuple[str, str, object]]:
    filters, problems = query.read(text, KNOWN)
    assert problems == ()
    return [(term.key, term.op, term.value) for term in filters.terms]


def test_terms_are_read_with_their_types() -> None:
    assert terms("is:denied open:>40.5 due:<=2026-11-20 visits:3 is:urgent") == [
        ("is", "=", "denied"),
        ("open", ">", Decimal("40.5")),
        ("due", "<=", date(2026, 11, 20)),
        ("visits", "=", 3),
        ("urgent", "=", True),
    ]


def test_a_choice_may_be_named_by_its_label_and_several_at_once() -> None:
    assert terms('payer:"blue cross" payer:AETNA is:denied,paid') == [
        ("payer", "=", "bcbs"),
        ("payer", "=", "aetna"),
        ("is", "=", "denied"),
        ("is", "=", "paid"),
    ]


def test_a_range_is_two_terms() -> None:
    assert terms("due:2026-11-01..2026-11-30") == [
        ("due", ">=", date(2026, 11, 1)),
        ("due", "<=", date(2026, 11, 30)),
    ]


def test_the_rest_is_free_text() -> None:
    filters, _ = query.read("okafor is:denied rockland", KNOWN)

    assert filters.text == "okafor rockland"


@pytest.mark.parametrize("text", ["open:lots", "open:NaN", "due:tomorrow", "visits:2.5", "payer:nobody", "colour:red"])
def test_what_is_not_understood_is_a_problem_in_words(text: str) -> None:
    filters, problems = query.read(text, KNOWN)

    assert filters.terms == ()
    assert len(problems) == 1


def test_what_is_too_long_says_that_something_is_left_out() -> None:
    filters, problems = query.read("is:paid " + "word " * 300, KNOWN)

    assert [term.value for term in filters.terms] == ["paid"]
    assert "left out" in problems[0]


@given(st.text(max_size=600))
def test_no_text_breaks_the_reader_and_writing_is_a_fixed_point(text: str) -> None:
    filters, _ = query.read(text, KNOWN)
    written = query.write(filters, KNOWN)

    again, _ = query.read(written, KNOWN)

    assert query.write(again, KNOWN) == written


TERMS = st.lists(
    st.one_of(
        st.sampled_from(["denied", "paid"]).map(lambda v: Term("is", "=", v, v)),
        st.builds(
            lambda op, n: Term("visits", op, n, str(n)),
            st.sampled_from(["=", "<", "<=", ">", ">="]),
            st.integers(0, 999),
        ),
        st.dates().map(lambda d: Term("due", ">=", d, d.isoformat())),
    ),
    max_size=5,
    unique=True,
)


@given(TERMS, st.lists(st.sampled_from(["okafor", "rockland", "x"]), max_size=3))
def test_what_is_written_reads_back_the_same(chosen: list[Term], words: list[str]) -> None:
    filters = Filters(tuple(chosen), " ".join(words))

    again, problems = query.read(query.write(filters, KNOWN), KNOWN)

    assert problems == ()
    assert set(again.terms) == set(filters.terms)
    assert again.text == filters.text


def test_removing_a_chip_leaves_the_others() -> None:
    filters, _ = query.read("is:denied open:>40 okafor", KNOWN)

    chips = list(query.chips(filters, KNOWN))

    assert [(chip.label, chip.words) for chip in chips] == [
        ("Status", "Denied"),
        ("Open", "over 40.00"),
        ("Search", "okafor"),
    ]
    assert chips[0].without == "open:>40 okafor"


def test_a_form_asks_keys_anew_and_leaves_the_words() -> None:
    filters, _ = query.read("is:paid open:>=10 okafor", KNOWN)

    merged, problems = query.merged(
        filters, [(KNOWN[0], "", ["denied"]), (KNOWN[2], ">=", [""]), (KNOWN[2], "<=", ["99"])]
    )

    assert problems == ()
    assert query.write(merged, KNOWN) == "is:denied open:<=99 okafor"
