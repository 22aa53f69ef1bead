"""Forms of underpayments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from openmso.platform.ui import conditions
from openmso.underpayments.contracts import About, Owner, Treatment
from openmso.underpayments.rules.posting import EVERY

Choices = list[tuple[str, str]]


class AcceptForm(forms.Form):
    """Why a line is left as it was paid."""

    why = forms.CharField(label="Why", max_length=300)


class DisputeForm(forms.Form):
    """Whose short payments go into a packet."""

    dispute_practice = forms.ChoiceField(label="Practice")
    dispute_payer = forms.ChoiceField(label="Payer")

    def __init__(self, *args: Any, practices: Choices, payers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dispute_practice"].choices = practices  # type: ignore[attr-defined]
        self.fields["dispute_payer"].choices = payers  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """Why what a rule proposes is not done."""

    why = forms.CharField(label="Why", max_length=300)


GROUPS = {"payer": "The payer", "practice": "The practice", "line": "The line"}


class ShortCondition(conditions.ConditionForm):
    """One condition of a posting rule."""

    property = forms.ChoiceField(
        label="Property",
        choices=[
            ("", "Choose a property"),
            *(
                (label, [(one.name, one.label) for one in EVERY if one.group == group])
                for group, label in GROUPS.items()
            ),
        ],
        required=False,
    )


class RuleForm(forms.Form):
    """A version of a posting rule: about what, for whom, when, and what it proposes to whom."""

    code = forms.SlugField(label="Short name", max_length=40, help_text="Such as small-differences; it stays")
    title = forms.CharField(label="The rule in a sentence", max_length=120)
    about = forms.ChoiceField(
        label="It speaks about payments that are", choices=[(one.value, one.label) for one in About]
    )
    payer = forms.ChoiceField(label="Payer", required=False)
    treatment = forms.ChoiceField(label="It proposes", choices=[(one.value, one.label) for one in Treatment])
    owner = forms.ChoiceField(
        label="Whose work it becomes when it is taken", choices=[(one.value, one.label) for one in Owner],
        help_text="What was paid short stays with payment posting",
    )  # fmt: skip
    words = forms.CharField(label="Because", max_length=200, help_text="Stands beside the line, and as the reason")
    starts_on = forms.DateField(label="Holds from", widget=forms.DateInput(attrs={"type": "date"}))
    withdrawn = forms.BooleanField(label="Withdraw it: from that day on it proposes nothing", required=False)
    why = forms.CharField(label="Why", max_length=300, help_text="The contract, or what you have seen")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, payers: Choices, initial: Mapping[str, Any], is_new: bool
    ) -> None:
        """`initial` is what the rule says now; its conditions fill the rows."""
        super().__init__(data, initial=dict(initial))
        self.fields["payer"].choices = [("", "Every payer"), *payers]  # type: ignore[attr-defined]
        if not is_new:
            self.fields["code"].disabled = self.fields["about"].disabled = True
        else:
            del self.fields["withdrawn"]
        every, some = conditions.rows(initial.get("when"))
        self.every = conditions.forms_of(ShortCondition, data, "all", every, more=2)
        self.some = conditions.forms_of(ShortCondition, data, "any", some, more=2)

    def is_valid(self) -> bool:
        """Whether the rows are filled in, too."""
        return all([super().is_valid(), *(row.is_valid() for row in (*self.every, *self.some))])

    def when(self) -> dict[str, Any]:
        """The conditions as JSON."""
        every = [one for row in self.every if (one := row.condition())]
        some = [one for row in self.some if (one := row.condition())]
        return {"all": [*every, {"any": some}] if some else every}
