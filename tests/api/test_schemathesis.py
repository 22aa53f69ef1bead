"""The whole API against its own description: generated calls, in this process, with a real token, a fixed seed.

Every operation gets calls that fit its description and calls that do not, and every check of schemathesis looks at
the answers. The one thing that is told to it: a rule of the business may say no (422) to what fits.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as limits
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from conftest import undone
from openmso.config.api import api
from openmso.kit.classes import DataClass
from openmso.platform.access import registry
from openmso.platform.access.contracts import LICENSEES
from openmso.platform.accounts import testing
from tests.architecture import matrix

EXAMPLES = int(os.environ.get("OPENMSO_API_EXAMPLES", "2"))
SEED = 20_260_302
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "422"]
CONFIG = SchemathesisConfig.from_dict({
    "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
    "analysis": {"constants": {"enabled": False}},  # so few calls never reach constants out of our sources
})  # fmt: skip

load_all_checks()
SCHEMA = schemathesis.openapi.from_dict(copy.deepcopy(api.get_openapi_schema()), config=CONFIG)
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}


@pytest.fixture(scope="module")
def site() -> Iterator[Any]:
    """The site in this process, within the test's transaction: calls do not close its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def _token(built_once: None) -> Iterator[str]:
    """A token of somebody who holds, in two practices, every permission that a token can have."""
    practices = [testing.tenant("HARBOR", "Harbor Ridge MSO", "mso"), testing.tenant("ROCK", "Rockland")]
    testing.open_lines(practices[1], opens=frozenset(DataClass))
    with matrix.of_the_practice():  # nobody is a licensee of the practice and of the MSO too
        person = testing.person("schema@mso.example", "Everybody at once", **dict.fromkeys(roles_enough(), practices))
        yield testing.token_for(person, grantable(), practices)


@pytest.fixture
def token(_token: str, settings: Any) -> Iterator[str]:
    """The same token for every test, whatever an earlier one did with it."""
    settings.API_CALLS_A_MINUTE = 1_000_000
    with undone():
        yield _token


def grantable() -> list[str]:
    """The permissions that a token can have and some role holds."""
    held = frozenset[str]().union(*(role.permissions for role in registry.roles().values()))
    return [one.code for one in registry.permissions().values() if one.code in held and not (one.reserved or one.fresh)]


def roles_enough() -> list[str]:
    """A few roles that hold together every permission a token can have."""
    missing, chosen = set(grantable()), []
    while missing:
        best = max(
            (role for code, role in registry.roles().items() if code not in LICENSEES),
            key=lambda role: len(role.permissions & missing),
        )
        chosen.append(best.code)
        missing -= best.permissions
    return chosen


def try_out(operation: Any, mode: GenerationMode, token: str, site: Any) -> None:
    """Generated calls of one operation, all checks after each."""
    SCHEMA.app = operation.app = site

    @seed(SEED)
    @limits(
        max_examples=EXAMPLES if mode is GenerationMode.POSITIVE else max(EXAMPLES - 1, 1), database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"})

    call()


@pytest.mark.parametrize("label", OPERATIONS)
def test_calls_that_fit_the_description_are_answered_as_described(label: str, token: str, site: Any) -> None:
    try_out(OPERATIONS[label], GenerationMode.POSITIVE, token, site)


@pytest.mark.parametrize("label", OPERATIONS)
def test_calls_that_do_not_fit_are_refused(label: str, token: str, site: Any) -> None:
    try_out(OPERATIONS[label], GenerationMode.NEGATIVE, token, site)


def test_all_checks_are_on() -> None:
    assert len(CHECKS.get_all_names()) >= 10
