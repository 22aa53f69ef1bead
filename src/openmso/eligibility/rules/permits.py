"""Authorizations and referrals: does a payer ask for one, is it there, does it still hold, is anything left of it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from openmso.eligibility.contracts import Authorization, AuthorizationRule, Permit, Permitting
from openmso.kit.words import day

LOW = Decimal(2)
"""So many units left are told, so that the next yes is asked for in time."""
NOUNS = {Permit.AUTHORIZATION: "an authorization", Permit.REFERRAL: "a referral"}
FIELDS = {Permit.AUTHORIZATION: "prior authorization", Permit.REFERRAL: "referral number"}


def asks(rule: AuthorizationRule, *, code: str, place: str, diagnoses: Sequence[str], on: date) -> bool:
    """Whether a rule asks for its permit for a service."""
    holds = rule.starts_on <= on and (rule.ends_on is None or on < rule.ends_on)
    fits_code = rule.first_code <= code <= rule.last_code
    fits_place = not rule.places or place in rule.places
    fits_why = not rule.diagnoses or any(d.startswith(tuple(rule.diagnoses)) for d in diagnoses)
    return holds and fits_code and fits_place and fits_why


def judge(
    *, line: int, code: str, units: Decimal, place: str, diagnoses: Sequence[str], on: date,
    rules: Iterable[AuthorizationRule], held: Sequence[Authorization], numbers: Mapping[Permit, str],
    used: Mapping[str, Decimal],
) -> list[Permitting]:  # fmt: skip
    """What one line lacks. `numbers` are those that the claim bears, `used` what others used of each, by public id."""
    wanted = {rule.kind: rule for rule in rules if asks(rule, code=code, place=place, diagnoses=diagnoses, on=on)}
    found = []
    for kind, rule in wanted.items():
        mine = [one for one in held if one.kind is kind and one.payer_id == rule.payer_id]
        number = numbers.get(kind, "")
        said = _unnamed(rule, code, on, mine) if not number else _named(number, code, units, on, mine, used)
        if said is not None:
            found.append(Permitting(line, kind, f"Line {line}, {code}: {said[0]}", said[1], said[2]))
    return found


def _unnamed(rule: AuthorizationRule, code: str, on: date, held: Sequence[Authorization]) -> tuple[str, str, bool]:
    noun, field = NOUNS[rule.kind], FIELDS[rule.kind]
    fits = next((one for one in held if one.covers(code, on)), None)
    if fits is not None:
        return (
            f"{rule.payer} asks for {noun}; {fits.number} on file covers it.",
            f"Enter {fits.number} as {field}.",
            True,
        )
    return (
        f"{rule.payer} asks for {noun}, and none on file covers it.",
        f"Get it from the payer, and enter its number as {field}. The payer's rule: {rule.source}",
        True,
    )


def _named(
    number: str, code: str, units: Decimal, on: date, held: Sequence[Authorization], used: Mapping[str, Decimal]
) -> tuple[str, str, bool] | None:
    one = next((each for each in held if each.number == number), None)
    if one is None:
        return f"{number} is not among those on file.", "Record it with its codes, days and units.", False
    if not one.first_code <= code <= one.last_code:
        return f"{number} is for {one.codes}.", "Get one for this service, or correct the code.", True
    if on < one.starts_on:
        return f"{number} begins on {day(one.starts_on)}, after the service.", "Ask the payer to date it back.", True
    if on > one.ends_on:
        return f"{number} ended on {day(one.ends_on)}.", "Get it extended, or a new one.", True
    if one.units is None:
        return None
    left = one.units - used.get(one.public_id, Decimal(0)) - units
    if left < 0:
        words = (
            f"{number} allows {one.units.normalize():f} units; with this line {-left.normalize():f} too many are used."
        )
        return words, "Get more units from the payer, or bill fewer.", True
    if left <= LOW:
        return f"Of the units of {number}, {left.normalize():f} will be left.", "Ask for the next authorization.", False
    return None
