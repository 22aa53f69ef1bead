"""How the audit trail tells what happened to accounts, sessions and tokens."""

from __future__ import annotations

SENTENCES = {
    "identity.user_added": "{actor} added the account {subject}",
    "identity.user_invited": "{actor} sent an invitation to {subject}",
    "identity.user_disabled": "{actor} disabled the account {subject}: {why}",
    "identity.user_enabled": "{actor} enabled the account {subject}",
    "identity.signed_in": "{actor} signed in by {method} from {address}",
    "identity.signed_out": "{actor} signed out",
    "identity.sign_in_failed": "Somebody failed to sign in as {subject} from {address}",
    "identity.confirmed": "{actor} confirmed who they are by {method}",
    "identity.password_changed": "{actor} changed the password of {subject}",
    "identity.factor_added": "{actor} added a second factor: {factor}",
    "identity.factor_removed": "{actor} removed a second factor: {factor}",
    "identity.factor_reset": "{actor} made new recovery codes",
    "identity.session_ended": "{actor} ended {count:session} of {subject}",
    "identity.token_issued": "{actor} made the API token {subject} until {expires_on}",
    "identity.token_revoked": "{actor} revoked the API token {subject}: {why}",
}

_WAYS = {
    "password": "password",
    "totp": "authenticator app",
    "webauthn": "passkey",
    "recovery_codes": "recovery code",
    "code": "a code by mail",
    "demo": "the button of the demo",
}


def ways(codes: str) -> str:
    """The ways somebody proved who they are: `password+totp` is `password and authenticator app`."""
    return " and ".join(_WAYS.get(code, code) for code in codes.split("+"))


READINGS = {"identity.method": ways, "identity.factor": ways}

_BEFORE = "who somebody is comes before what they may do"
_OWN = "everybody keeps their own credentials"
UNGRANTED = {
    "identity.signed_in": _BEFORE,
    "identity.signed_out": _BEFORE,
    "identity.sign_in_failed": _BEFORE,
    "identity.confirmed": _BEFORE,
    "identity.password_changed": _OWN,
    "identity.factor_added": _OWN,
    "identity.factor_removed": _OWN,
    "identity.factor_reset": _OWN,
    "identity.session_ended": "everybody ends their own sessions; ending another's names the permission",
}
"""What no grant stands behind, and why."""
