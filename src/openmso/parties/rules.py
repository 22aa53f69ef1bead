"""What makes a number, a name or an address fit for claims and payments: plain values in, faults out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.kit.ids import npi_is_valid, tin_is_valid
from openmso.kit.periods import DayRange
from openmso.parties.contracts import Address, BillerProfile, NpiType, PayerFacts, Person

STATES = frozenset(
    (
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH "
        "OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI"
    ).split()
)
"""States, the District of Columbia and the territories that have a postal code of their own."""
_PO_BOX = re.compile(r"\b(p\.?\s*o\.?\s*box|post office box|lock\s?box)\b", re.IGNORECASE)
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X")
_CLIA = re.compile(r"\d{2}D\d{7}")
_X12 = re.compile(r"[ !\"#$%&'()*+,\-./0-9:;<=>?@A-Za-z\[\]_{}~^|\\`]*")
_RESERVED = frozenset("*~:^")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, and what to do."""

    field: str
    sentence: str
    fix: str = ""


def npi(value: str, *, field: str = "npi") -> Iterator[Fault]:
    """Ten digits with a right check digit (45 CFR 162.406)."""
    if not npi_is_valid(value):
        yield Fault(
            field, f"{value or 'Nothing'} is not an NPI: its check digit is wrong.", "Read it again from NPPES."
        )


def ein(value: str, *, field: str = "ein") -> Iterator[Fault]:
    """Nine digits that can be an employer identification number."""
    if not tin_is_valid(value):
        yield Fault(field, f"{value or 'Nothing'} is not an EIN.", "Give nine digits without the dash.")


def ssn(value: str, *, field: str = "ssn") -> Iterator[Fault]:
    """Nine digits that the Social Security Administration can have given (no 000, 666 or 9xx area, no zero group)."""
    digits = re.sub(r"[\s-]", "", value)
    good = re.fullmatch(r"(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}", digits)
    if not good:
        yield Fault(field, "This is not a social security number.", "Give nine digits.")


def routing(value: str, *, field: str = "routing") -> Iterator[Fault]:
    """An ABA routing number: nine digits, weighted 3-7-1 to a multiple of ten."""
    digits = [int(digit) for digit in value] if re.fullmatch(r"\d{9}", value) else []
    if not digits or sum(d * (3, 7, 1)[i % 3] for i, d in enumerate(digits)) % 10 or not any(digits):
        yield Fault(field, f"{value or 'Nothing'} is not a routing number: its check digit is wrong.",
                    "Read it again from a cheque.")  # fmt: skip


def account(value: str, *, field: str = "account_number") -> Iterator[Fault]:
    """An account number as NACHA files take it: up to 17 letters and digits."""
    if not re.fullmatch(r"[0-9A-Za-z -]{4,17}", value):
        yield Fault(field, "This is not a bank account number.", "Give 4 to 17 letters and digits.")


def taxonomy(value: str, *, field: str = "taxonomy") -> Iterator[Fault]:
    """Ten characters ending in X, as the provider taxonomy has them."""
    if not _TAXONOMY.fullmatch(value):
        yield Fault(field, f"{value or 'Nothing'} is not a taxonomy code.", "It has ten characters, like 207Q00000X.")


def clia(value: str, *, field: str = "clia") -> Iterator[Fault]:
    """The number of a laboratory certificate, where there is one."""
    if value and not _CLIA.fullmatch(value):
        yield Fault(field, f"{value} is not a CLIA number.", "It has the form 05D0642827.")


def phone(value: str, *, field: str = "phone") -> Iterator[Fault]:
    """Ten digits, where there are any."""
    if value and not re.fullmatch(r"[2-9]\d{9}", value):
        yield Fault(field, f"{value} is not a telephone number.", "Give ten digits.")


def state(value: str, *, field: str = "state") -> Iterator[Fault]:
    """A state's two letters."""
    if value not in STATES:
        yield Fault(field, f"{value or 'Nothing'} is not a state.", "Give its two letters, such as ME.")


def words(value: str, *, field: str, most: int) -> Iterator[Fault]:
    """A name that an 837 can carry: not empty, not too long, no separators of the file."""
    if not value.strip():
        yield Fault(field, "This is needed.")
    elif len(value) > most:
        yield Fault(field, f"This has {len(value)} characters; a claim carries {most}.", "Shorten it.")
    elif _RESERVED & set(value) or not _X12.fullmatch(value):
        yield Fault(field, "A claim file cannot carry one of these characters.", "Leave out accents and * ~ : ^.")


def address(value: Address, *, prefix: str = "", street: bool = False, full_zip: bool = False) -> Iterator[Fault]:
    """An address fit for N3 and N4.

    `street`: the billing provider's address is a street address, a post office box belongs into the pay-to address
    (837 TR3, loop 2010AA N3). `full_zip`: its ZIP code has nine digits (N403).
    """
    yield from words(value.line1, field=f"{prefix}line1", most=55)
    yield from words(value.city, field=f"{prefix}city", most=30)
    yield from state(value.state, field=f"{prefix}state")
    if value.line2:
        yield from words(value.line2, field=f"{prefix}line2", most=55)
    if street and _PO_BOX.search(f"{value.line1} {value.line2}"):
        yield Fault(f"{prefix}line1", "A biller's address is a street address.",
                    "Give the street here and the box as the pay-to address.")  # fmt: skip
    if not re.fullmatch(r"\d{9}" if full_zip else r"\d{5}(\d{4})?", value.zip):
        digits = "nine digits" if full_zip else "five or nine digits"
        yield Fault(f"{prefix}zip", f"The ZIP code has {digits}.", "Write it without the dash.")


def biller(profile: BillerProfile, *, kind: NpiType) -> Iterator[Fault]:
    """A billing provider's profile fit for loops 2010AA and 2010AB."""
    yield from words(profile.name, field="name", most=60)
    if kind is NpiType.INDIVIDUAL:
        yield from words(profile.first_name, field="first_name", most=35)
    elif profile.first_name:
        yield Fault("first_name", "An organization has no first name.", "Leave it empty, or give a type 1 NPI.")
    yield from taxonomy(profile.taxonomy)
    yield from address(profile.address, street=True, full_zip=True)
    if profile.pay_to:
        yield from address(profile.pay_to, prefix="pay_to_")
    yield from phone(profile.phone)


def clinician(person: Person, *, npi_number: str, taxonomy_code: str) -> Iterator[Fault]:
    """A clinician fit for loop 2310B."""
    yield from npi(npi_number)
    yield from taxonomy(taxonomy_code)
    yield from words(person.last_name, field="last_name", most=60)
    yield from words(person.first_name, field="first_name", most=35)
    if person.licence_number or person.licence_state:
        yield from words(person.licence_number, field="licence_number", most=24)
        yield from state(person.licence_state, field="licence_state")


def share_of_time(share: Decimal, shows: str) -> Iterator[Fault]:
    """A share of full time, above nothing and up to all of it, by hundredths of a percent, with what shows it."""
    if not 0 < share <= 1 or share != share.quantize(Decimal("0.0001")):
        yield Fault("share", "A share is above 0 and up to 100 % of full time.", "Who works none of it leaves.")
    if not shows.strip():
        yield Fault("shows", "Say what shows it: fees go by it.", "Such as: employment agreement, section 2.")


def full_days(held: DayRange, stated: Iterable[tuple[date, Decimal]]) -> Decimal:
    """The days of a closed range that somebody works, in days of full time.

    `stated` are shares of full time, each from a day on; of one day the one that comes last holds. Before the first of
    them all of it is worked.
    """
    shares = dict(stated)
    starts = sorted(shares)
    parts = [(date.min, Decimal(1)), *((day, shares[day]) for day in starts)]
    ends = [*starts, None]
    within = ((DayRange(day, end).meets(held), share) for (day, share), end in zip(parts, ends, strict=True))
    return sum((share * (both.days or 0) for both, share in within if both), Decimal(0))


def payer(facts: PayerFacts) -> Iterator[Fault]:
    """A payer fit for loop 2010BB."""
    yield from words(facts.name, field="name", most=60)
    yield from words(facts.edi_id, field="edi_id", most=30)
    for field in ("timely_filing_days", "corrected_days", "appeal_days"):
        if not 1 <= getattr(facts, field) <= 3660:
            yield Fault(field, "A payer leaves between a day and ten years.", "Give a number of days.")
    if facts.address:
        yield from address(facts.address, prefix="claim_")
    yield from phone(facts.phone)


def first(faults: Iterable[Fault]) -> Fault | None:
    """The first fault, or none."""
    return next(iter(faults), None)
