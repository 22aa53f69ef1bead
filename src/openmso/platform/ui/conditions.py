"""Conditions as a form shows them: rows of property, comparison and value, for any catalogue of properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django import forms

from openmso.kit.conditions import OPERATORS


class ConditionForm(forms.Form):
    """One condition: a property, how it is compared, and with what. Who uses it says the choices of properties."""

    property = forms.ChoiceField(label="Property", required=False)
    operator = forms.ChoiceField(
        label="Compared", choices=[(one.name, one.words) for one in OPERATORS.values()], required=False
    )
    value = forms.CharField(label="With", max_length=2000, required=False)

    def condition(self) -> dict[str, Any] | None:
        """What was typed, as JSON; none of an empty row."""
        given = self.cleaned_data
        if not given.get("property"):
            return None
        return {name: given.get(name, "") for name in ("property", "operator", "value")}


Form = TypeVar("Form", bound=ConditionForm)


def forms_of(
    form: type[Form], data: Mapping[str, Any] | None, prefix: str, filled: Sequence[Mapping[str, Any]], *, more: int
) -> list[Form]:
    """A row for each condition there is, and so many empty ones; more where more were typed."""
    count = len(filled) + more
    while data is not None and data.get(f"{prefix}{count - 1}-property"):
        count += 1
    initials = [dict(filled[number]) if number < len(filled) else None for number in range(count)]
    return [form(data, prefix=f"{prefix}{number}", initial=initial) for number, initial in enumerate(initials)]


def rows(when: Mapping[str, Any] | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The conditions of a rule as the rows of the form: those that must all hold, and those of which one must."""
    if not when:
        return [], []
    if "property" in when:
        return [_row(when)], []
    if "any" in when:
        return [], [_row(one) for one in when["any"]]
    singles = [_row(one) for one in when["all"] if "property" in one]
    groups = [one["any"] for one in when["all"] if "any" in one]
    return singles, [_row(one) for one in (groups[0] if groups else [])]


def fits(when: Mapping[str, Any] | None) -> bool:
    """Whether the form can show these conditions: all of some, and at most one group of which any must hold."""
    if not when or "property" in when:
        return True
    if "any" in when:
        return all("property" in one for one in when["any"])
    groups = [one for one in when["all"] if "property" not in one]
    return len(groups) < 2 and all("any" in one and all("property" in inner for inner in one["any"]) for one in groups)


def _row(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"property": one["property"], "operator": one["operator"], "value": ", ".join(one.get("value", []))[:2000]}
