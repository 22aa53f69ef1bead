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

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from edi.health.fhir import SYSTEMS, Code, Codes
from openmso.kit.errors import Refused

PROCEDURE = re.compile(r"\d{4}[0-9FTUM]|[A-V]\d{4}")
DIAGNOSIS = re.compile(r"[A-TV-Z]\d[0-9AB][0-9A-Z]{0,4}")
BILLABLE = {"CPT", "HCPCS"}
ICD = {"ICD-10-CM", "ICD-10"}


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
    text = content.decode("utf-8-sig", errors="replace").strip()
    if text.startswith("{"):
        return _from_json(name, text)
    return _from_csv(name, text)


def _from_json(name: str, text: str) -> CodeMap:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as no:
        raise BadCodeMap(f"The code map is no JSON: {no}.", field="code_map") from no
    known = {"codes", "coverages", "clinicians", "payers", "delay_reason"}
    codes = told.get("codes") if known & set(told) else told
    return CodeMap(
        name,
        _codes(codes or {}),
        tuple(_cover(one) for one in told.get("coverages", ())),
        {str(key): str(value) for key, value in told.get("clinicians", {}).items()},
        {str(key).casefold(): str(value) for key, value in told.get("payers", {}).items()},
        str(told.get("delay_reason", "")),
    )


def _codes(told: Any) -> dict[str, tuple[str, ...]]:
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


def _from_csv(name: str, text: str) -> CodeMap:
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows:
        raise BadCodeMap("The code map has no rows.", field="code_map", fix="Name its columns system,code,to_code.")
    plain = [{str(key).strip().lower(): (value or "").strip() for key, value in row.items() if key} for row in rows]
    if not any(_target(row) for row in plain):
        raise BadCodeMap(
            "The code map has no column to_code.", field="code_map", fix="Name its columns system,code,to_code."
        )
    return CodeMap(name, _codes(plain))
