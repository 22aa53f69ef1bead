"""Forms of the papers that go along with agreements: their terms by kind, signing, ending, and what is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import formset_factory

from openmso.agreements.contracts import Mode
from openmso.agreements.forms.agreements import DAY, PaperForm
from openmso.agreements.paper.companions import (
    ALWAYS_CLINICAL,
    COMPANION,
    TERMS,
    Asset,
    AssetKind,
    CompanionKind,
    Disposition,
    Term,
    TermKind,
)
from openmso.agreements.paper.needs import Need
from openmso.agreements.queries.companions import Companion
from openmso.parties.contracts import Clinician
from openmso.platform.access.registry import LINES
from openmso.platform.ui.uploads import FileField

ROWS_MORE = 4


class AssetForm(forms.Form):
    """A line of an asset list; an empty one is left out."""

    name = forms.CharField(label="Asset", max_length=160, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[(one.value, one.label) for one in AssetKind], required=False,
                             initial=AssetKind.EQUIPMENT.value)  # fmt: skip
    is_clinical = forms.BooleanField(label="Clinical", required=False)
    disposition = forms.ChoiceField(
        label="What happens to it", choices=[(one.value, one.label) for one in Disposition], required=False
    )
    amount = forms.DecimalField(label="Value", min_value=0, max_digits=14, decimal_places=2, required=False)

    def asset(self) -> Asset | None:
        """The line, unless it is empty; a kind that is always clinical is so without being ticked."""
        given = self.cleaned_data
        if not given.get("name", "").strip():
            return None
        kind = AssetKind(given["kind"] or AssetKind.EQUIPMENT.value)
        return Asset(
            given["name"].strip(), kind, given["is_clinical"] or kind in ALWAYS_CLINICAL,
            Disposition(given["disposition"] or Disposition.STAYS.value), given["amount"] or Decimal(0),
        )  # fmt: skip


AssetRows = formset_factory(AssetForm, extra=ROWS_MORE, max_num=500)


class CompanionForm(forms.Form):
    """The terms of a paper of a kind, with its days; an asset list has lines besides."""

    def __init__(
        self, *args: Any, kind: CompanionKind, clinicians: Sequence[Clinician], before: Companion | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        if before is not None:
            kwargs["initial"] = {
                **before.terms, "starts_on": before.starts_on, "note": before.note, "last_on": _last(before.ends_on),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.kind = kind
        for term in TERMS[kind]:
            self.fields[term.name] = _field(term, clinicians)
        self.fields["starts_on"] = forms.DateField(label="In force from", widget=DAY)
        self.fields["last_on"] = forms.DateField(
            label="Last day", widget=DAY, required=False, help_text="Empty: no agreed end"
        )
        self.fields["note"] = forms.CharField(label="Note", max_length=200, required=False)
        self.assets: Any = None
        if kind is CompanionKind.ASSETS:
            initial = [vars_of(one) for one in before.assets] if before else None
            self.assets = AssetRows(args[0] if args else None, initial=initial, prefix="assets")

    def is_valid(self) -> bool:
        """Whether the terms and every line are."""
        return super().is_valid() and (self.assets is None or self.assets.is_valid())

    def given(self) -> dict[str, Any]:
        """The terms by name."""
        return {term.name: self.cleaned_data[term.name] for term in TERMS[self.kind]}

    def ends_on(self) -> date | None:
        """The first day on which it no longer holds."""
        last: date | None = self.cleaned_data["last_on"]
        return date.fromordinal(last.toordinal() + 1) if last else None

    def lines(self) -> tuple[Asset, ...]:
        """The lines of an asset list."""
        rows = (row.asset() for row in self.assets) if self.assets is not None else ()
        return tuple(one for one in rows if one is not None)


def vars_of(one: Asset) -> dict[str, Any]:
    """A line as the values of its row."""
    return {
        "name": one.name, "kind": one.kind.value, "is_clinical": one.is_clinical,
        "disposition": one.disposition.value, "amount": one.amount,
    }  # fmt: skip


def _field(term: Term, clinicians: Sequence[Clinician]) -> forms.Field:
    said: dict[str, Any] = {"label": term.label, "required": term.needed, "help_text": term.note}
    match term.kind:
        case TermKind.MONEY:
            return forms.DecimalField(**said, min_value=0, max_digits=11, decimal_places=2)
        case TermKind.RATE:
            return forms.DecimalField(**said, min_value=0, max_value=100, decimal_places=2)
        case TermKind.DAY:
            return forms.DateField(**said, widget=DAY)
        case TermKind.FLAG:
            return forms.BooleanField(**said | {"required": False})
        case TermKind.CHOICE:
            return forms.ChoiceField(**said, choices=list(term.choices))
        case TermKind.MANY:
            return forms.MultipleChoiceField(**said, choices=list(term.choices), widget=forms.CheckboxSelectMultiple)
        case TermKind.CLINICIAN:
            known = [(one.public_id, f"{one.name}, {one.licence_state or 'no licence on file'}") for one in clinicians]
            return forms.ChoiceField(**said, choices=known)
        case _:
            return forms.CharField(**said, max_length=300)


class SignedCompanionForm(PaperForm):
    """The signed paper and who signed it."""

    document = FileField(label="Signed document", purpose=COMPANION, kinds="PDF", ends=("pdf",))
    mso_signer = forms.CharField(label="Who signed for the MSO, and as what", max_length=120)
    practice_signer = forms.CharField(label="Who signed for the practice, and as what", max_length=120)
    signed_on = forms.DateField(label="Signed on", widget=DAY)


class NeedForm(forms.Form):
    """Which agreements need a kind of paper."""

    modes = forms.MultipleChoiceField(
        label="Modes", choices=[(one.value, one.label) for one in Mode], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="None chosen: every mode",
    )  # fmt: skip
    states = forms.CharField(label="States", max_length=240, required=False, help_text="As OR CA; empty: all")
    lines = forms.MultipleChoiceField(
        label="Where one of these lines is in scope", choices=list(LINES.items()), required=False,
        widget=forms.CheckboxSelectMultiple, help_text="None chosen: whatever is in scope",
    )  # fmt: skip
    blocks = forms.BooleanField(label="While it is missing, nothing is signed", required=False)
    words = forms.CharField(label="What for", max_length=200, required=False)
    why = forms.CharField(label="Why it is written so", max_length=300)

    def __init__(self, *args: Any, now: Need, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "modes": [one.value for one in now.modes], "states": " ".join(now.states), "lines": list(now.lines),
            "blocks": now.blocks, "words": now.words,
        }  # fmt: skip
        super().__init__(*args, **kwargs)

    def data_of(self, kind: str) -> dict[str, Any]:
        """The need as data."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "why"}
        return given | {"kind": kind, "states": given["states"].replace(",", " ").split()}


def _last(ends_on: date | None) -> date | None:
    return date.fromordinal(ends_on.toordinal() - 1) if ends_on else None
