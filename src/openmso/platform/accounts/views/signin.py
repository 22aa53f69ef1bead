"""Signing in: the library's page with the demo's sign-ins below it, where the demo runs on this computer."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from openmso.kit.words import counted
from openmso.platform.access import queries as access
from openmso.platform.access.edges import open_to_all
from openmso.platform.identity import policy, queries
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope


class SignIn(LoginView):
    """E-mail and password, or a passkey; in the demo also one click."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"demo": _demo_people(self.request)}


sign_in = open_to_all("signing in")(SignIn.as_view())


@open_to_all("signing in as a demo person, on this computer only")
@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo person; one who has a second factor is asked for it like anybody."""
    if not policy.is_demo_here(request):
        raise Http404
    user = queries.demo_user(request.POST.get("account", ""))
    if user is None:
        raise Http404
    return perform_login(request, user)


def _demo_people(request: HttpRequest) -> list[dict[str, str]]:
    if not policy.is_demo_here(request):
        return []
    accounts = queries.demo_accounts()
    with scope(practices=tenancy.whole_network().practices), reading():
        rows = access.assignments([account.user_id for account in accounts])
        practices = {tenant.pk: tenant.name for tenant in tenancy.tenants() if not tenant.is_mso}
    held = {account.user_id: [row for row in rows if row.user_id == account.user_id] for account in accounts}
    return [
        {
            "account": account.public_id,
            "name": account.name,
            "role": next((row.role_words for row in held[account.user_id]), "No role"),
            "place": _place([practices[row.practice] for row in held[account.user_id] if row.practice in practices]),
            "secret": queries.demo_secret(account) if account.has_second_factor else "",
        }
        for account in accounts
    ]


def _place(practices: list[str]) -> str:
    """The practice somebody works for, or how many they are."""
    return practices[0] if len(practices) == 1 else counted(len(practices), "practice")
