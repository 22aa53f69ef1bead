"""How long a session lives, and what a token may be: instants are told, nothing sleeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.platform.access.contracts import Permission
from openmso.platform.identity import rules

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
READ = Permission("claims.read", "see claims")
SIGN = Permission("contracts.sign", "sign payer contracts", reserved=True)
PAY = Permission("money.pay", "release a payment", fresh=True)


@pytest.mark.parametrize(
    ("began", "seen", "words"),
    [
        (timedelta(), timedelta(), ""),
        (timedelta(hours=11, minutes=59), timedelta(minutes=14, seconds=59), ""),
        (timedelta(hours=1), timedelta(minutes=15), "15 minutes"),
        (timedelta(hours=12), timedelta(), "12 hours"),
        (timedelta(days=3), timedelta(days=3), "12 hours"),
    ],
)
def test_a_session_ends_after_15_idle_minutes_and_after_12_hours(began: timedelta, seen: timedelta, words: str) -> None:
    why = rules.why_over(began_at=NOON - began, seen_at=NOON - seen, at=NOON)

    assert (words in why) if words else why == ""


def faults(**asked: object) -> list[str]:
    usual = {
        "name": "Nightly export", "permissions": [READ], "practices": [1], "networks": ["203.0.113.0/24"],
        "expires_at": NOON + timedelta(days=90), "at": NOON,
    }  # fmt: skip
    return [fault.field for fault in rules.token_faults(**(usual | asked))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"name": "  "}, "name"),
        ({"permissions": []}, "permissions"),
        ({"permissions": [SIGN]}, "permissions"),
        ({"permissions": [PAY]}, "permissions"),
        ({"practices": []}, "practices"),
        ({"expires_at": NOON}, "days"),
        ({"expires_at": NOON + timedelta(days=90, seconds=1)}, "days"),
        ({"networks": ["203.0.113.1/24"]}, "networks"),
        ({"networks": ["everywhere"]}, "networks"),
        ({"networks": ["10.0.0.1"] * 21}, "networks"),
    ],
)
def test_a_token_is_refused_with_the_field_it_is_about(asked: dict[str, object], field: str) -> None:
    assert faults(**asked) == [field]


def test_a_token_as_it_should_be_has_no_fault() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("address", "networks", "allowed"),
    [
        ("198.51.100.7", [], True),
        ("203.0.113.9", ["203.0.113.0/24"], True),
        ("203.0.114.9", ["203.0.113.0/24"], False),
        ("2001:db8::1", ["203.0.113.0/24", "2001:db8::/32"], True),
        ("nonsense", ["203.0.113.0/24"], False),
    ],
)
def test_a_token_opens_only_from_its_networks(address: str, networks: list[str], allowed: bool) -> None:
    assert rules.address_is_allowed(address, networks) is allowed


@given(st.text(), st.text())
def test_two_secrets_have_two_fingerprints(one: str, other: str) -> None:
    assert (rules.fingerprint(one) == rules.fingerprint(other)) is (one == other)


@pytest.mark.parametrize(
    ("address", "host", "forwarded", "here"),
    [
        ("127.0.0.1", "localhost", False, True),
        ("::1", "[::1]", False, True),
        ("192.0.2.7", "localhost", False, False),  # a Host header is anybody's word
        ("127.0.0.1", "demo.example", False, False),
        ("127.0.0.1", "localhost", True, False),
        ("", "localhost", False, False),
    ],
)
def test_the_demo_opens_only_on_this_very_computer(address: str, host: str, forwarded: bool, here: bool) -> None:
    assert rules.is_loopback(address=address, host=host, forwarded=forwarded) is here
