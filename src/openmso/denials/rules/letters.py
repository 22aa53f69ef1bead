"""Letters: templates with merge fields, filled in from a claim and its denials. A field that is missing is refused.

The first line of a template is its title; the rest is the letter. `{{ lines }}` stands for the table of services.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from openmso.kit.errors import Refused

FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
LINES = "lines"
FIELDS: Mapping[str, str] = {
    "amount": "What the payer left open of all of them, in dollars",
    "claims": "Our numbers of the claims",
    "payer_claims": "The payer's own numbers of the claims",
    "clinician": "Who furnished the services",
    "denied_on": "Day of the payer's answer",
    "diagnoses": "Diagnosis codes of the claim",
    "first_sent_on": "Day on which the claim first left",
    "level": "The level of appeal, as the payer calls it",
    "lines": "The table of services: day, code, charge, left open, the payer's reason",
    "member_id": "The patient's number with the payer",
    "npi": "NPI of the billing provider",
    "patient": "The patient's name",
    "born_on": "The patient's day of birth",
    "payer": "Name of the payer",
    "phone": "Telephone of the billing provider",
    "practice": "Name of the billing provider",
    "reasons": "The payer's reason codes, with our words for them",
    "remittances": "Trace numbers of the payments that decided it",
    "service_on": "Day of service",
    "tin": "Tax number of the billing provider",
}
SAMPLE = {name: f"[{name.replace('_', ' ')}]" for name in FIELDS}


class FieldMissing(Refused):
    """A letter asks for something that is not there."""

    code = "field_missing"


@dataclass(frozen=True, slots=True)
class Letter:
    """A template: the house's own has the number 0."""

    name: str
    number: int
    title: str
    body: str
    category: str = ""
    by: str = ""

    @property
    def version(self) -> str:
        """Its name and version, as an appeal keeps it."""
        return f"{self.name}, version {self.number}" if self.number else f"{self.name}, of the house"


CATEGORIES = {"timely": "timely_filing", "necessity": "med_necessity", "general": ""}


@cache
def of_the_house() -> Mapping[str, Letter]:
    """The letters that come with the product, by name."""
    folder = files("openmso.denials.rules").joinpath("letter_texts")
    found = {}
    for name, category in CATEGORIES.items():
        title, _, body = folder.joinpath(f"{name}.txt").read_text(encoding="utf-8").partition("\n")
        found[name] = Letter(name, 0, title.strip(), body.strip(), category)
    return found


def check(text: str) -> None:
    """Raise `FieldMissing` for a field that nothing fills in, naming it and the nearest that exist."""
    for name in FIELD.findall(text):
        if name not in FIELDS:
            near = ", ".join(one for one in FIELDS if name[:3] and one.startswith(name[:3])) or ", ".join(FIELDS)
            raise FieldMissing(f"There is no field {{{{ {name} }}}}.", field="body", fix=f"Use one of: {near}.")
    if "{{" in FIELD.sub("", text) or "}}" in FIELD.sub("", text):
        raise FieldMissing("A field is not closed: it is written {{ name }}.", field="body")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in; the table of services stays a field until the letter is printed.

    Raises `FieldMissing` where a field is unknown or there is nothing to fill it with.
    """
    check(text)

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name == LINES:
            return match[0]
        if not values.get(name, "").strip():
            raise FieldMissing(
                f"The letter asks for {FIELDS[name][:1].lower()}{FIELDS[name][1:]}, and that is not on file.",
                field=name, fix="Record it, or choose a letter that does not need it.",
            )  # fmt: skip
        return values[name].strip()

    return FIELD.sub(value, text)
