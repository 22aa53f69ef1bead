"""Links to the payment page of a statement: signed, short enough to be typed, and saying nothing of the patient."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from openmso.kit.ids import ALPHABET

SALT = "openmso.billing.links"


def code(statement: str) -> str:
    """What stands in the link of a statement: the letters of its public id, and eight that only we can write."""
    letters = statement.rpartition("-")[2]
    digest = salted_hmac(SALT, letters, algorithm="sha256").digest()
    return f"{letters}-{''.join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:8])}"


def statement(link: str) -> str | None:
    """The statement that a link opens; none where its signature is not ours."""
    letters = link.partition("-")[0].upper()
    named = f"PSM-{letters}"
    return named if constant_time_compare(code(named), link.upper()) else None


def url(statement: str) -> str:
    """The whole address, where the installation knows its own (`OPENMSO_URL`); else empty."""
    return f"{settings.OPENMSO_URL}{reverse('pay:page', args=[code(statement)])}" if settings.OPENMSO_URL else ""
