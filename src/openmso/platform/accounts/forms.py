"""Forms of the sign-in pages (the library's, without its placeholders) and of the people and token screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms

Choices = Sequence[tuple[str, str]]
TOKEN_DAYS = (("7", "7 days"), ("30", "30 days"), ("90", "90 days"))


class SignIn(LoginForm):
    """E-mail and password; a passkey may be offered by the browser in the e-mail field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail"
        self.fields["login"].widget.attrs = {"autocomplete": "username webauthn"}
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        self.fields.pop("remember", None)


class ForgottenPassword(ResetPasswordForm):
    """Where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"
        self.fields["email"].widget.attrs = {"autocomplete": "username"}


class Code(AuthenticateForm):
    """Six digits of the authenticator, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self.fields["code"], "Code from your authenticator app, or a recovery code")


class NewAuthenticator(ActivateTOTPForm):
    """The first code of a new authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self.fields["code"], "The six digits it shows")


class Invitation(forms.Form):
    """Whose account to make."""

    name = forms.CharField(max_length=120, label="Name")
    email = forms.EmailField(max_length=254, label="E-mail", required=False, help_text="The invitation goes there.")
    is_service = forms.BooleanField(
        required=False, label="A service account", help_text="Software that acts by API token; it cannot sign in."
    )

    def clean(self) -> dict[str, Any]:
        """Everybody has an address; a service account's is where its keepers are reached."""
        cleaned = super().clean() or {}
        if not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Enter an e-mail address.")
        return cleaned


class Why(forms.Form):
    """A reason somebody can check later."""

    why = forms.CharField(max_length=200, label="Why")


class Assignment(forms.Form):
    """A role, where, and on which days."""

    practice = forms.ChoiceField(label="Practice")
    role = forms.ChoiceField(label="Role")
    line = forms.ChoiceField(
        label="Service line", required=False, help_text="Only for roles of the MSO. Empty: all lines of the agreement."
    )
    starts_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The first day on which it no longer holds.",
    )  # fmt: skip

    def __init__(self, *args: Any, practices: Choices, roles: Choices, lines: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["practice"], practices)
        _choose(self.fields["role"], roles)
        _choose(self.fields["line"], (("", "All lines"), *lines))


class AssignmentEnd(Why):
    """When a role ends, and why."""

    ends_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))


class Token(forms.Form):
    """What a new API token may do, where, from where, and for how long."""

    name = forms.CharField(max_length=80, label="Name", help_text="After what will use it: “Nightly export”.")
    permissions = forms.MultipleChoiceField(label="It may", widget=forms.CheckboxSelectMultiple)
    practices = forms.MultipleChoiceField(label="In", widget=forms.CheckboxSelectMultiple)
    days = forms.ChoiceField(label="For", choices=TOKEN_DAYS, initial="30")
    networks = forms.CharField(
        label="Only from", required=False, max_length=900,
        help_text="Addresses or networks, separated by spaces: 203.0.113.0/24. Empty: from anywhere.",
    )  # fmt: skip

    def __init__(self, *args: Any, permissions: Choices, practices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["permissions"], permissions)
        _choose(self.fields["practices"], practices)

    def clean_networks(self) -> list[str]:
        """The networks, one by one."""
        return str(self.cleaned_data["networks"]).replace(",", " ").split()


def _choose(field: Any, choices: Choices) -> None:
    field.choices = choices


def _as_code(field: forms.Field, label: str) -> None:
    field.label = label
    field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "size": 12}
