"""Forms of cards on file."""

from __future__ import annotations

from django import forms

from openmso.billing.services.cards import NOTICE_MAX
from openmso.billing.states import Reach


class CardForm(forms.Form):
    """What a patient agrees that their card may be charged."""

    reach = forms.ChoiceField(label="For how long", choices=[(one.value, one.label) for one in Reach])
    cap = forms.DecimalField(label="At most, of one charge", max_digits=9, decimal_places=2, min_value=0)
    notice_days = forms.IntegerField(
        label="Days before a charge that they are told", min_value=1, max_value=NOTICE_MAX, initial=3
    )
    cancel_days = forms.IntegerField(
        label="Days before a charge until which they can call it off", min_value=0, max_value=NOTICE_MAX, initial=1
    )
    how = forms.CharField(
        label="How did they agree?",
        max_length=120,
        help_text="On a signed form, or in person after it was read to them.",
    )
