"""Forms of eligibility."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.eligibility.contracts import ANSWER, Permit
from openmso.patients.contracts import CoverageDraft, Order, Person, PlanKind, Relationship
from openmso.platform.ui.fields import CodeField
from openmso.platform.ui.uploads import FileField


class TakeForm(forms.Form):
    """A file of answers and the practice that asked."""

    practice = forms.ChoiceField(label="Practice")
    file = FileField(label="Answers", purpose=ANSWER, kinds="271 files")

    def __init__(self, *args: Any, practices: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["practice"].choices = list(practices)  # type: ignore[attr-defined]


class CoverageForm(forms.Form):
    """A payer that an answer found, as a coverage."""

    payer = forms.ChoiceField(label="Payer of the register")
    member_id = forms.CharField(label="Member id", max_length=80)
    starts_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    replaces = forms.BooleanField(
        label="It takes the place of the coverage that was asked about, which ends then", required=False
    )
    order = forms.ChoiceField(
        label="Otherwise, its place", choices=[(one.value, one.label) for one in Order], required=False,
        initial=Order.SECONDARY.value,
    )  # fmt: skip

    def __init__(self, *args: Any, payers: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["payer"].choices = [("", "Choose a payer"), *payers]  # type: ignore[attr-defined]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class CardForm(forms.Form):
    """A coverage as the patient's card says it."""

    payer = forms.ChoiceField(label="Payer")
    member_id = forms.CharField(label="Member id", max_length=80, min_length=2)
    group_number = forms.CharField(label="Group number", max_length=50, required=False)
    starts_on = forms.DateField(label="Holds from", widget=_day())
    replaces = forms.ChoiceField(
        label="Instead of", help_text="That coverage ends on the day from which this one holds.", required=False
    )
    order = forms.ChoiceField(label="Asked as", choices=[(one.value, one.label) for one in Order])
    relationship = forms.ChoiceField(
        label="The patient is the subscriber's", choices=[(one.value, one.label) for one in Relationship]
    )
    subscriber_last_name = forms.CharField(
        label="Subscriber, last name", help_text="Only where that is not the patient", max_length=60, required=False
    )
    subscriber_first_name = forms.CharField(label="Subscriber, first name", max_length=35, required=False)
    subscriber_born_on = forms.DateField(label="Subscriber, birth date", widget=_day(), required=False)

    def __init__(self, *args: Any, payers: Any = (), held: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["payer"].choices = [("", "Choose a payer"), *payers]  # type: ignore[attr-defined]
        self.fields["replaces"].choices = [("", "Nothing: it stands beside the others"), *held]  # type: ignore[attr-defined]

    def draft(self, payer_id: int, patient: Person) -> CoverageDraft:
        """What was typed; a subscriber whose address nobody asked for lives where the patient does."""
        given = self.cleaned_data
        relationship = Relationship(given["relationship"])
        told = (given[f"subscriber_{name}"] for name in ("last_name", "first_name", "born_on"))
        holder = Person("", "", address=patient.address).called(*told)
        return CoverageDraft(
            payer_id, given["member_id"].strip(), given["starts_on"], order=Order(given["order"]),
            group_number=given["group_number"], relationship=relationship,
            subscriber=None if relationship is Relationship.SELF else holder,
        )  # fmt: skip


class _CodesForm(forms.Form):
    """A payer's permit for a range of codes on some days."""

    payer = forms.ChoiceField(label="Payer")
    kind = forms.ChoiceField(label="What it is", choices=[(one.value, one.label) for one in Permit])
    first_code = CodeField(r"^[A-Z0-9]{5}$", label="First code", asks="five letters or digits")
    last_code = CodeField(r"^[A-Z0-9]{5}$", label="Last code of a range", asks="five letters or digits", required=False)
    starts_on = forms.DateField(label="From", widget=_day())

    def __init__(self, *args: Any, payers: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["payer"].choices = [("", "Choose a payer"), *payers]  # type: ignore[attr-defined]

    def codes(self) -> tuple[str, str]:
        """The range; one code is a range of its own."""
        given = self.cleaned_data
        return given["first_code"], given["last_code"] or given["first_code"]


class RouteForm(forms.Form):
    """Words of reasons and the kind of plan that such visits go to."""

    practice = forms.ChoiceField(label="Practice")
    words = forms.CharField(label="Words of the reason", help_text="As: routine eye exam", max_length=80)
    plan = forms.ChoiceField(label="Plan that is asked first", choices=[(one.value, one.label) for one in PlanKind])

    def __init__(self, *args: Any, practices: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["practice"].choices = list(practices)  # type: ignore[attr-defined]


class AuthorizationForm(_CodesForm):
    """A payer's yes for a patient."""

    patient = forms.CharField(label="Patient", help_text="Number (PAT-…) or record number", max_length=60)
    number = forms.CharField(label="Number of the payer", max_length=50)
    ends_on = forms.DateField(label="Last day", widget=_day())
    units = forms.DecimalField(
        label="Units", min_value=0, max_digits=8, decimal_places=2, required=False,
        help_text="Empty for as many as are needed",
    )  # fmt: skip
    note = forms.CharField(label="Note", max_length=200, required=False)
    field_order = ("patient", "payer", "kind", "number")


class RequestForm(_CodesForm):
    """What a payer is asked to authorize or refer."""

    patient = forms.CharField(label="Patient", help_text="Number (PAT-…) or record number", max_length=60)
    ends_on = forms.DateField(label="Last day", widget=_day())
    units = forms.DecimalField(label="Units", min_value=0, max_digits=8, decimal_places=2, required=False)
    place = CodeField(r"^\d{2}$", label="Place of service", asks="two digits", initial="11")
    diagnoses = forms.CharField(label="Diagnoses", help_text="ICD-10-CM: F33.1 F41.1", required=False)
    field_order = ("patient", "payer", "kind", "first_code", "units", "diagnoses", "place", "starts_on", "ends_on")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        del self.fields["last_code"]
        self.fields["first_code"].label = "Code of the service"

    def clean_diagnoses(self) -> tuple[str, ...]:
        """Codes without points."""
        given = tuple(str(self.cleaned_data["diagnoses"]).upper().replace(",", " ").replace(".", "").split())
        if any(not (one.isascii() and one.isalnum() and 3 <= len(one) <= 7) for one in given):
            raise forms.ValidationError("Letters and digits, three to seven each: F331 F411.")
        return given


class RuleForm(_CodesForm):
    """What a payer asks for."""

    practice = forms.ChoiceField(label="Practice")
    ends_on = forms.DateField(label="First day it no longer holds", widget=_day(), required=False)
    places = forms.CharField(label="Places of service", help_text="As 11 22; empty for any", required=False)
    diagnoses = forms.CharField(
        label="Diagnoses that begin with", help_text="As F32 F33; empty for any", required=False
    )
    source = forms.CharField(label="Where the payer says so", max_length=200)
    field_order = ("practice", "payer", "kind")

    def __init__(self, *args: Any, practices: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["practice"].choices = list(practices)  # type: ignore[attr-defined]

    def clean_places(self) -> tuple[str, ...]:
        """Codes of two digits."""
        given = tuple(str(self.cleaned_data["places"]).replace(",", " ").split())
        if any(not (len(one) == 2 and one.isascii() and one.isdigit()) for one in given):
            raise forms.ValidationError("Two digits each: 11 22.")
        return given

    def clean_diagnoses(self) -> tuple[str, ...]:
        """Beginnings of ICD-10-CM codes, without points."""
        given = tuple(str(self.cleaned_data["diagnoses"]).upper().replace(",", " ").replace(".", "").split())
        if any(not (one.isascii() and one.isalnum() and len(one) <= 7) for one in given):
            raise forms.ValidationError("Letters and digits, up to seven each: F32 F33.")
        return given
