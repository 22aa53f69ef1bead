"""Forms of claims: what a biller types, checked for its form only; the rules judge the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from openmso.charges.contracts import MODIFIERS_MAX, ChargeDraft, Drug, Occurrence, Stay, Surgery, ValueCode
from openmso.claims.contracts import LineRow
from openmso.claims.services.correcting import LineChange
from openmso.kit.money import Money
from openmso.parties.contracts import Address
from openmso.patients.contracts import CoverageDraft, Order, Person, Relationship, Sex
from openmso.platform.ui.contracts import Status
from openmso.platform.ui.fields import CodeField
from openmso.platform.ui.uploads import FileField

NDC_DIGITS = 11
_HOUR = r"^([01]\d|2[0-3])$"
ACCIDENTS = [("", "No accident"), ("AA", "Car"), ("EM", "Work"), ("OA", "Other")]


def _of(statuses: type[Status]) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in statuses]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class MendForm(forms.Form):
    """What a claim is made of, as it was when the form was opened: saved over a later change, it is refused."""

    sheet_version = forms.IntegerField(widget=forms.HiddenInput)


class LineForm(forms.Form):
    """A line as it is to be; with another code, modifier, unit or day it is priced anew."""

    code = CodeField(r"^[A-Z0-9]{5}$", label="Code", asks="five letters or digits", quiet=True)
    modifiers = forms.CharField(label="Modifiers", required=False, max_length=20)
    pointers = CodeField(r"^[A-L]{1,4}$", label="Diagnoses, as AB", asks="up to four letters from A to L", quiet=True)
    units = forms.DecimalField(label="Units", min_value=0, max_digits=8, decimal_places=3)
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=1440, required=False)
    amount = forms.DecimalField(label="Charge", min_value=0, max_digits=10, decimal_places=2, required=False)
    service_on = forms.DateField(label="Day", widget=_day(), required=False)
    service_through = forms.DateField(label="Last day of several", widget=_day(), required=False)
    ndc = forms.CharField(label="NDC, eleven digits", required=False)
    ndc_quantity = forms.DecimalField(label="Given", min_value=0, max_digits=10, decimal_places=3, required=False)
    ndc_unit = forms.ChoiceField(
        label="Measured in", choices=[(unit, unit) for unit in ("UN", "ML", "GR", "ME", "F2")], required=False
    )

    def has_changed(self) -> bool:
        """Whether something was typed besides what an empty line begins with."""
        return bool(set(self.changed_data) - {"pointers", "units", "ndc_unit"})

    def clean_modifiers(self) -> tuple[str, ...]:
        """Up to four, each of two letters or digits."""
        given = tuple(self.cleaned_data["modifiers"].upper().replace(",", " ").split())
        if len(given) > MODIFIERS_MAX or any(not (len(one) == 2 and one.isascii() and one.isalnum()) for one in given):
            raise forms.ValidationError("Up to four, each of two letters or digits: 25 59.")
        return given

    def clean_ndc(self) -> str:
        """The NDC without hyphens."""
        typed = str(self.cleaned_data["ndc"])
        given = typed.replace("-", "")
        if typed and not (len(given) == NDC_DIGITS and given.isascii() and given.isdigit()):
            raise forms.ValidationError("It has eleven digits; a shorter one is filled up with zeros: 00074-3799-02.")
        return given

    def clean(self) -> dict[str, Any]:
        """An NDC says how much was given."""
        given = super().clean() or {}
        if given.get("ndc") and not given.get("ndc_quantity"):
            self.add_error("ndc_quantity", "Say how much was given.")
        return given

    def change(self, line: LineRow) -> LineChange:
        """What the service is asked for: only what differs from the line as it stands."""
        given = self.cleaned_data
        told = {name: given[name] for name in ("code", "modifiers", "units")} | {"pointers": self._pointers()}
        new = {name: value for name, value in told.items() if value != getattr(line, name)}
        if given["amount"] is not None and Money.of(given["amount"]) != line.charged:
            new["amount"] = Money.of(given["amount"])
        days = (given["service_on"] or line.service_on, given["service_through"])
        if days != (line.service_on, line.service_through):
            new |= {"service_on": days[0], "service_through": days[1]}
        if given["minutes"] is not None and given["minutes"] != line.minutes:
            new["minutes"] = given["minutes"]
        if self._drug() != line.drug:
            new |= {"drug": self._drug()} if self._drug() else {"drugless": True}
        return LineChange(**new)

    def draft(self, otherwise: date) -> ChargeDraft:
        """What was typed, as a new charge; `otherwise` is its day where none is given."""
        given = self.cleaned_data
        return ChargeDraft(
            given["code"], given["service_on"] or otherwise, given["modifiers"], self._pointers(), given["units"],
            None if given["amount"] is None else Money.of(given["amount"]), service_through=given["service_through"],
            drug=self._drug(), minutes=given["minutes"],
        )  # fmt: skip

    def _pointers(self) -> tuple[int, ...]:
        return tuple(ord(letter) - 64 for letter in self.cleaned_data["pointers"])

    def _drug(self) -> Drug | None:
        given = self.cleaned_data
        return Drug(given["ndc"], given["ndc_quantity"], given["ndc_unit"] or "UN") if given["ndc"] else None


class ClaimForm(MendForm):
    """The claim itself, its lines, and one more."""

    diagnoses = forms.CharField(
        label="Diagnoses", help_text="ICD-10-CM in order of importance, up to twelve: E119 I10", required=False
    )
    place_of_service = CodeField(r"^\d{2}$", label="Place of service", asks="two digits: 11 is an office")
    prior_authorization = forms.CharField(label="Prior authorization", max_length=50, required=False)
    referral_number = forms.CharField(label="Referral number", max_length=50, required=False)
    referring_last_name = forms.CharField(label="Referring clinician, last name", max_length=60, required=False)
    referring_first_name = forms.CharField(label="First name", max_length=35, required=False)
    referring_npi = CodeField(r"^\d{10}$", label="NPI of who referred", asks="ten digits", required=False)
    accident = forms.ChoiceField(label="Accident", choices=ACCIDENTS, required=False)
    accident_on = forms.DateField(label="Day of the accident", widget=_day(), required=False)
    accident_state = CodeField(
        r"^[A-Z]{2}$", label="State of a car accident", asks="two letters, as ME", required=False
    )
    delay_reason = CodeField(
        r"^\d{1,2}$", label="Delay reason", asks="one or two digits, where it is filed late, with proof", required=False
    )
    payer_control = forms.CharField(label="Payer's claim number", max_length=50, required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, lines: Sequence[LineRow], **more: Any) -> None:
        super().__init__(data, **more)
        self.rows = lines
        self.lines = [LineForm(data, prefix=f"line{line.number}", initial=_first(line)) for line in lines]
        for line, form in zip(lines, self.lines, strict=True):
            form.fields["code"].required = not line.revenue_code
        self.another = LineForm(
            data, prefix="another", initial={"pointers": "A", "units": 1}, empty_permitted=True,
            use_required_attribute=False,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What is wrong with a line is told on top, too."""
        named = [(f"Line {row.number}", form) for row, form in zip(self.rows, self.lines, strict=True)]
        for name, form in [*named, ("New line", self.another)]:
            for field, errors in form.errors.items():
                self.add_error(None, f"{name}, {form.fields[field].label}: {errors[0]}")
        return super().clean() or {}

    def codes(self) -> tuple[str, ...]:
        """The diagnoses without points and commas."""
        text = self.cleaned_data["diagnoses"].upper().replace(".", "").replace(",", " ")
        return tuple(text.split())

    def changes(self) -> dict[int, LineChange]:
        """What is changed on lines, by their numbers."""
        asked = {row.number: form.change(row) for row, form in zip(self.rows, self.lines, strict=True)}
        return {number: change for number, change in asked.items() if change != LineChange()}

    def more(self) -> list[ChargeDraft]:
        """The line that was added, if one was."""
        return [self.another.draft(self.rows[0].service_on)] if self.another.has_changed() else []


def _first(line: LineRow) -> dict[str, object]:
    drug = line.drug
    return {
        "code": line.code, "modifiers": " ".join(line.modifiers), "pointers": line.letters or "A",
        "units": f"{line.units.normalize():f}", "amount": line.charged.amount, "service_on": line.service_on,
        "service_through": line.service_through, "ndc": drug.ndc if drug else "",
        "ndc_quantity": drug.quantity if drug else None, "ndc_unit": drug.unit if drug else "UN",
        "minutes": line.minutes,
    }  # fmt: skip


class VisitForm(MendForm):
    """Who rendered a visit, and where."""

    clinician = forms.ChoiceField(label="Who rendered the services", required=False)
    site = forms.ChoiceField(label="Site", required=False)


class StayForm(MendForm):
    """What a facility says of a visit; a revenue code for each line."""

    bill_type = CodeField(r"^\d{2}$", label="Type of bill", asks="two digits, as 13 or 71; the third is the frequency")
    admission_type = CodeField(r"^[1-59]$", label="Type of admission", asks="one digit: 3 is elective")
    admission_source = CodeField(r"^[0-9A-Z]$", label="Point of origin", asks="one character", required=False)
    patient_status = CodeField(r"^\d{2}$", label="Patient status", asks="two digits: 01 is home, 30 still a patient")
    admitted_on = forms.DateField(label="Admitted on", widget=_day(), required=False)
    admitted_hour = CodeField(_HOUR, label="Hour of admission", asks="00 to 23", required=False)
    discharged_hour = CodeField(_HOUR, label="Hour of discharge", asks="00 to 23", required=False)
    admitting_diagnosis = CodeField(
        r"^[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?$", label="Admitting diagnosis", asks="ICD-10-CM", required=False
    )
    attending = forms.ChoiceField(label="Who attended", required=False)
    operating = forms.ChoiceField(label="Who operated", required=False)
    visit_reasons = forms.CharField(
        label="Reasons for the visit", required=False, help_text="Why an outpatient came, up to three: R079 R0602"
    )
    procedures = forms.CharField(
        label="Procedures (ICD-10-PCS)", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Of inpatients, one a line with its day, the principal one first: 0DTJ4ZZ 2026-03-01",
    )  # fmt: skip
    conditions = forms.CharField(label="Condition codes", required=False, help_text="Two characters each: 09 17")
    occurrences = forms.CharField(
        label="Occurrence codes", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, with its day, or the days of a span: 11 2026-03-01",
    )  # fmt: skip
    values = forms.CharField(
        label="Value codes", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, with its amount: 80 5.00",
    )  # fmt: skip

    def __init__(self, *args: Any, lines: Sequence[LineRow], **more: Any) -> None:
        super().__init__(*args, **more)
        self.numbers = [line.number for line in lines]
        for line in lines:
            self.fields[f"revenue_{line.number}"] = CodeField(
                r"^\d{4}$", label=f"Revenue code of line {line.number}, {line.code or 'without a procedure'}",
                asks="four digits: 0521", initial=line.revenue_code,
            )  # fmt: skip

    def clean_conditions(self) -> tuple[str, ...]:
        """Codes of two characters."""
        return tuple(str(self.cleaned_data["conditions"]).upper().replace(",", " ").split())

    def clean_visit_reasons(self) -> tuple[str, ...]:
        """ICD-10-CM codes without points."""
        return tuple(str(self.cleaned_data["visit_reasons"]).upper().replace(".", "").replace(",", " ").split())

    def clean_procedures(self) -> tuple[Surgery, ...]:
        """ICD-10-PCS codes with their days."""
        return tuple(_surgery(parts) for parts in _rows(self.cleaned_data["procedures"]))

    def clean_occurrences(self) -> tuple[Occurrence, ...]:
        """Codes with their day or days."""
        return tuple(_occurrence(parts) for parts in _rows(self.cleaned_data["occurrences"]))

    def clean_values(self) -> tuple[ValueCode, ...]:
        """Codes with their amounts."""
        return tuple(_value(parts) for parts in _rows(self.cleaned_data["values"]))

    def revenue(self) -> dict[int, str]:
        """The revenue codes by number of line."""
        return {number: self.cleaned_data[f"revenue_{number}"] for number in self.numbers}

    def stay(self, attending: int | None, operating: int | None) -> Stay:
        """What was typed, as the service takes it."""
        given = self.cleaned_data
        names = "bill_type admission_type admission_source patient_status admitted_on admitted_hour discharged_hour"
        more = {name: given[name] for name in f"{names} admitting_diagnosis conditions occurrences values".split()}
        more |= {name: given[name] for name in ("visit_reasons", "procedures")}
        return Stay(**more, attending_id=attending, operating_id=operating)


def stay_first(stay: Stay | None) -> dict[str, object]:
    """What the form of a stay begins with."""
    if stay is None:
        return {"admission_type": "3", "patient_status": "01"}
    names = "bill_type admission_type admission_source patient_status admitted_on admitted_hour discharged_hour"
    return {name: getattr(stay, name) for name in f"{names} admitting_diagnosis".split()} | {
        "visit_reasons": " ".join(stay.visit_reasons),
        "procedures": "\n".join(f"{one.code} {one.on}" for one in stay.procedures),
        "conditions": " ".join(stay.conditions),
        "occurrences": "\n".join(f"{one.code} {one.on} {one.through or ''}".strip() for one in stay.occurrences),
        "values": "\n".join(f"{one.code} {one.amount}" for one in stay.values),
    }


def _rows(text: str) -> list[list[str]]:
    return [row.upper().split() for row in text.splitlines() if row.strip()]


def _occurrence(parts: Sequence[str]) -> Occurrence:
    try:
        code, on, *through = parts
        days = [date.fromisoformat(day) for day in (on, *through)]
        return Occurrence(code, *days)
    except (ValueError, TypeError):
        raise forms.ValidationError("Write each as a code and a day, or two: 11 2026-03-01.") from None


def _surgery(parts: Sequence[str]) -> Surgery:
    try:
        code, on = parts
        return Surgery(code, date.fromisoformat(on))
    except ValueError:
        raise forms.ValidationError("Write each as a code and its day: 0DTJ4ZZ 2026-03-01.") from None


def _value(parts: Sequence[str]) -> ValueCode:
    try:
        code, amount = parts
        return ValueCode(code, Money.of(amount.replace(",", "")).amount)
    except (ValueError, ArithmeticError):
        raise forms.ValidationError("Write each as a code and an amount: 80 5.00.") from None


class PatientForm(MendForm):
    """A patient's record as insurers know them."""

    last_name = forms.CharField(label="Last name", max_length=60)
    first_name = forms.CharField(label="First name", max_length=35)
    middle_name = forms.CharField(label="Middle name", max_length=25, required=False)
    suffix = forms.CharField(label="Suffix", max_length=10, required=False)
    born_on = forms.DateField(label="Birth date", widget=_day())
    sex = forms.ChoiceField(label="Sex", help_text="As the insurance card has it", choices=_of(Sex))
    line1 = forms.CharField(label="Street", max_length=55)
    line2 = forms.CharField(label="Apartment or unit", max_length=55, required=False)
    city = forms.CharField(label="City", max_length=30)
    state = CodeField(r"^[A-Z]{2}$", label="State", asks="two letters, as ME")
    zip = CodeField(r"^\d{5}(-?\d{4})?$", label="ZIP code", asks="five or nine digits")

    def person(self) -> Person:
        """What was typed, as a person."""
        given = self.cleaned_data
        where = Address(given["line1"], given["line2"], given["city"], given["state"], given["zip"].replace("-", ""))
        return Person(
            given["last_name"], given["first_name"], given["middle_name"], given["suffix"], given["born_on"],
            Sex(given["sex"]), where,
        )  # fmt: skip


class CoverageForm(MendForm):
    """What an insurance card says."""

    payer = forms.ChoiceField(label="Payer")
    member_id = forms.CharField(label="Member id", max_length=80, min_length=2)
    order = forms.ChoiceField(label="Asked as", choices=_of(Order))
    group_number = forms.CharField(label="Group number", max_length=50, required=False)
    plan_name = forms.CharField(label="Plan", max_length=60, required=False)
    starts_on = forms.DateField(label="Holds from", widget=_day())
    ends_on = forms.DateField(
        label="Ends on", help_text="The first day it no longer holds", widget=_day(), required=False
    )
    insurance_type = CodeField(
        r"^\d{2}$", label="Insurance type", asks="two digits, 12 to 47, where Medicare is second", required=False
    )
    relationship = forms.ChoiceField(label="The patient is the subscriber's", choices=_of(Relationship))
    subscriber_last_name = forms.CharField(label="Subscriber, last name", max_length=60, required=False)
    subscriber_first_name = forms.CharField(label="First name", max_length=35, required=False)
    subscriber_born_on = forms.DateField(label="Birth date", widget=_day(), required=False)

    def draft(self, payer_id: int, holder: Person) -> CoverageDraft:
        """What was typed, as a coverage; of the subscriber what is not asked stays as it is with `holder`."""
        given = self.cleaned_data
        relationship = Relationship(given["relationship"])
        subscriber = holder.called(*(given[f"subscriber_{name}"] for name in ("last_name", "first_name", "born_on")))
        return CoverageDraft(
            payer_id, given["member_id"], given["starts_on"], given["ends_on"], Order(given["order"]),
            given["group_number"], given["plan_name"], relationship,
            None if relationship is Relationship.SELF else subscriber, insurance_type=given["insurance_type"],
        )  # fmt: skip


class WhyForm(forms.Form):
    """A reason in words."""

    why = forms.CharField(label="Why", max_length=300)


class AcknowledgementForm(forms.Form):
    """A file of answers."""

    practice = forms.ChoiceField(label="Practice")
    file = FileField(
        label="File of answers", purpose="claims.acknowledgement", kinds="TA1, 999 or 277CA",
        help_text="The same file twice is taken in once.",
    )  # fmt: skip


class FollowUpForm(forms.Form):
    """When a payer is asked about claims that it has not answered."""

    days = forms.IntegerField(label="Days after a claim left", min_value=1, max_value=365)
    again_days = forms.IntegerField(
        label="Again after", min_value=1, max_value=365, help_text="Days without a decision."
    )
    asks_max = forms.IntegerField(label="At most", min_value=1, max_value=20, help_text="Times for one claim.")
