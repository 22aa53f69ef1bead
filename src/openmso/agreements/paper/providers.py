"""The ways in which a frozen paper is signed: here by the named signers' own accounts, or elsewhere and brought back.

A way that is not here is a `SigningProvider`: it is handed the packet, and what comes back is a signed paper with who
signed it and when. `Paper` is the one that needs no other house: the packet is printed, signed, scanned and uploaded.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from openmso.agreements.contracts import SignedDocument, Signer
from openmso.agreements.paper.contracts import AddressClass, NamedSigner
from openmso.kit.errors import Refused


class NotBroughtBack(Refused):
    """What came back is not the paper that was sent, signed by whom it was sent to."""

    code = "not_brought_back"


@dataclass(frozen=True, slots=True)
class Packet:
    """What is handed over to be signed: the frozen bytes with their SHA-256, and who signs."""

    reference: str
    title: str
    content: bytes
    sha256: str
    signers: tuple[NamedSigner, ...]


@dataclass(frozen=True, slots=True)
class Completed:
    """What came back: the signed paper, and who signed it when."""

    document: SignedDocument
    signers: tuple[Signer, ...]


class SigningProvider(Protocol):
    """A way to have a paper signed outside of this installation."""

    code: str
    words: str

    def hand_over(self, packet: Packet) -> None:
        """Give the packet to be signed; called once, in the transaction that freezes it."""

    def bring_back(self, packet: Packet, completed: Completed) -> Completed:
        """Judge what came back; raises `NotBroughtBack` for another paper or other signers."""


class Paper:
    """Signed with ink: the packet is downloaded and printed, and the scan is uploaded with who signed and when."""

    code = "paper"
    words = "On paper: print, sign, upload the scan"

    def hand_over(self, packet: Packet) -> None:
        """Nothing is sent anywhere: whoever prints the frozen paper has it."""

    def bring_back(self, packet: Packet, completed: Completed) -> Completed:
        """The scan is a PDF of its own, so that it is told by who signed it."""
        refuse_others(packet.signers, completed.signers)
        return completed


def refuse_others(named: Sequence[NamedSigner], came: Sequence[Signer]) -> None:
    """Raise `NotBroughtBack` unless those who signed are those who were named, each for their side."""
    wanted = {(one.side, _plain(one.name)): one.name for one in named}
    for one in came:
        if wanted.pop((one.side, _plain(one.name)), None) is None:
            raise NotBroughtBack(
                f"{one.name} was not named to sign {one.side.within}.", field=f"{one.side.value}_name",
                fix="Recall it and name who signs, or correct the name.",
            )  # fmt: skip
    if wanted:
        raise NotBroughtBack(f"{' and '.join(wanted.values())} has not signed.", field="signers")


def address_class(address: str) -> AddressClass:
    """What an address tells of where somebody is, without keeping it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return AddressClass.UNKNOWN
    if found.is_loopback:
        return AddressClass.LOOPBACK
    return AddressClass.PRIVATE if found.is_private else AddressClass.PUBLIC


def _plain(name: str) -> str:
    return " ".join(name.lower().split())


HERE = "here"
"""The way that is no provider: each named signer signs with their own account."""
PROVIDERS: Mapping[str, SigningProvider] = {Paper.code: Paper()}
WAYS: Mapping[str, str] = {
    HERE: "Here: each signer with their own account",
    **{one.code: one.words for one in PROVIDERS.values()},
}
