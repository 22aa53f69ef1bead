"""Claims of plain people, of whom the rules about people need not be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openmso.claims.rules import book, facts
from openmso.claims.rules.sheet import Cover, Human, Insurer, Place
from openmso.claims.tests.calling import is_plain
from openmso.claims.tests.test_rules import CLEAN, CONTEXT


@given(
    changes=st.fixed_dictionaries({}, optional={
        "patient": st.builds(
            Human, last=st.sampled_from(["LINDQVIST", "", "3", "O'Hara"]), first=st.sampled_from(["MARA", " "]),
            born_on=st.sampled_from([None, date(1980, 2, 3), date(2030, 1, 1)]), sex=st.sampled_from(["F", "U", ""]),
            address=st.builds(
                Place, st.sampled_from(["12 Harbor Road", ""]), st.just(""), st.sampled_from(["ROCKLAND", ""]),
                st.sampled_from(["ME", ""]), st.sampled_from(["048412217", "04841", "0484", "O4841", ""]),
            ),
        ),
        "cover": st.none() | st.builds(
            Cover, member_id=st.sampled_from(["1EG4TE5MK73", "W1", "W", "", " W1 "]), order=st.just("P"),
            relationship=st.sampled_from(["18", "01"]), starts_on=st.sampled_from([date(2020, 1, 1), date(2030, 1, 1)]),
            ends_on=st.sampled_from([None, date(2021, 1, 1)]),
        ),
        "payer": st.none() | st.builds(
            Insurer, name=st.just("Payer"), edi_id=st.sampled_from(["60054", "6", ""]), filing_days=st.just(365),
            kind=st.sampled_from(["commercial", "medicare"]), filing=st.sampled_from(["MB", "CI"]),
        ),
        "order": st.sampled_from("PS"), "control": st.sampled_from(["CLM-3D8WQ222", "", "X" * 21]),
    })
)  # fmt: skip
def test_of_plain_people_no_rule_about_people_has_anything_to_say(changes: dict[str, Any]) -> None:
    usual = replace(CLEAN, payer=replace(CLEAN.payer, kind="commercial", filing="CI"))
    of_people = [rule for rule in book.SCRUB if rule.only.when & facts.PEOPLE]
    sheet = replace(usual, **changes)
    said = [rule.code for rule in of_people for _ in rule.check(sheet, CONTEXT)]
    assert is_plain(usual)
    assert not (is_plain(sheet) and said), said
    assert len(of_people) == 12
