"""Forms of contracting: the terms of a version as people write them, and what a code would bring."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from openmso.contracting.contracts import Terms, Version
from openmso.contracting.rules import schedules
from openmso.kit.errors import Refused

DAY = forms.DateInput(attrs={"type": "date"})
Choices = list[tuple[str, str]]
BYTES_MAX = 5_000_000


class TermsForm(forms.Form):
    """A version of a contract."""

    contract_starts_on = forms.DateField(label="From", widget=DAY)
    contract_ends_on = forms.DateField(
        label="Until before", widget=DAY, required=False, help_text="Empty: until the next version begins"
    )
    wording = forms.CharField(
        label="Terms", max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="A line for each, the first that fits a code holds. 99202-99499: 110% of Medicare 2026 in 15202/00 · "
        "J0000-J9999: 80% of charge · 17311: $450.00 each · D0000-D9999: not paid · all: fee schedule",
    )  # fmt: skip
    rates = forms.CharField(
        label="Fee schedule", required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="A line for each: code, modifier, non-facility, facility. 99213, 92.40 is one, too",
    )  # fmt: skip
    rates_file = forms.FileField(
        label="Fee schedule from a CSV",
        required=False,
        help_text="In place of what is typed above",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
    )
    procedures = forms.CharField(
        label="Several procedures of a day", max_length=60, initial="medicare",
        help_text="medicare, none, or 100/50/25 by fee (by facility value, by charge)",
    )  # fmt: skip
    bilateral = forms.DecimalField(
        label="Both sides, percent", min_value=Decimal(100), max_value=Decimal(200), max_digits=6, decimal_places=2,
        initial=150,
    )  # fmt: skip
    lesser_of_charge = forms.BooleanField(label="Never more than the charge", required=False, initial=True)
    sequestration = forms.BooleanField(label="2% of each payment is kept (sequestration)", required=False)
    limits = forms.CharField(
        label="Time limits", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A line for each. initial: 180 days from service · corrected: 90 days from remittance · "
        "secondary: 90 days from primary remittance · appeal: 60 days from remittance",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The fee schedule of the file, or else of the text, read into amounts."""
        given: dict[str, Any] = super().clean() or {}
        sent = given.get("rates_file")
        try:
            given["listed"] = schedules.read(_text(sent) if sent else given.get("rates", ""))
        except Refused as no:
            self.add_error("rates_file" if sent else "rates", f"{no.sentence} {no.fix}")
        return given

    def terms(self) -> Terms:
        """The terms as typed."""
        given = self.cleaned_data
        return Terms(
            given["wording"], given["limits"], given["procedures"], given["bilateral"] / 100,
            given["lesser_of_charge"], given["sequestration"], given["listed"],
        )  # fmt: skip


class NewForm(TermsForm):
    """The first version of a contract, with whom."""

    contract_practice = forms.ChoiceField(label="Practice")
    contract_payer = forms.ChoiceField(label="Payer")
    field_order = ("contract_practice", "contract_payer")

    def __init__(self, *args: Any, practices: Choices, payers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contract_practice"].choices = practices  # type: ignore[attr-defined]
        self.fields["contract_payer"].choices = payers  # type: ignore[attr-defined]


def initial(version: Version | None, today: date) -> dict[str, Any]:
    """What a form begins with: the version before, or nothing but today."""
    if version is None:
        return {"contract_starts_on": today}
    terms = version.terms
    return {
        "contract_starts_on": version.days.starts_on, "contract_ends_on": version.days.ends_on,
        "wording": terms.wording, "limits": terms.limits, "rates": schedules.written(terms.rates),
        "procedures": terms.procedures, "bilateral": (terms.bilateral * 100).quantize(Decimal("0.01")),
        "lesser_of_charge": terms.lesser_of_charge, "sequestration": terms.sequestration,
    }  # fmt: skip


class PriceForm(forms.Form):
    """A line whose price is tried."""

    tried = forms.RegexField(
        r"^[A-Za-z0-9]{5}(-[A-Za-z0-9]{2}){0,4}$",
        label="Code",
        max_length=17,
        initial="99213",
        help_text="With modifiers: 92250-26",
    )
    units = forms.DecimalField(label="Units", min_value=Decimal("0.001"), max_digits=9, decimal_places=3, initial=1)
    pos = forms.RegexField(r"^\d{2}$", label="Place of service", max_length=2, initial="11")
    charge = forms.DecimalField(
        label="Charge", min_value=Decimal(0), max_digits=10, decimal_places=2, initial="140.00"
    )  # fmt: skip


def _text(sent: Any) -> str:
    if sent.size > BYTES_MAX:
        raise forms.ValidationError("The file has more than 5 MB.")
    octets: bytes = sent.read()
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", errors="replace")
