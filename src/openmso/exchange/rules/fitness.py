"""Whether what somebody records about a partner can be used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openmso.exchange.contracts import PartnerFacts, Transaction, Way

_HOST = re.compile(r"^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$")
_KEY = re.compile(r"^(ssh-|ecdsa-)[a-z0-9@.-]+ [A-Za-z0-9+/=]+( .*)?$")
_VERSION = re.compile(r"^00[45]010X\d{3}([AE]\d)?$")


def faults(facts: PartnerFacts, *, has_secret: bool) -> Iterator[tuple[str, str, str]]:
    """Field, what is wrong, what to do; `has_secret` says that a password or key is kept already."""
    if not facts.name.strip():
        yield "name", "The partner has no name.", "Call it what people call it."
    if not facts.way.needs_hands:
        yield from _of_a_wire(facts, has_secret=has_secret)
    yield from _of_the_envelope(facts)


def _of_a_wire(facts: PartnerFacts, *, has_secret: bool) -> Iterator[tuple[str, str, str]]:
    if not _HOST.match(facts.host):
        yield "host", "The host is no name or address.", "Write it alone: sftp.partner.example"
    if not 0 < facts.port < 65536:
        yield "port", "The port lies between 1 and 65535.", "22 for SFTP, 443 for HTTPS, unless the partner says else."
    if not facts.outgoing.strip():
        yield "outgoing", "Where files are put is missing.", "Give the folder or path that the partner named."
    if facts.way is Way.SFTP and not _KEY.match(facts.host_key.strip()):
        yield (
            "host_key", "The server's public key is missing or not in the OpenSSH form.",
            "Ask the partner for it: ssh-ed25519 AAAA...",
        )  # fmt: skip
    if facts.realtime.strip() and facts.way is not Way.HTTPS:
        yield "realtime", "Only a partner by HTTPS answers at once.", "Leave it empty, or reach the partner by HTTPS."
    if not (facts.user.strip() and (has_secret or facts.password or facts.private_key)):
        yield "user", "The account is not complete.", "Give the user, and a password or a private key."


def _of_the_envelope(facts: PartnerFacts) -> Iterator[tuple[str, str, str]]:
    ends = facts.settings
    used = ends.separators
    if used and (len(set(used)) != 4 or len(used) != 4 or any(c.isalnum() or c.isspace() for c in used)):
        yield "separators", "Four different signs are needed.", "Element, component, repetition, segment: *:^~"
    if ends.usage not in {"", "P", "T"}:
        yield "usage", "The usage is P or T.", "P is production."
    for pair in ends.versions.split():
        transaction, _, version = pair.partition("=")
        if transaction not in set(Transaction) or not _VERSION.match(version):
            yield "versions", f"{pair} is no version.", "Write 837P=005010X222A1, one after another."
