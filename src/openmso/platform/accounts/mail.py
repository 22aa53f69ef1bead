"""The invitation: a link with which a person sets their first password, good for three days and one use."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest
from django.urls import reverse

from openmso.platform.identity import queries
from openmso.platform.identity.contracts import Account


def invite(request: HttpRequest, account: Account) -> None:
    """Send the invitation of an account."""
    url = request.build_absolute_uri(invitation_path(account.public_id))
    context = {"name": account.name, "url": url, "days": 3}
    get_adapter().send_mail("account/email/invitation", account.email, context)


def invitation_path(public_id: str) -> str:
    """The path of the page where the person sets their password."""
    user = queries.user(public_id)
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)
