"""The manifest of an export: what is in it, what it adds up to, and the seal under which all of that stands.

It is JSON with sorted keys. Its seal is an Ed25519 signature over the rest, written compactly, by the key with which
the house signs the heads of its trail: who knows the public key of the house knows that the export is its own.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openmso.kit.errors import Refused
from openmso.portability.contracts import Figure, Written

NAME = "manifest.json"
FORMAT = "openmso.practice"
VERSION = 1
"""The edition of the format that is written; every edition from `OLDEST` on is read."""
OLDEST = 1


class NotAnExport(Refused):
    """The folder is no export of a practice, is not whole, or was changed; the sentence names the file."""

    code = "not_an_export"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export says of itself."""

    practice: Mapping[str, Any]
    """Code, name, public id and key of the practice; the keys of its entities and of its MSO."""
    made_at: str
    made_by: str
    release: str
    """The release of OpenMSO that wrote it."""
    schema: Mapping[str, str]
    """The last migration of each app, so that who reads the tables knows their shape."""
    files: tuple[Written, ...]
    figures: tuple[Figure, ...]
    stays: Mapping[str, str]
    version: int = VERSION
    sha256: str = dataclasses.field(default="", compare=False)
    """Of the manifest's own bytes, once it is written or read."""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.count for one in self.files if one.kind == "table")

    def of_kind(self, *kinds: str) -> list[Written]:
        """Its files that are read in these ways, in order."""
        return [one for one in self.files if one.kind in kinds]


def written(manifest: Manifest, *, seed: bytes) -> tuple[Manifest, bytes]:
    """The manifest with its digest, and its bytes, sealed with the Ed25519 key of this seed."""
    told = dataclasses.asdict(manifest) | {"format": FORMAT}
    del told["sha256"]
    key = Ed25519PrivateKey.from_private_bytes(seed)
    seal = {"key": key.public_key().public_bytes_raw().hex(), "signature": key.sign(_compact(told)).hex()}
    content = json.dumps(told | {"seal": seal}, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    return dataclasses.replace(manifest, sha256=hashlib.sha256(content).hexdigest()), content


def read(content: bytes, *, key: str = "") -> Manifest:
    """The manifest of these bytes, signed by the house of this public key (hex), or by any.

    Raises `NotAnExport` for what was changed, cut off, is of a later edition, or no manifest at all.
    """
    try:
        told = json.loads(content)
        seal = told.pop("seal")
        sealed_by, signature = bytes.fromhex(seal["key"]), bytes.fromhex(seal["signature"])
        edition = (told["format"], int(told["version"]))
    except (ValueError, KeyError, TypeError, AttributeError) as no:
        raise NotAnExport(f"{NAME} is cut off, or is no manifest of a practice.", fix="Take the export again.") from no
    if edition[0] != FORMAT or not OLDEST <= edition[1] <= VERSION:
        raise NotAnExport(
            f"{NAME} is of the format {edition[0]} {edition[1]}; this release reads {FORMAT} {OLDEST} to {VERSION}.",
            fix="Bring it in with the release that wrote it, or a later one.",
        )
    if key and sealed_by.hex() != key.lower():
        raise NotAnExport(f"{NAME} was not sealed by the house with the key {key[:16]}.", fix="Ask whose export it is.")
    try:
        Ed25519PublicKey.from_public_bytes(sealed_by).verify(signature, _compact(told))
    except (InvalidSignature, ValueError) as no:
        raise NotAnExport(f"{NAME} was changed after it was sealed.", fix="Take the export again.") from no
    try:
        return _manifest(told, hashlib.sha256(content).hexdigest())
    except (ValueError, KeyError, TypeError) as no:
        raise NotAnExport(f"{NAME} lacks a part that every manifest has: {no}.", fix="Take the export again.") from no


def _manifest(told: dict[str, Any], sha256: str) -> Manifest:
    figures = tuple(
        Figure(one["name"], one["of"], one["count"], tuple((name, value) for name, value in one["sums"]))
        for one in told["figures"]
    )
    names = {field.name for field in dataclasses.fields(Manifest)} - {"files", "figures", "sha256"}
    rest = {name: told[name] for name in names}
    files = tuple(Written(**one) for one in told["files"])
    for one in files:
        parts = PurePosixPath(one.path).parts
        if one.path.startswith("/") or ".." in parts or not parts:
            raise ValueError(f"a path inside the export instead of {one.path!r}")
    return Manifest(**rest, files=files, figures=figures, sha256=sha256)


def _compact(told: object) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def refuse_strange_headings(path: str, headings: Sequence[str], known: Sequence[str]) -> None:
    """A table whose columns this release does not know was written by a later one; raises `NotAnExport`."""
    strange = [name for name in headings if name not in known]
    if strange:
        raise NotAnExport(
            f"{path} has columns that this release does not know: {', '.join(strange)}.",
            fix="Bring it in with the release that wrote it, or a later one.",
        )


ADDED: frozenset[tuple[str, str]] = frozenset()
"""Migrations since the first edition over which an earlier export is read as it is: they add what defaults fill."""


def refuse_other_schema(told: Manifest, here: frozenset[tuple[str, str]]) -> None:
    """The export's tables must have the shape that this house's have; raises `NotAnExport`.

    `here` are all migrations of the house, each an app and a name.
    """
    strange = sorted(f"{app} {name}" for app, name in told.schema.items() if (app, name) not in here)
    if strange:
        raise NotAnExport(
            f"The export is of a later release: this one does not know {', '.join(strange[:3])}.",
            fix=f"Bring it in with OpenMSO {told.release}, or a later release.",
        )
    since = sorted(
        f"{app} {name}" for app, name in here - ADDED if app in told.schema and name > told.schema[app]
    )  # fmt: skip
    if since:
        raise NotAnExport(
            f"The export is of an earlier release: it is older than {', '.join(since[:3])}.",
            fix=f"Bring it into a house of OpenMSO {told.release}, and migrate that house to this release.",
        )
