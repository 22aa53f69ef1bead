"""Three doors: what a screen shows or does, an operation of the API shows or does, under the same permission."""

from __future__ import annotations

from openmso.config.api import api
from tests.architecture.doors import OTHER_PERMISSION, SAME, SCREENS_ONLY, Screen, screens

OPERATIONS = {found.view_func.__name__: api.declaration(found) for _, _, found in api.operations()}
SCREENS = list(screens())


def missing(shown: list[Screen]) -> list[str]:
    """Screens for which the API has nothing, and no reason is given."""
    return [
        f"{screen.name}: no operation of the API does this (tests/architecture/doors/)"
        for screen in shown
        if screen.name not in SCREENS_ONLY and not SAME.get(screen.name)
    ]


def test_everything_a_screen_can_do_the_api_can_do() -> None:
    assert missing(SCREENS) == []


def test_negative_control_a_screen_without_an_operation_is_named() -> None:
    assert missing([Screen("claims:teleport", "claims.work")])


def test_every_operation_that_is_named_exists() -> None:
    named = {name for names in SAME.values() for name in names.split()}

    assert named - set(OPERATIONS) == set()


def test_an_operation_asks_for_what_its_screen_asks_for() -> None:
    """One at least of its operations; else software could do what a person may not, or may not do what one can."""
    wrong = [
        f"{screen.name} asks for {screen.declares}, its operations for {asked}"
        for screen in SCREENS
        if screen.name in SAME and screen.name not in OTHER_PERMISSION
        and screen.declares not in (asked := {OPERATIONS[name] for name in SAME[screen.name].split()})
    ]  # fmt: skip

    assert wrong == []


def test_the_lists_name_screens_that_are_there_and_the_exceptions_are_few() -> None:
    names = {screen.name for screen in SCREENS}

    assert set(SAME) | set(SCREENS_ONLY) == names
    assert set(OTHER_PERMISSION) <= set(SAME)
    assert len(SCREENS_ONLY) <= 17
