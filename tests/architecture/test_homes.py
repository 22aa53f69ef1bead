"""The home of every role: it tells something, and each figure is what the list behind it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from openmso.config.homes import HOMES
from openmso.config.roles import ROLES
from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.parties import testing as parties
from openmso.parties.testing import House
from openmso.platform.access import registry
from openmso.platform.access.contracts import Side
from openmso.platform.accounts import testing
from openmso.platform.tenancy.models import Tenant
from openmso.platform.ui import cells
from openmso.platform.ui import registry as ui
from openmso.platform.ui.tables import TableView
from openmso.platform.ui.tiles import Board, Figure, Tile
from openmso.simulator.network.cast import USERS

CODES = [role.code for role in ROLES]


def somebody(role: str, *codes: str) -> Client:
    """Somebody who holds a role in some tenants."""
    where = list(Tenant.objects.filter(code__in=codes))
    return testing.signed_in(testing.person(f"{role}@mine.example", "Me", **{role: where}))


def in_mine(role: str) -> Client:
    """Somebody who holds a role in the practice, and, of the MSO, in the MSO."""
    codes = ["MINE", "MMINE"] if registry.roles()[role].side is Side.MSO else ["MINE"]
    return somebody(role, *codes)


def boards(browser: Client) -> list[tuple[Tile, Board]]:
    """What a home page tells, its late parts asked for."""
    told = browser.get("/").context["tiles"]
    return [(tile, board or browser.get("/", {"tile": tile.key}).context["board"]) for tile, board in told]


def figures(board: Board) -> Iterator[Figure]:
    """Every figure of a board: its own, those of its stages and of its lines."""
    yield from board.figures
    for stage in board.stages:
        yield Figure(stage.label, stage.count, stage.url)
        yield Figure(stage.label, stage.amount, stage.url)
    for line in board.lines:
        yield from (cell for cell in line.cells if isinstance(cell, Figure))


def what_is_wrong(browser: Client, figure: Figure) -> str:
    """Why a figure is not what stands behind it; nothing when all is well."""
    answer = browser.get(figure.url)
    if answer.status_code != 200:
        return f"{figure.label}: {figure.url} answers {answer.status_code}"
    if isinstance(figure.value, str) or figure.value in set(sums(answer)):
        return ""
    text = cells.count_text(figure.value) if isinstance(figure.value, int) else cells.money_text(figure.value)
    return "" if text in answer.content.decode() else f"{figure.label}: {text} does not stand on {figure.url}"


def sums(answer: Any) -> Iterator[Money | Decimal | int]:
    """The counts and the sums of the lists on a page."""
    for context in answer.context:
        for view in (value for one in context.dicts for value in one.values() if isinstance(value, TableView)):
            yield from (total for total in (view.page.total, *view.page.totals.values()) if total is not None)


def test_every_role_has_a_home_and_every_part_of_it_is_registered() -> None:
    assert set(HOMES) == {role.code for role in ROLES}
    assert {key for keys in HOMES.values() for key in keys} == set(ui._tiles)
    for role in ROLES:
        held = [ui._tiles[key] for key in HOMES[role.code] if ui._tiles[key].permission in role.permissions]
        assert [tile.key for tile in held] == list(HOMES[role.code]), f"{role.code} cannot see all of its home"


def test_every_role_can_be_tried_in_the_demo() -> None:
    assert {user.role for user in USERS} == {role.code for role in ROLES}


def test_every_figure_is_what_the_list_behind_it_comes_to(undone: House) -> None:
    """A figure that several roles are told is looked up once: what each role is shown leads somewhere for it."""
    looked_up, wrong = set(), []
    for role in CODES:
        browser = in_mine(role)
        told = boards(browser)
        assert told, role
        for tile, board in told:
            assert board.figures or board.stages or board.lines or board.chart or board.words, (role, tile.key)
            fresh = [one for one in figures(board) if (one.url, one.value) not in looked_up]
            looked_up |= {(one.url, one.value) for one in fresh}
            wrong += [f"{role}: {words}" for one in fresh if (words := what_is_wrong(browser, one))]
    assert wrong == []


def test_negative_control_a_figure_that_its_list_does_not_have_is_found(undone: House) -> None:
    browser = in_mine("biller")

    assert "does not stand on" in what_is_wrong(browser, Figure("On hold", 77_777, "/claims/"))
    assert "answers 403" in what_is_wrong(browser, Figure("Cash", 0, "/ledger/"))


def test_the_homes_of_a_full_month_are_not_full_of_noughts(undone: House) -> None:
    """So that the comparison above compares something."""
    for role in ("biller", "poster", "controller", "practice_owner", "mso_executive"):
        told = [figure for _, board in boards(in_mine(role)) for figure in figures(board)]
        assert sum(bool(figure.value) for figure in told if not isinstance(figure.value, str)) >= 4, role


@pytest.mark.parametrize("role", ["practice_owner", "mso_executive"])
def test_the_chart_says_of_the_latest_month_what_the_statements_say(undone: House, role: str) -> None:
    told = {tile.key: board for tile, board in boards(in_mine(role))}

    chart, latest = told["settlement.months"].chart, told["settlement.latest"].figures
    assert chart is not None
    _, _, collected, fee = chart.rows[-1]
    assert (collected, fee) == tuple(cells.money_text(figure.value) for figure in latest[:2])
    assert fee != "0.00"


@pytest.mark.parametrize("role", ["biller", "practice_owner", "controller", "auditor"])
def test_a_neighbours_month_is_not_counted(undone: House, role: str) -> None:
    parties.practice(at=clock.now(), code="NEXT", name="Next Door")
    testing.open_lines(Tenant.objects.get(code="NEXT"))

    told = boards(somebody(role, "NEXT"))

    counted = {tile.key: figures(board) for tile, board in told if tile.key not in {"audit.latest", "ledger.books"}}
    assert counted
    assert {key: [f for f in found if f.value and not isinstance(f.value, str)] for key, found in counted.items()} == {
        key: [] for key in counted
    }


def test_where_an_agreement_opens_no_clinical_data_no_claims_are_told(undone: House) -> None:
    parties.practice(at=clock.now(), code="BARE", name="Bare Clinic")
    testing.open_lines(Tenant.objects.get(code="BARE"), opens=frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC}))

    told = [tile.key for tile, _ in boards(somebody("coder_support", "BARE"))]

    assert told == ["work.due", "parties.practices"]


def test_a_part_that_is_not_on_ones_home_is_not_told(undone: House) -> None:
    browser = in_mine("biller")

    assert browser.get("/", {"tile": "settlement.months"}).status_code == 404
    assert browser.get("/", {"tile": "claims.pipeline"}).status_code == 200


def test_the_head_of_the_menu_says_whose_house_it_is(undone: House) -> None:
    """The practice's for its own people, the MSO's for everybody else."""
    mso = Tenant.objects.get(code="MMINE").name
    mine = Tenant.objects.get(code="MINE").name

    heads = {role: in_mine(role).get("/").context["shell"] for role in ("practice_owner", "biller", "auditor")}

    assert {role: head.house for role, head in heads.items()} == {"practice_owner": mine, "biller": mso, "auditor": mso}
    assert {role: head.role for role, head in heads.items()} == {
        "practice_owner": "Practice owner", "biller": "Biller", "auditor": "Auditor",
    }  # fmt: skip
