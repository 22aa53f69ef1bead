"""What the product ships: ICD-10-CM as a maintained package brings it, and the lists of the folder `codes/shipped`.

The package's own module builds a tree of Python objects when it is imported; only its two data files are read here.
A list of the folder is named by its kind and its month; its edition is told by its content besides, so that a list with
other rows is a new edition, shipped in its turn, whatever it is called.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib import metadata, resources, util
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from openmso.codes.contracts import SourceFile
from openmso.kit.errors import NotFound

PACKAGE = "simple-icd-10-cm"
MODULE = "simple_icd_10_cm"
CODE = re.compile(r"[A-Z]\d[0-9A-Z]{1,5}")
"""A code without its point; the list names chapters and blocks, too."""


LISTS_SINCE = date(2000, 1, 1)
"""From when the lists of the folder answer: rows that began later say so."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """An edition that comes with the product; its file is made when it is wanted."""

    kind: str
    edition: str
    file: Callable[[], SourceFile]
    starts_on: date | None = None
    """Where the file does not say it."""
    sha256: str = ""
    """Of its bytes, where they are at hand."""


def shipped() -> list[Shipped]:
    """Every edition that comes with the product."""
    folder = resources.files("openmso.codes").joinpath("shipped")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".csv"))
    return [Shipped("icd10cm", edition(), icd10cm), *(listed(name) for name in names)]


def listed(name: str) -> Shipped:
    """A list of the folder by the name of its file."""
    kind, _, month = name.removesuffix(".csv").partition("_")
    digest = hashlib.sha256(_listed(name).content).hexdigest()
    return Shipped(kind, f"OpenMSO {month} {digest[:8]}", partial(_listed, name), LISTS_SINCE, digest)


def _listed(name: str) -> SourceFile:
    return SourceFile(name, resources.files("openmso.codes").joinpath("shipped", name).read_bytes())


def edition() -> str:
    """What the package calls itself."""
    return f"{PACKAGE} {metadata.version(PACKAGE)}"


def icd10cm() -> SourceFile:
    """All codes with their words, and whether they can be billed, as `code,billable,description`.

    The file's name has the year and the month from which the edition holds. Raises `NotFound` without the package.
    """
    found = util.find_spec(MODULE)
    if found is None or not found.submodule_search_locations:
        raise NotFound(f"The package {PACKAGE} is not installed.", fix="Install what the lock file names.")
    data = Path(next(iter(found.submodule_search_locations))) / "data"
    listed, tabular = next(data.glob("code-list-*.txt")), next(data.glob("*tabular*.xml"))
    year, month = re.findall(r"20\d\d", listed.name)[0], "apr" if "apr" in listed.name.lower() else "oct"
    named = (line for line in listed.read_text(encoding="utf-8").split() if CODE.fullmatch(line))
    codes = list(dict.fromkeys(named))  # a block of one category stands before it under the same name
    content = _written(codes, *_tabular(fromstring(tabular.read_bytes())))
    return SourceFile(f"icd10cm-{year}-{month}.csv", content)


def _tabular(root: Element) -> tuple[dict[str, str], dict[str, Mapping[str, str]]]:
    """The words of each code of the tabular list, and what its seventh characters stand for."""
    words: dict[str, str] = {}
    seventh: dict[str, Mapping[str, str]] = {}

    def walk(node: Element, extensions: Mapping[str, str]) -> None:
        told = node.find("sevenChrDef")
        if told is not None:
            extensions = {one.get("char", ""): one.text or "" for one in told.iter("extension")}
        if node.tag == "diag":
            code = (node.findtext("name") or "").replace(".", "")
            words[code], seventh[code] = node.findtext("desc") or "", extensions
        for child in node:
            if child.tag in {"chapter", "section", "diag"}:
                walk(child, extensions)

    walk(root, {})
    return words, seventh


def _written(codes: list[str], words: Mapping[str, str], seventh: Mapping[str, Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("code", "billable", "description"))
    for code, after in zip(codes, [*codes[1:], ""], strict=True):
        rows.writerow((code, "0" if after.startswith(code) else "1", " ".join(_said(code, words, seventh).split())))
    return text.getvalue().encode()


def _said(code: str, words: Mapping[str, str], seventh: Mapping[str, Mapping[str, str]]) -> str:
    """The words of a code; one with a seventh character is said by what stands above it."""
    if code in words:
        return words[code]
    above = next(_above(code, words), "")
    return f"{words.get(above, '')}, {seventh.get(above, {}).get(code[-1], '')}".strip(", ")


def _above(code: str, words: Mapping[str, str]) -> Iterator[str]:
    """The codes of the tabular list that one with a seventh character goes on from; X only fills places up."""
    return (code[:length] for length in range(len(code) - 1, 2, -1) if code[:length] in words)
