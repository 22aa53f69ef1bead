"""What stands on a statement: who asks, for what, and how to pay; plain data, to be kept and printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from openmso.billing import links
from openmso.billing.contracts import OwedLine
from openmso.billing.queries.plans import Asked
from openmso.kit.money import ZERO, Money
from openmso.kit.words import amount as written
from openmso.kit.words import day, phone
from openmso.parties.contracts import Address
from openmso.parties.queries import practices, providers
from openmso.patients.contracts import Patient

PAY_WITHIN = timedelta(days=21)


class Head:
    """What stands on every statement of a practice: who asks, and how to pay."""

    def __init__(self, practice: int, on: date) -> None:
        self.on, self.due_on = on, on + PAY_WITHIN
        self.name = practices.practice(practice, on=on).name
        biller = next((one for one in providers.billers(practice, on=on) if one.closed_on is None), None)
        self.place = (biller.pay_to or biller.address).one_line if biller else ""
        self.phone = biller.phone if biller else ""

    def content(
        self, name: str, who: Patient, lines: Sequence[OwedLine], planned: Asked | None,
        told: Mapping[int, tuple[Money, Money, Money]],
    ) -> dict[str, Any]:  # fmt: skip
        """What stands on the statement of one patient; plain data, to be kept and printed.

        `told` is what was charged for each line of a claim, what insurers paid of it and took off.
        """
        due = [one for one in lines if one.owed > ZERO]
        total = Money.total(one.owed for one in due)
        address = who.person.address
        questions = f"Questions? Call {phone(self.phone)}. " if self.phone else ""
        return {
            "id": name, "practice": self.name, "place": self.place, "on": day(self.on), "to": who.name,
            "address": _address(address), "lines_of_address": _address_lines(address), "due_on": day(self.due_on),
            "due": written((planned.amount if planned else total).amount), "total": written(total.amount),
            "plan": _of_plan(planned), "pay_at": links.url(name),
            "account": who.mrn, "lines": [_line(one, told.get(one.line_id or 0)) for one in due],
            "words": [
                f"Make checks payable to {self.name} and write {name} on them.",
                f"{questions}If you cannot pay at once, ask us for a plan; if you cannot pay at all, ask about help.",
            ],
        }  # fmt: skip


def _line(one: OwedLine, told: tuple[Money, Money, Money] | None) -> dict[str, str]:
    """A line: what was charged, what insurers paid and took off, what is the patient's, what of it is paid."""
    found = {
        "on": day(one.service_on), "what": f"Service {one.code}" if one.code else "Visit",
        "share": written(one.share.amount), "settled": written(one.settled.amount), "owed": written(one.owed.amount),
    }  # fmt: skip
    if told is not None:
        charged, paid, off = told
        found |= {
            "charged": written(charged.amount), "insurer": written(paid.amount),
            "adjusted": written(off.amount),
        }  # fmt: skip
    return found


def _of_plan(planned: Asked | None) -> str:
    """What a statement says of a plan; nothing without one."""
    if planned is None:
        return ""
    beside = f", and {written(planned.beside.amount)} is owed beside it" if planned.beside else ""
    return (
        f"You pay by plan {planned.plan}: {written(planned.due.amount)} of it is due now{beside}. "
        f"{written(planned.left.amount)} of the plan is still to be paid."
    )


def _address(address: Address) -> dict[str, str]:
    return {
        "line1": address.line1, "line2": address.line2, "city": address.city, "state": address.state,
        "zip": address.zip,
    }  # fmt: skip


def _address_lines(address: Address) -> list[str]:
    zip_code = f"{address.zip[:5]}-{address.zip[5:]}" if len(address.zip) == 9 else address.zip
    return [
        one for one in (address.line1, address.line2, f"{address.city}, {address.state} {zip_code}") if one.strip(", ")
    ]
