"""The scope matrix: tasks from the catalogue into a draft, refused in words, signed, compared, read by the practice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from openmso.agreements import rules, termsheet, testing
from openmso.agreements.contracts import Draft
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.paper import clauses as written
from openmso.agreements.paper import text
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import tasks as asking
from openmso.agreements.services import drafting, execution, tasks
from openmso.agreements.tasks import volumes
from openmso.agreements.tasks.catalogue import BadTask
from openmso.agreements.tasks.contracts import Task, TaskLevel, Volume, VolumeBand, Who
from openmso.agreements.testing import NOW, Cast, builder, signers
from openmso.agreements.tests.test_rules import TERMS
from openmso.kit import clock
from openmso.kit.errors import Conflict
from openmso.kit.money import Money
from openmso.kit.periods import DayRange
from openmso.platform.access.contracts import NotAllowed
from openmso.platform.access.registry import LINES
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import atomic, scope
from openmso.platform.ui.contracts import Filters, PageAsk

pytestmark = pytest.mark.django_db
APRIL, JUNE = date(2026, 4, 1), date(2026, 6, 1)
SENDING = "billing.send"
SENT = {"kind": "per_unit", "unit": "claim", "price": "6.40", "for": SENDING}


def amended(cast: Cast) -> Draft:
    terms = replace(cast.agreement.terms, tasks=(), fee=terms_of({"period": "month", "components": [SENT]}))
    return drafting.amend(actor=builder(NOW), agreement=cast.agreement.agreement, starts_on=APRIL, terms=terms, at=NOW,
                          summary="A scope matrix")  # fmt: skip


def put(cast: Cast, changed: Sequence[Task], **more: Any) -> Draft:
    return tasks.set_scope(actor=builder(NOW), agreement=cast.agreement.agreement, tasks=changed, at=NOW, **more)


def having(found: Sequence[Task], code: str, **changes: Any) -> list[Task]:
    return [replace(one, **changes) if one.code == code else one for one in found]


def test_a_matrix_is_drafted_refused_in_words_signed_compared_and_read_by_its_practice(cast: Cast) -> None:
    with scope(practices=[cast.rockland.id, cast.mso.id]), atomic.open():
        draft = amended(cast)
        mine = draft.terms.tasks
        assert {one.line for one in mine} == {line.code for line in draft.terms.lines}
        days = mine[0].days
        half, rest = DayRange(days.starts_on, JUNE), DayRange(JUNE, days.ends_on)
        for wrong, words in (
            (having(mine, "coding.final", decides=Who.MSO), "reserved to the practice \\(RD09\\)"),
            (having(mine, "coding.final", decides=Who.BOTH), "not both together"),
            (having(mine, "purchasing.clinical", approves=Who.MSO), "nobody else approves it"),
            (having(mine, SENDING, does=Who.NOBODY), "nobody does it"),
            (having(mine, SENDING, does=Who.OUTSIDE), "no name"),
            (having(mine, SENDING, days=DayRange(date(2031, 1, 1), date(2031, 1, 1))), "on no day"),
            ([*mine, replace(mine[0])], "in scope twice"),
            (having(mine, SENDING, volume=Volume((VolumeBand(1, 500), VolumeBand(502, 800)))), "without a gap"),
            (having(mine, SENDING, level=TaskLevel("claims.rejected", Decimal(95), Decimal("0.02"))), "no clock of"),
            ([one for one in mine if one.line != "denials"], "Denials and appeals has no task"),
        ):
            with pytest.raises(BadTask, match=words):
                put(cast, wrong)
        late = TaskLevel("claims.held", Decimal(95), Decimal("0.02"))
        volume = Volume((VolumeBand(1, 500), VolumeBand(501, 800, Money.of("4.00"))), Money.of("3.50"))
        kept = having(mine, SENDING, days=half, volume=volume, level=late)
        outside = replace(next(one for one in mine if one.code == SENDING), days=rest, does=Who.OUTSIDE,
                          outside="Acme Clearing")  # fmt: skip
        put(cast, [*kept, outside])
        with pytest.raises(Conflict, match="changed meanwhile"):
            put(cast, mine, as_of=NOW.replace(year=2020))
        version = execution.execute(actor=builder(NOW), agreement=cast.agreement.agreement, document=testing.pdf("two"),
                                    signers=signers(NOW), at=NOW)  # fmt: skip
        assert set(version.terms.tasks) == {*kept, outside}
        first = next(one for one in queries.agreement(version.agreement).versions if one.number == 1)
        changed = {one.what: one.after for one in rules.difference(first.terms, version.terms)}
        said = changed["Billing and claims: tasks"]
        for words in ("Acme Clearing does", "1 to 500 within the fee, 501 to 800 at $4.00 each", "gives back 2%"):
            assert words in said
        assert set(changed) == {"Fee", "Billing and claims: tasks"}
        spans = text.side_by_side(*(
            written.filled("As follows: {tasks}", written.values_of(terms, state="ME", starts_on=APRIL))
            for terms in (draft.terms, version.terms)
        ))[1]  # fmt: skip
        otherwise = [one.words for one in spans if one.is_changed]
        assert any("Acme" in words for words in otherwise)
        assert not any("Denials and appeals" in words for words in otherwise)
        assert written.values_of(replace(TERMS, tasks=()), state="ME", starts_on=APRIL)["tasks"].startswith("no tasks")
    with cast.scope(cast.rockland), atomic.open():
        page = PageAsk(size=200, sort="practice_name")
        rows = asking.listing(filters=Filters(), page=page, on=date(2026, 7, 1)).rows
        (now,) = [one for one in rows if one.code == SENDING and one.standing == "now"]
        assert (now.does, now.outside, now.practice_code) == (Who.OUTSIDE, "Acme Clearing", "ROCK")
    with cast.scope(cast.rival), atomic.open():
        theirs = asking.listing(filters=Filters(), page=page, on=date(2026, 7, 1)).rows
        assert {one.practice_code for one in theirs} == {"RIVAL"}


def test_an_office_keeps_tasks_of_its_own_and_cannot_take_a_reserved_decision(cast: Cast) -> None:
    user = testing.person("cora@harborridge.example", "Cora", practice=cast.mso.id, role="compliance_officer", at=NOW)
    cora, ana = cast.actor(user), cast.actor(cast.ana)
    own = {"code": "denials.calls", "line": "denials", "words": "Call payers about denials", "does": "mso",
           "decides": "mso"}  # fmt: skip
    with scope(practices=[cast.rockland.id, cast.mso.id]), atomic.open():
        write = {"mso": cast.mso.id, "at": NOW}
        with pytest.raises(BadTask, match="reserved to the practice"):
            tasks.write(actor=cora, given=own | {"reserved": "RD13"}, why="x", **write)
        with pytest.raises(NotAllowed):
            tasks.write(actor=ana, given=own, why="mine", **write)
        assert tasks.write(actor=cora, given=own, why="Rockland asked for it", **write) == 1
        assert "denials.calls" in {one.code for one in amended(cast).terms.tasks}
        tasks.withdraw(actor=cora, code="denials.calls", why="Nobody calls any more", **write)
        assert "denials.calls" not in {one.code for one in asking.known()}
        assert [one.number for one in asking.versions("denials.calls")] == [2, 1]


@pytest.fixture
def kate(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for practice in (cast.mso.id, cast.rockland.id):
        user = testing.person("kate@harborridge.example", "Kate", practice=practice, role="mso_executive", at=NOW)
    return signed_in(user)


def test_the_matrix_is_a_table_of_fields_and_a_list_with_filters_and_export(cast: Cast, kate: Client) -> None:
    agreement = cast.agreement.agreement
    with scope(practices=[cast.rockland.id, cast.mso.id]):
        amended(cast)
    place = reverse("agreements:scope-change", args=[agreement])
    shown = kate.get(place).context["form"]
    values = {name: shown[name].value() for name in shown.fields}
    values = {name: value for name, value in values.items() if value not in (None, False, "")}
    at = next(i for i, (task, _) in enumerate(shown.offered) if task.code == SENDING)
    bad = kate.post(place, values | {f"volume_{at}": "many"})
    assert (bad.status_code, "is no band" in bad.content.decode()) == (422, True)
    kept = kate.post(place, values | {f"volume_{at}": "1-500 included; above at 3.50", f"to_{at}": "2026-05-31"})
    assert kept.status_code == 303, kept.context["form"].errors
    again = kate.get(place).context["form"]
    (follows,) = [task for task, is_in in again.offered if task.code == SENDING and not is_in]
    assert follows.days.starts_on == JUNE
    stale = kate.post(place, values | {"as_of": "2026-01-01T00:00:00+00:00"})
    assert (stale.status_code, "changed meanwhile" in stale.content.decode()) == (422, True)
    page = kate.get(reverse("agreements:scope-of", args=[agreement])).content.decode()
    assert "each one above at $3.50" in page
    ana = signed_in(cast.ana)
    listed = ana.get(
        reverse("agreements:scope"), {"q": "practice:rock decides:practice line:coding_support", "export": "csv"}
    )
    told = b"".join(listed.streaming_content).decode() if listed.streaming else listed.content.decode()
    assert "Decide the codes of a visit" in told
    assert "Sample coded visits" not in told
    assert signed_in(cast.theo).get(reverse("agreements:scope-of", args=[agreement])).status_code == 404
    assert ana.get(place).status_code == 403


def test_the_matrix_by_api(cast: Cast, kate: Client) -> None:
    agreement = cast.agreement.agreement
    with scope(practices=[cast.rockland.id, cast.mso.id]):
        amended(cast)
    known = kate.get("/api/scope-tasks").json()
    lines = {line.code for line in cast.agreement.terms.lines}
    body = {"tasks": [{"code": one["code"]} for one in known if one["line"] in lines]}
    volume = {"bands": [{"first": 1, "last": 500}], "above": "3.50"}
    sent = [one | {"volume": volume} if one["code"] == SENDING else one for one in body["tasks"]]
    done = kate.put(f"/api/agreements/{agreement}/draft/scope", {"tasks": sent}, "application/json")
    assert done.status_code == 200, done.content
    (told,) = [one for one in done.json()["tasks"] if one["code"] == SENDING]
    assert (told["volume"]["above"], told["standing"]) == ("3.50", "now")
    taken = [one | {"decides": "mso"} if one["code"] == "coding.final" else one for one in sent]
    no = kate.put(f"/api/agreements/{agreement}/draft/scope", {"tasks": taken}, "application/json")
    assert (no.status_code, no.json()["field"]) == (422, "tasks")
    own = {"line": "denials", "words": "Call payers", "does": "mso", "decides": "practice", "why": "Asked for"}
    assert kate.put("/api/scope-tasks/denials.calls", own, "application/json").json()["number"] == 1
    assert signed_in(cast.theo).get(f"/api/agreements/{agreement}/scope").status_code == 404
    rows = signed_in(cast.ana).get("/api/scope", {"practice": "ROCK"}).json()["items"]
    assert {one["practice"] for one in rows} == {"ROCK"}


def test_the_catalogue_of_the_house_is_whole() -> None:
    known = asking.known()
    assert {one.line for one in known} == set(LINES)
    assert len({one.code for one in known}) == len(known)
    assert {one.reserved for one in known if one.reserved} <= set(rules.RESERVED)


@st.composite
def bands(draw: st.DrawFn) -> Volume:
    below, made = 0, []
    for _ in range(draw(st.integers(1, 4))):
        last = below + draw(st.integers(1, 900))
        price = draw(st.none() | st.decimals("0.00", "99.99", places=2).map(Money))
        made.append(VolumeBand(below + 1, last, price))
        below = last
    return Volume(tuple(made), draw(st.none() | st.decimals("0.00", "99.99", places=2).map(Money)))


@given(volume=bands(), gap=st.integers(1, 9))
def test_a_volume_is_read_as_it_is_written_and_a_gap_is_told(volume: Volume, gap: int) -> None:
    assert volumes.parsed(volumes.written(volume)) == volume
    assert not list(volumes.faults(volume))
    task = Task(SENDING, "revenue_cycle", "Send", DayRange(APRIL), Who.MSO, Who.MSO, volume=volume)
    terms = termsheet.from_json(termsheet.to_json(replace(TERMS, tasks=(task,))))
    assert terms.tasks == (task,)
    last = volume.bands[-1]
    holed = replace(volume, bands=(*volume.bands, VolumeBand(last.last + 1 + gap, last.last + 2 + gap)))
    assert "without a gap" in next(volumes.faults(holed))[0]
