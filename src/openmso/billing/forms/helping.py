"""Forms of charity care."""

from __future__ import annotations

from django import forms

from openmso.billing.rules.charity import HOUSEHOLD_MAX
from openmso.billing.states import Ground
from openmso.platform.ui.uploads import FileField

KINDS, ENDS = "PDF or a picture", ("pdf", "png", "jpg", "jpeg", "tif", "tiff")


class ApplicationForm(forms.Form):
    """Household and income, with a proof."""

    household = forms.IntegerField(label="Persons in the household", min_value=1, max_value=HOUSEHOLD_MAX)
    income = forms.DecimalField(label="Income of the household, a year", max_digits=11, decimal_places=2, min_value=0)
    proof = FileField(
        label="Proof of income", required=False, help_text="A tax return or pay stubs.", purpose="billing.proof",
        kinds=KINDS, ends=ENDS,
    )  # fmt: skip


class PresumptionForm(forms.Form):
    """The fact by which help is presumed, and what documents it."""

    ground = forms.ChoiceField(label="What is known", choices=[(one.value, one.label) for one in Ground])
    evidence = forms.CharField(
        label="What documents it", max_length=200, required=False,
        help_text="The paper or the record that shows it. Medicaid is looked up among the coverages.",
    )  # fmt: skip
    proof = FileField(label="A file that shows it", required=False, purpose="billing.proof", kinds=KINDS, ends=ENDS)


class ProofForm(forms.Form):
    """Another proof of an application."""

    proof = FileField(label="File", purpose="billing.proof", kinds=KINDS, ends=ENDS)
