"""Forms of denials: what a person types, checked for its form only."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.denials.contracts import Category, Cause, Method, Owner
from openmso.denials.rules import causes, mapping
from openmso.denials.states import A
from openmso.platform.ui.uploads import FileField


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label="Why", max_length=300)


class AskForm(forms.Form):
    """What the payer was asked, and when to look again."""

    note = forms.CharField(label="What was asked, and whom", max_length=600)
    until = forms.DateField(label="Look again on", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class CauseForm(forms.Form):
    """Who caused it."""

    cause = forms.ChoiceField(label="Caused by", choices=[(one.value, one.label) for one in Cause])
    why = forms.CharField(label="What shows it", max_length=300)


class MapForm(forms.Form):
    """A line of the network's own map."""

    group = forms.ChoiceField(
        label="Group", required=False, choices=[("", "Any"), *((one, one) for one in ("CO", "OA", "PI"))]
    )
    reason = forms.RegexField(r"^[A-Za-z]?\d{1,3}$|^[A-Za-z]\d$", label="Reason code (CARC)", required=False)
    remark = forms.RegexField(r"^[A-Za-z]{1,2}\d{1,4}$", label="Remark code (RARC)", required=False)
    payer = forms.ChoiceField(label="Payer", required=False)
    category = forms.ChoiceField(label="Kind", choices=[(one.value, one.label) for one in Category])
    owner = forms.ChoiceField(label="Queue", choices=[(one.value, one.label) for one in Owner])
    action = forms.ChoiceField(label="First thing to do")
    stage = forms.ChoiceField(label="Where it could have been caught", required=False)
    why = forms.CharField(label="Why", max_length=300, help_text="The payer's document, or what you have seen")
    withdrawn = forms.BooleanField(label="Withdraw: let the house's own map hold again", required=False)

    def __init__(self, *args: Any, payers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"payer": [("", "Any"), *payers]}
        words = sorted(((name, said) for name, (_, said) in mapping.actions().items()), key=lambda one: one[1])
        choices["action"] = words
        stages = [(name, said[:1].upper() + said[1:]) for name, said in causes.STAGES.items()]
        choices["stage"] = [("", "Not by us"), *stages]
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField), "each of them offers a choice"
            field.choices = offered


class LimitForm(forms.Form):
    """Up to what one person writes off alone."""

    amount = forms.DecimalField(label="Without approval up to", min_value=0, max_digits=10, decimal_places=2)
    why = forms.CharField(label="Why", max_length=300)


class LetterForm(forms.Form):
    """The text of an appeal's letter."""

    title = forms.CharField(label="About", max_length=200)
    body = forms.CharField(
        label="Letter", max_length=20_000, widget=forms.Textarea(attrs={"rows": 18}),
        help_text="An empty line makes a paragraph; {{ lines }} is the table of services.",
    )  # fmt: skip


class TemplateForm(LetterForm):
    """A letter of the network, and the kind of denial that it fits best."""

    category = forms.ChoiceField(
        label="Fits best", required=False, choices=[("", "Any kind"), *((one.value, one.label) for one in Category)]
    )


class EncloseForm(forms.Form):
    """A document that goes with an appeal, or shows that it left."""

    file = FileField(label="Document", purpose="denials.enclosure", kinds="PDF, image or text")
    is_proof = forms.BooleanField(label="It shows that the appeal left", required=False)


class SendForm(forms.Form):
    """How an appeal left, and what shows it."""

    method = forms.ChoiceField(label="How", choices=[(one.value, one.label) for one in Method])
    proof = forms.CharField(
        label="What shows it", max_length=300, help_text="Tracking number, fax confirmation, number of the portal"
    )
    sent_on = forms.DateField(
        label="Sent on", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Empty: today"
    )


class AnswerForm(forms.Form):
    """What the payer answered."""

    outcome = forms.ChoiceField(label="Outcome", choices=[(one.value, one.label) for one in (A.WON, A.PARTLY, A.LOST)])
    amount = forms.DecimalField(
        label="It will pay", required=False, min_value=0, max_digits=10, decimal_places=2,
        help_text="Empty for one that was won whole, or lost",
    )  # fmt: skip
    answered_on = forms.DateField(
        label="Answered on", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Empty: today"
    )
    note = forms.CharField(label="What it said", required=False, max_length=600)


class DropForm(forms.Form):
    """Why a draft is given up."""

    why = forms.CharField(label="Why", max_length=300)
