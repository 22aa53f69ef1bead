"""Which guide a transaction set is measured by."""

from __future__ import annotations

from edi.x12.grammar.acks import X214, X231A1
from edi.x12.grammar.tables import Guide
from edi.x12.grammar.x212 import X212_276, X212_277
from edi.x12.grammar.x217 import X217
from edi.x12.grammar.x221 import X221A1
from edi.x12.grammar.x222 import X222A1, X223A2
from edi.x12.grammar.x279 import X279A1_270, X279A1_271

GUIDES: tuple[Guide, ...] = (X221A1, X222A1, X223A2, X231A1, X214, X279A1_270, X279A1_271, X212_276, X212_277, X217)

_BY_VERSION = {(guide.set_id, version): guide for guide in GUIDES for version in guide.versions}

_ENVELOPE_ONLY = frozenset(
    {
        ("275", "005010X210"),
        ("275", "005010X211"),
        ("277", "005010X213"),
        ("277", "005010X228"),
        ("277", "005010X364"),
        ("278", "005010X215"),
        ("278", "005010X216"),
        ("820", "005010X218"),
        ("820", "005010X306"),
        ("824", "005010X186"),
        ("834", "005010X220"),
        ("834", "005010X307"),
        ("834", "005010X318"),
        ("837", "005010X224"),
        ("837", "005010X298"),
        ("837", "005010X299"),
        ("837", "005010X300"),
        ("997", "005010X230"),
    }
)
"""Guides that exist and whose content is not looked into; addenda (A1, A2 ...) included."""


def guide_for(set_id: str, version: str) -> Guide | None:
    """The table of a set's guide; None when there is none."""
    return _BY_VERSION.get((set_id, version))


def is_known(set_id: str, version: str) -> bool:
    """Is this a version of this set that exists, with or without a table here?"""
    if (set_id, version) in _BY_VERSION:
        return True
    base = version[:10] if version[10:11] in ("A", "E", "") else version
    return (set_id, base) in _ENVELOPE_ONLY


def wanted_versions(set_id: str) -> str:
    """The versions that a set may name, in words."""
    names = [guide.name for guide in GUIDES if guide.set_id == set_id]
    names += sorted(version for known, version in _ENVELOPE_ONLY if known == set_id)
    return " or ".join(names) or "005010"
