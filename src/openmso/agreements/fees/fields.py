"""The fields in which a person writes the terms of a fee; whoever asks for terms on a page has this form in theirs."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from openmso.agreements.fees.reading import terms_of
from openmso.agreements.fees.terms import FeeTerms, Flat, Percent, PerUnit
from openmso.agreements.fees.writing import terms_json
from openmso.kit import exactjson
from openmso.kit.errors import Refused

UNITS = ("claim", "visit", "provider")
"""What has a field for its price."""


class FeeForm(forms.Form):
    """The fee: the usual components by field, or any terms as JSON."""

    flat = forms.DecimalField(label="A fixed amount a month", min_value=0, decimal_places=2, required=False)
    percent = forms.DecimalField(
        label="Percent of net collections", min_value=0, max_value=100, decimal_places=4, required=False
    )
    exclude = forms.CharField(
        label="Leaving out",
        required=False,
        max_length=200,
        help_text="Kinds of payers with commas, such as medicaid",
    )
    claim = forms.DecimalField(label="For each claim", min_value=0, decimal_places=2, required=False)
    visit = forms.DecimalField(label="For each visit", min_value=0, decimal_places=2, required=False)
    provider = forms.DecimalField(label="For each provider a month", min_value=0, decimal_places=2, required=False)
    minimum = forms.DecimalField(label="At least, a month", min_value=0, decimal_places=2, required=False)
    cap = forms.DecimalField(label="At most, a month", min_value=0, decimal_places=2, required=False)
    fee_json = forms.CharField(
        label="Or the terms as JSON", required=False, max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10, "class": "code", "spellcheck": "false"}),
        help_text="Tiers, cost-plus, lesser-of, other units (payment_posted, denial_worked, appeal, task …) and all "
        "else; it takes the place of the fields above",
    )  # fmt: skip

    def fee(self) -> FeeTerms | None:
        """The terms as typed; nothing where nothing was typed. Raises `BadTerms`."""
        given = self.cleaned_data
        if given.get("fee_json"):
            return terms_of(self.parsed(given["fee_json"]), "fee_json")
        components: list[dict[str, Any]] = []
        if given.get("flat") is not None:
            components.append({"kind": "flat", "amount": given["flat"]})
        if given.get("percent"):
            exclude = [one.strip() for one in given.get("exclude", "").split(",") if one.strip()]
            of = {"name": "net_collections"} | ({"exclude": exclude} if exclude else {})
            components.append({"kind": "percent", "rate": given["percent"] / 100, "of": of})
        components += [{"kind": "per_unit", "unit": unit, "price": given[unit]} for unit in UNITS if given.get(unit)]
        limits = {key: given[key] for key in ("minimum", "cap") if given.get(key) is not None}
        return terms_of({"period": "month", "components": components} | limits) if components else None

    def clean(self) -> dict[str, Any]:
        """The fee is read once here, so that what is wrong stands beside its field."""
        cleaned = super().clean() or {}
        self.cleaned_data = cleaned
        try:
            cleaned["fee"] = None if self.errors else self.fee()
        except Refused as no:
            field = no.field if no.field in self.fields else "fee_json" if cleaned.get("fee_json") else None
            where = f"{no.field}: " if field == "fee_json" and no.field != "fee_json" else ""
            self.add_error(field, f"{where}{no.sentence} {no.fix}".strip())
        return cleaned

    @staticmethod
    def parsed(text: str) -> Any:
        """JSON as typed, numbers without loss; refused where it is none."""
        try:
            return exactjson.loads(text)
        except (ValueError, RecursionError) as no:
            raise Refused(f"This is not JSON: {no}.", field="fee_json", fix="Check commas and quotes.") from None

    @staticmethod
    def initial_of_fee(fee: FeeTerms) -> dict[str, Any]:
        """The fields that say terms which are there already: the usual ones where they say all of it, else JSON."""
        said = _usual(fee)
        form = FeeForm({key: str(value) for key, value in said.items()})
        if said and form.is_valid() and form.cleaned_data["fee"] == fee:
            return said
        return {"fee_json": json.dumps(terms_json(fee), indent=2)}


def _usual(fee: FeeTerms) -> dict[str, Any]:
    """What the fields of the usual components would say of terms; not all of it where those say more."""
    said: dict[str, Any] = {}
    for one in fee.components:
        match one:
            case Flat():
                said["flat"] = one.amount.amount
            case Percent():
                said["percent"] = f"{(one.rates[0].rate * 100).normalize():f}"
                said["exclude"] = ", ".join(one.of.terms[0].exclude)
            case PerUnit() if one.unit in UNITS:
                said[one.unit] = one.price.amount
            case _:
                return {}
    limits = {"minimum": fee.minimum, "cap": fee.cap}
    return said | {key: limit.amount.amount for key, limit in limits.items() if limit is not None}
