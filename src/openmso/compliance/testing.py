"""Builders for tests: plain arrangements for the rules, and whole ones that walk the services.

medical = plain("ARR-23456789", "Dr. Mara Rockland")              # a year of $180 an hour, all in order
made = registered(cast.rockland.id, at=NOW)                       # the same, through the services
"""

from __future__ import annotations

import csv
import dataclasses
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openmso.compliance.contracts import Arrangement, NewArrangement, NewOpinion, NewTerm, Opinion, Payment, Term
from openmso.compliance.rules.screening import COLUMNS, NO_DAY, NO_NPI
from openmso.compliance.services import keeping
from openmso.compliance.states import Kind, Method, Party, Pay, Side
from openmso.kit.money import Money
from openmso.parties.testing import builder

BEGUN, ENDS, WRITTEN = date(2026, 1, 1), date(2027, 1, 1), date(2025, 12, 15)


def term(**changes: Any) -> Term:
    """Terms of 2026 in order: $180 an hour, at most 20 hours a month, written, signed, active."""
    return dataclasses.replace(
        Term(
            "Medical director", Pay.HOUR, Decimal("180.00"), BEGUN, ENDS, WRITTEN,
            "The practice needs a director whoever refers.", ("stark_services",), Decimal(20),
            public_id="ATM-23456789", number=1,
            ours_signed_on=WRITTEN, party_signed_on=WRITTEN, activated_on=WRITTEN,
        ),
        **changes,
    )  # fmt: skip


def opinion(**changes: Any) -> Opinion:
    """An opinion that covers them."""
    return dataclasses.replace(
        Opinion(
            "FMV-23456789", Method.MARKET, Decimal("150.00"), Decimal("210.00"), Pay.HOUR, "Pine Valuation",
            date(2025, 12, 1), date(2027, 12, 31),
        ),
        **changes,
    )  # fmt: skip


def plain(public_id: str, name: str, *, practice: int = 1, **changes: Any) -> Arrangement:
    """An arrangement in order, as a value; `terms` and `opinions` are those above."""
    return dataclasses.replace(
        Arrangement(
            1, public_id, practice, "ROCK", "Rockland", "Medical director", Kind.SERVICES, Party.PHYSICIAN, name, "",
            "", "", (term(),), (opinion(),),
        ),
        **changes,
    )  # fmt: skip


def payment(payee: str = "Dr. Mara Rockland", **changes: Any) -> Payment:
    """Ten hours of October 2026, in order."""
    return dataclasses.replace(
        Payment(
            2, payee, Money.of("1800.00"), starts_on=date(2026, 10, 1), through=date(2026, 10, 31), hours=Decimal(10),
            time_record="TR-10",
        ),
        **changes,
    )  # fmt: skip


def new_term() -> NewTerm:
    """The same terms, to be written."""
    one = term()
    return NewTerm(
        one.services, one.pay, one.rate, one.starts_on, one.ends_on, one.written_on, one.reasonable, one.grounds,
        one.hours_cap,
    )  # fmt: skip


def registered(
    practice: int, *, at: datetime, arrangement: dict[str, Any] | None = None, signed_on: date | None = WRITTEN,
    value: dict[str, Any] | None = None, active: bool = True, **terms: Any,
) -> str:  # fmt: skip
    """An arrangement through the services, in the scope of its practice: terms, signatures, opinion, activation."""
    actor = builder(at)
    new = NewArrangement("Medical director", Kind.SERVICES, Party.PHYSICIAN, "Dr. Mara Rockland")
    made = keeping.register_arrangement(
        actor=actor, practice=practice, new=dataclasses.replace(new, **arrangement or {}), at=at
    )
    written = dataclasses.replace(new_term(), **terms)
    keeping.write_term(actor=actor, arrangement=made, new=written, at=at)
    if signed_on:
        for side in Side:
            keeping.sign_term(
                actor=actor, arrangement=made, number=1, side=side, signed_on=signed_on, by="Elena Vass", at=at
            )
    usual_value = opinion(unit=written.pay, low=written.rate, high=written.rate + 50)
    opined = NewOpinion(
        usual_value.method, usual_value.low, usual_value.high, usual_value.unit, usual_value.appraiser,
        usual_value.opined_on, usual_value.expires_on,
    )  # fmt: skip
    if active or value is not None:
        keeping.file_opinion(actor=actor, arrangement=made, new=dataclasses.replace(opined, **value or {}), at=at)
    if active:
        keeping.activate(actor=actor, arrangement=made, number=1, at=at)
    return made


def leie(*rows: dict[str, str]) -> bytes:
    """The list of exclusions as it is published, with these rows; excluded since 2020 where they do not say."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    usual = {"NPI": NO_NPI, "EXCLTYPE": "1128a1", "EXCLDATE": "20200220", "REINDATE": NO_DAY, "WAIVERDATE": NO_DAY}
    writer.writerows(usual | row for row in rows)
    return text.getvalue().encode()
