"""Forms of rules: what a biller types on screen, made into the text that the service judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from openmso.claims.rules.catalogue import TITLE_MAX, WORDS_MAX, Action
from openmso.claims.rules.properties import EVERY
from openmso.parties.contracts import PayerKind, Specialty
from openmso.platform.ui import conditions

ROWS_MORE = 2
"""Empty rows below those that are filled."""
LISTS = ("payers", "payer_kinds", "specialties", "practices")
GROUPS = {
    "claim": "The claim", "patient": "The patient", "coverage": "The coverage", "payer": "The payer",
    "biller": "Who bills", "rendering": "Who rendered", "referring": "Who referred", "site": "The site",
    "practice": "The practice", "line": "Each line",
}  # fmt: skip


def _properties() -> list[Any]:
    named = {group: [(one.name, one.label) for one in EVERY if one.group == group] for group in GROUPS}
    return [("", "Choose a property"), *((GROUPS[group], choices) for group, choices in named.items())]


def _select(label: str, choices: Sequence[tuple[str, str]] = (), hint: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, help_text=hint, widget=forms.SelectMultiple(attrs={"size": 5})
    )


class ConditionForm(conditions.ConditionForm):
    """One condition of a rule of the scrubber."""

    property = forms.ChoiceField(label="Property", choices=_properties, required=False)


class RuleForm(forms.Form):
    """A rule: what it says, which claims it is asked of, and the conditions under which it hits one."""

    title = forms.CharField(label="The rule in a sentence", max_length=TITLE_MAX)
    action = forms.ChoiceField(
        label="What it does",
        choices=[
            (Action.WARN, "Warns: the claim goes out"),
            (Action.HOLD, "Holds: the claim waits until it is mended or somebody gives a reason"),
            (Action.BLOCK, "Blocks: only who makes rules live can let it go"),
        ],
    )
    words = forms.CharField(label="What it says to the biller", max_length=WORDS_MAX)
    fix = forms.CharField(label="What mends it", max_length=WORDS_MAX)
    evidence = forms.CharField(label="Evidence", help_text="The payer's document or page", max_length=300)
    payers = _select("Payers", hint="None chosen: all")
    payer_kinds = _select("Kinds of payer", [(one.value, one.label) for one in PayerKind])
    practices = _select("Practices", hint="None chosen: the whole network")
    specialties = _select("Specialties", [(one.value, one.label) for one in Specialty])
    states = forms.CharField(label="States", help_text="Two letters each, as ME NH", max_length=120, required=False)
    service_from = forms.DateField(
        label="Services from", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    service_until = forms.DateField(
        label="Services before", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        payers: Sequence[tuple[str, str]],
        practices: Sequence[tuple[str, str]],
        text: Mapping[str, Any] | None = None,
    ) -> None:
        """`text` is what the rule says now; its conditions fill the rows."""
        kept = text or {}
        scope = dict(kept.get("scope") or {})
        initial = {name: kept.get(name, "") for name in ("title", "action", "words", "fix", "evidence")}
        initial |= scope | {"states": " ".join(scope.get("states") or [])}
        super().__init__(data, initial=initial)
        self.fields["payers"].choices = list(payers)  # type: ignore[attr-defined]
        self.fields["practices"].choices = list(practices)  # type: ignore[attr-defined]
        every, some = conditions.rows(kept.get("when"))
        self.every = conditions.forms_of(ConditionForm, data, "all", every, more=ROWS_MORE + 1)
        self.some = conditions.forms_of(ConditionForm, data, "any", some, more=ROWS_MORE)

    @property
    def scope_fields(self) -> list[forms.BoundField]:
        """The fields that say which claims it is asked of."""
        return [self[name] for name in (*LISTS, "states", "service_from", "service_until")]

    @property
    def text_fields(self) -> list[forms.BoundField]:
        """The fields that say what it says."""
        return [self[name] for name in ("title", "action", "words", "fix", "evidence")]

    def is_valid(self) -> bool:
        """Whether the rows are filled in, too."""
        return all([super().is_valid(), *(row.is_valid() for row in (*self.every, *self.some))])

    def text(self) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        given = self.cleaned_data
        scope = {name: given[name] for name in LISTS if given[name]}
        scope |= {"states": given["states"].upper().replace(",", " ").split()} if given["states"] else {}
        scope |= {name: str(given[name]) for name in ("service_from", "service_until") if given[name]}
        every = [one for row in self.every if (one := row.condition())]
        some = [one for row in self.some if (one := row.condition())]
        parts = [*every, {"any": some}] if some else every
        said = {name: given[name] for name in ("title", "action", "words", "fix", "evidence")}
        return {**said, "scope": scope, "when": {"all": parts}}


class AdjustmentForm(forms.Form):
    """What a rule of the house does otherwise, where, and why."""

    title = forms.CharField(label="The adjustment in a sentence", max_length=TITLE_MAX)
    action = forms.ChoiceField(
        label="What the rule does there",
        choices=[(Action.OFF, "It is switched off"), (Action.WARN, "It warns"), (Action.HOLD, "It holds the claim")],
    )
    evidence = forms.CharField(label="Why", help_text="The payer's document, or the reason", max_length=300)
    payers = _select("Payers", hint="None chosen: all")
    practices = _select("Practices", hint="None chosen: the whole network")
    service_from = forms.DateField(
        label="Services from", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        payers: Sequence[tuple[str, str]],
        practices: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self.fields["payers"].choices = list(payers)  # type: ignore[attr-defined]
        self.fields["practices"].choices = list(practices)  # type: ignore[attr-defined]

    def text(self, of: str) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        given = self.cleaned_data
        scope = {name: given[name] for name in ("payers", "practices") if given[name]}
        scope |= {"service_from": str(given["service_from"])} if given["service_from"] else {}
        said = {name: given[name] for name in ("title", "action", "evidence")}
        return {**said, "of": of, "scope": scope}


class LiveForm(forms.Form):
    """From when a draft is in force, and why."""

    starts_on = forms.DateField(label="In force from", widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label="Why", max_length=300, min_length=5)
