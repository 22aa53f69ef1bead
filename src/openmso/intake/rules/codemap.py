"""Code maps: which billing code stands for a clinical one, and who covers and treats when the file does not say.

As CSV: `system,code,to_code,modifiers,units` with a header (`system` may be empty; `to_code` may be repeated in rows).
As JSON:

    {"codes": {"185345009": "99213", "http://snomed.info/sct|40055000": "J32.9"},
     "coverages": [{"payer": "60054", "member_id": "W1", "starts_on": "1990-01-01", "patient": "<mrn or id>"}],
     "clinicians": {"*": "1234567893"}, "delay_reason": "9"}

A code may map to a procedure and to a diagnosis: whichever is asked for is taken by its form. `patient` left out
covers everybody of the file; the clinician `*` stands for everybody unknown here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from edi import text
from edi.health.fhir import SYSTEMS, Code, Codes
from edi.health.stream import writable
from openmso.kit.errors import Refused

PROCEDURE = re.compile(r"\d{4}[0-9FTUM]|[A-V]\d{4}")
DIAGNOSIS = re.compile(r"[A-TV-Z]\d[0-9AB][0-9A-Z]{0,4}")
BILLABLE = {"CPT", "HCPCS"}
ICD = {"ICD-10-CM", "ICD-10"}
_PARTS = {"codes", "coverages", "clinicians", "payers", "delay_reason"}


class BadCodeMap(Refused):
    """The code map cannot be read; the sentence says where."""

    code = "bad_code_map"


@dataclass(frozen=True, slots=True)
class MappedCover:
    """A coverage that the map gives to a patient, or to everybody (`patient` empty)."""

    payer: str
    member_id: str
    starts_on: date
    ends_on: date | None
    patient: str
    group: str
    plan: str


@dataclass(frozen=True, slots=True)
class CodeMap:
    """What a map says; empty, it says nothing."""

    name: str = ""
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    coverages: tuple[MappedCover, ...] = ()
    clinicians: Mapping[str, str] = field(default_factory=dict)
    payers: Mapping[str, str] = field(default_factory=dict)
    delay_reason: str = ""

    def procedure(self, found: Codes) -> tuple[str, str]:
        """The procedure code of some codings, with the system where it is none that a payer takes."""
        return self._choose(found, BILLABLE, PROCEDURE)

    def diagnosis(self, found: Codes) -> tuple[str, str]:
        """The diagnosis code of some codings, likewise; without its point."""
        code, system = self._choose(found, ICD, DIAGNOSIS)
        return code.replace(".", "").upper(), system

    def _choose(self, found: Codes, native: set[str], form: re.Pattern[str]) -> tuple[str, str]:
        for one in found:
            if one.system in native:
                return one.code, ""
        for one in found:
            for target in self._targets(one):
                if form.fullmatch(target.replace(".", "").upper()) and ("." not in target or native is ICD):
                    return target.upper(), ""
        first = next(iter(found), Code("", ""))
        return first.code[:20], (first.system or "a local code")[:20]

    def _targets(self, one: Code) -> tuple[str, ...]:
        return self.codes.get(f"{one.system}|{one.code}", ()) or self.codes.get(one.code, ())

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.codes or self.coverages or self.clinicians or self.delay_reason)


def read(name: str, content: bytes) -> CodeMap:
    """A code map from a JSON or CSV file; raises `BadCodeMap`."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return _from_json(name, text.decoded(content))
    return _from_csv(name, content)


def _from_json(name: str, content: str) -> CodeMap:
    try:
        told = writable(json.loads(content))
    except (ValueError, RecursionError) as no:
        raise BadCodeMap(f"The code map is no JSON: {str(no)[:100]}.", field="code_map") from no
    parts = told if isinstance(told, dict) and _PARTS & set(told) else {"codes": told}
    return CodeMap(
        name,
        _codes(parts.get("codes") or {}),
        tuple(_cover(one) for one in _part(parts, "coverages", list)),
        {str(key): str(value) for key, value in _part(parts, "clinicians", dict).items()},
        {str(key).casefold(): str(value) for key, value in _part(parts, "payers", dict).items()},
        str(parts.get("delay_reason") or "")[:2],
    )


def _part(told: dict[str, Any], name: str, kind: type) -> Any:
    """A part of the map, empty when it is left out; raises `BadCodeMap` when it has another form."""
    found = told.get(name) or kind()
    if not isinstance(found, kind):
        form = "a list" if kind is list else "an object"
        raise BadCodeMap(f"{name} of the code map is not {form}.", field="code_map", fix=f"Write it as {form}.")
    return found


def _codes(told: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(told, dict | list) or (isinstance(told, list) and not all(isinstance(one, dict) for one in told)):
        raise BadCodeMap(
            "The code map names no codes.", field="code_map", fix='Write {"codes": {"185345009": "99213"}}.'
        )
    rows = told.items() if isinstance(told, dict) else ((_source(one), _target(one)) for one in told)
    found: dict[str, tuple[str, ...]] = {}
    for key, value in rows:
        targets = tuple(str(one).strip() for one in (value if isinstance(value, list) else [value]) if str(one).strip())
        name = _short(str(key))
        found[name] = found.get(name, ()) + targets
    return found


def _source(row: Any) -> str:
    system = next((str(row[k]) for k in ("system", "from_system", "source_system") if row.get(k)), "")
    code = next((str(row[k]) for k in ("code", "from_code", "source_code", "source", "from") if row.get(k)), "")
    if not code:
        raise BadCodeMap(
            "A row of the code map has no code.", field="code_map", fix="Name its columns system,code,to_code."
        )
    return f"{system}|{code}" if system else code


def _target(row: Any) -> str:
    names = ("to_code", "target_code", "target", "to", "billing_code")
    return next((str(row[k]) for k in names if row.get(k)), "")


def _short(key: str) -> str:
    system, bar, code = key.rpartition("|")
    return f"{SYSTEMS.get(system, system)}|{code}" if bar else key


def _cover(one: Any) -> MappedCover:
    try:
        ends = one.get("ends_on")
        return MappedCover(
            str(one["payer"]), str(one["member_id"]), date.fromisoformat(str(one.get("starts_on", "1900-01-01"))),
            date.fromisoformat(str(ends)) if ends else None, str(one.get("patient", "")), str(one.get("group", "")),
            str(one.get("plan", "")),
        )  # fmt: skip
    except (KeyError, ValueError, AttributeError) as no:
        raise BadCodeMap(
            f"A coverage of the code map cannot be read: {no}.", field="code_map",
            fix="Give payer, member_id and starts_on (YYYY-MM-DD).",
        ) from no  # fmt: skip


def _from_csv(name: str, content: bytes) -> CodeMap:
    rows = text.rows(content)
    names = [cell.lower() for cell in next(rows, text.Row(1)).cells]
    plain = [dict(zip(names, row.cells, strict=False)) for row in rows if any(row.cells)]
    broken = next((row for row in text.rows(content) if row.problem), None)
    if broken is not None:
        raise BadCodeMap(f"Line {broken.line} of the code map cannot be read: {broken.problem}.", field="code_map")
    if not any(_target(row) for row in plain):
        raise BadCodeMap(
            "The code map has no column to_code." if plain else "The code map has no rows.",
            field="code_map", fix="Name its columns system,code,to_code.",
        )  # fmt: skip
    return CodeMap(name, _codes([row for row in plain if any(row.values())]))
