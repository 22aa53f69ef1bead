"""Forms of exchange."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from openmso.exchange.contracts import PartnerFacts, PartnerKind, Settings, Transaction, Way
from openmso.exchange.states import E
from openmso.platform.ui.contracts import Status
from openmso.platform.ui.uploads import FileField


def _choices(statuses: type[Status]) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in statuses]


def _text(label: str, length: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=length, help_text=help_text)


class PartnerForm(forms.Form):
    """A trading partner: how it is reached, and what its envelope asks for."""

    name = forms.CharField(label="Name", max_length=60)
    kind = forms.ChoiceField(label="What it is", choices=_choices(PartnerKind))
    way = forms.ChoiceField(label="Way", choices=_choices(Way), help_text="By hand: a person takes and hands in files.")
    host = _text("Host", 253, "Nothing but this host is spoken to.")
    port = forms.IntegerField(label="Port", required=False, min_value=1, max_value=65535)
    host_key = forms.CharField(
        label="Pinned key", required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text="SFTP: the server's public key (ssh-ed25519 AAAA...). HTTPS: SHA-256 of its certificate, or nothing.",
    )  # fmt: skip
    user = _text("User", 100)
    password = forms.CharField(
        label="Password", required=False, max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Kept sealed and never shown. Empty leaves the one that is there.",
    )  # fmt: skip
    private_key = forms.CharField(
        label="Private key", required=False, max_length=10_000, strip=False, widget=forms.Textarea({"rows": 3}),
        help_text="OpenSSH, without a passphrase. Kept sealed and never shown.",
    )  # fmt: skip
    outgoing = _text("Outgoing", 300, "Folder, or path, that takes files.")
    incoming = _text("Incoming", 300, "Where its answers wait; empty is not looked into.")
    realtime = _text("Answers at once", 300, "HTTPS: the path that answers questions (270); empty: they go as files.")
    sender = _text("Sender (ISA06)", 15, "What is empty in the envelope stays as the file has it.")
    sender_qualifier = _text("Sender qualifier (ISA05)", 2)
    receiver = _text("Receiver (ISA08)", 15)
    receiver_qualifier = _text("Receiver qualifier (ISA07)", 2)
    group_sender = _text("Group sender (GS02)", 15)
    group_receiver = _text("Group receiver (GS03)", 15)
    submitter = _text("Submitter number (1000A)", 80)
    receiver_name = _text("Receiver's name (1000B)", 60)
    usage = forms.ChoiceField(
        label="Usage (ISA15)", required=False, choices=[("", "As made"), ("P", "Production"), ("T", "Test")]
    )
    separators = _text("Separators", 4, "Element, component, repetition, segment: *:^~")
    newlines = forms.BooleanField(label="A line for each segment", required=False, initial=True)
    versions = _text("Versions (GS08)", 200, "Where they differ: 837P=005010X222A1")

    def facts(self) -> PartnerFacts:
        """What was typed."""
        given = self.cleaned_data
        ends = Settings(**{name: given[name] for name in Settings.__dataclass_fields__})
        return PartnerFacts(
            given["name"], PartnerKind(given["kind"]), Way(given["way"]), given["host"], given["port"] or 0,
            given["host_key"], given["user"], given["password"] or None, given["private_key"] or None,
            given["outgoing"], given["incoming"], ends, given["realtime"],
        )  # fmt: skip


class RouteForm(forms.Form):
    """Where files of a kind go from a day on: up to three partners in their order."""

    payer = forms.ChoiceField(label="Payer", required=False)
    practice = forms.ChoiceField(label="Practice", required=False)
    transactions = forms.MultipleChoiceField(
        label="Files", choices=_choices(Transaction), widget=forms.CheckboxSelectMultiple
    )
    first = forms.ChoiceField(label="First", required=False, help_text="Without a partner the route ends.")
    second = forms.ChoiceField(label="If that fails or is down", required=False)
    third = forms.ChoiceField(label="And then", required=False)
    starts_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, *args: Any, payers: Sequence[tuple[str, str]] = (), practices: Sequence[tuple[str, str]] = (),
        partners: Sequence[tuple[str, str]] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        offered = {
            "payer": [("", "All payers"), *payers], "practice": [("", "All practices"), *practices],
            **{name: [("", "Nobody"), *partners] for name in ("first", "second", "third")},
        }  # fmt: skip
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def partners(self) -> list[str]:
        """The partners that were chosen, in their order."""
        given = self.cleaned_data
        return [given[name] for name in ("first", "second", "third") if given[name]]


class DownForm(forms.Form):
    """What is wrong with a partner."""

    words = forms.CharField(
        label="What is wrong", max_length=200, help_text="People read it on every page of this kind."
    )


class HandedInForm(forms.Form):
    """Where a file was handed in."""

    words = forms.CharField(label="Where, and under which receipt", max_length=200)


class GiveUpForm(forms.Form):
    """Why a file is not sent."""

    why = forms.CharField(label="Why is it not sent?", max_length=300)


class ArrivalForm(forms.Form):
    """A file that a person fetched from a partner."""

    partner = forms.ChoiceField(label="From")
    file = FileField(label="File", purpose="exchange.arrival", kinds="TA1, 999, 277CA or 835", help_text="As it came.")

    def __init__(self, *args: Any, partners: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = list(partners)  # type: ignore[attr-defined]


class EnrolmentForm(forms.Form):
    """Which payer, which billing provider, which kinds of files."""

    biller = forms.ChoiceField(label="Billing provider")
    payer = forms.ChoiceField(label="Payer")
    transactions = forms.MultipleChoiceField(
        label="Files", choices=_choices(Transaction), widget=forms.CheckboxSelectMultiple
    )
    partner = forms.ChoiceField(label="By", required=False, help_text="The partner that carries them, if one does.")
    chase_on = forms.DateField(
        label="To be sent by", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Else today."
    )
    words = _text("What is to be known", 300)

    def __init__(
        self, *args: Any, billers: Sequence[tuple[str, str]] = (), payers: Sequence[tuple[str, str]] = (),
        partners: Sequence[tuple[str, str]] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        offered = {"biller": list(billers), "payer": list(payers), "partner": [("", "Nobody"), *partners]}
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class EnrolmentStepForm(forms.Form):
    """What became of an enrolment."""

    to = forms.ChoiceField(
        label="It is now", choices=_choices(E), help_text="The state it has says that somebody asked."
    )
    words = _text("What is to be known", 300, "What the payer rejected must say why.")
    chase_on = forms.DateField(
        label="Ask again on", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Else in two weeks, until it is live.",
    )  # fmt: skip
    number = _text("The payer's number", 50)
    paper = FileField(
        label="Paper",
        required=False,
        purpose="exchange.enrolment",
        kinds="PDF",
        help_text="What shows it.",
    )


class Nothing(forms.Form):
    """Nothing to fill in: an act that is only confirmed."""
