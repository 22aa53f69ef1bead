"""Terms as JSON, and back: how drafts and executed versions are kept."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

from openmso.agreements.contracts import DoneBy, Hours, Line, Mode, Party, Promise, Quorum, Shown, Terms, Unit
from openmso.agreements.fees.reading import Node, terms_of
from openmso.agreements.fees.waterfall import priority_json, priority_of
from openmso.agreements.fees.writing import terms_json
from openmso.agreements.tasks import writing
from openmso.kit.classes import DataClass
from openmso.kit.periods import DayRange


def to_json(terms: Terms) -> dict[str, Any]:
    """Everything the terms say, as plain values; what an older paper could not say is left out where it is not said."""
    said: dict[str, Any] = {
        "mode": terms.mode.value,
        "mso": _party(terms.mso),
        "practice": _party(terms.practice),
        "days": _days(terms.days),
        "lines": [_line(line) for line in terms.lines],
        "fee": terms_json(terms.fee) if terms.fee is not None else None,
        "reserved": list(terms.reserved),
        "hours": {"opens": terms.hours.opens.isoformat("minutes"), "closes": terms.hours.closes.isoformat("minutes")},
        "renewal_months": terms.renewal_months,
        "notice_days": terms.notice_days,
        "payments": priority_json(terms.payments) if terms.payments is not None else None,
    }
    if terms.tasks:
        said["tasks"] = [writing.as_data(one) for one in terms.tasks]
    if terms.shows:
        said["shows"] = [one.value for one in terms.shows]
    if terms.quorum:
        said["quorum"] = {"practice": terms.quorum.practice, "mso": terms.quorum.mso}
    return said


def from_json(said: dict[str, Any]) -> Terms:
    """The terms of a kept draft or version."""
    return Terms(
        mode=Mode(said["mode"]),
        mso=Party(**said["mso"]),
        practice=Party(**said["practice"]),
        days=_range(said["days"]),
        lines=tuple(_line_of(line) for line in said["lines"]),
        fee=terms_of(said["fee"], "fee") if said["fee"] is not None else None,
        reserved=tuple(said["reserved"]),
        hours=Hours(time.fromisoformat(said["hours"]["opens"]), time.fromisoformat(said["hours"]["closes"])),
        renewal_months=said["renewal_months"],
        notice_days=said["notice_days"],
        payments=Node(said.get("payments"), "payments").or_else(priority_of, None),
        tasks=tuple(writing.of_data(one) for one in said.get("tasks", ())),
        shows=tuple(map(Shown, said.get("shows", ()))),
        quorum=Quorum(**said["quorum"]) if said.get("quorum") else None,
    )


def _party(party: Party) -> dict[str, Any]:
    return {"tenant": party.tenant, "entity": party.entity, "legal_name": party.legal_name, "ein": party.ein}


def _line(line: Line) -> dict[str, Any]:
    return {
        "code": line.code, "days": _days(line.days), "done_by": line.done_by.value, "approval": line.approval,
        "promises": [_promise(promise) for promise in line.promises], "also_opens": sorted(line.also_opens),
    }  # fmt: skip


def _line_of(said: dict[str, Any]) -> Line:
    return Line(
        said["code"], _range(said["days"]), DoneBy(said["done_by"]), said["approval"],
        tuple(_promise_of(promise) for promise in said["promises"]), frozenset(map(DataClass, said["also_opens"])),
    )  # fmt: skip


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "kind": promise.kind, "words": promise.words, "target": str(promise.target), "unit": promise.unit.value,
        "at_least": promise.at_least,
        "clock_hours": None if promise.clock_hours is None else str(promise.clock_hours),
    }  # fmt: skip


def _promise_of(said: dict[str, Any]) -> Promise:
    clock = said["clock_hours"]
    return Promise(
        said["kind"], said["words"], Decimal(said["target"]), Unit(said["unit"]), said["at_least"],
        None if clock is None else Decimal(clock),
    )  # fmt: skip


def _days(days: DayRange) -> list[str | None]:
    return [days.starts_on.isoformat(), days.ends_on.isoformat() if days.ends_on else None]


def _range(said: list[str]) -> DayRange:
    return DayRange(date.fromisoformat(said[0]), date.fromisoformat(said[1]) if said[1] else None)
