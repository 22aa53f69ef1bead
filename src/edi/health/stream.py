"""FHIR JSON as a stream of resources: a Bundle, NDJSON, an array, or one resource; memory for one entry at a time.

Never raises for data: what cannot be read is an entry with a problem, and reading goes on where it can.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

CHUNK = 256 * 1024
ENTRY_MAX = 16 * 1024 * 1024
"""Characters of the largest single entry that is read."""

_BLANKS = " \t\r\n"
_UNWRITABLE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""Escapes of what no database and no file can hold: the character nul, and half of a surrogate pair."""
NUMBER_SIZE_MAX = 300
"""Digits of the longest whole number that is read as one; no amount, count or date has more."""
_decoder = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) <= NUMBER_SIZE_MAX else digits)


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of a file; `problem` says in words why there is none."""

    position: int
    full_url: str = ""
    resource: dict[str, Any] | None = None
    problem: str = ""


def writable(value: Any) -> Any:
    """A JSON value without nul characters and halves of surrogate pairs."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [writable(one) for one in value]
    if isinstance(value, dict):
        return {writable(key): writable(one) for key, one in value.items()}
    return value


class _Unreadable(Exception):
    """The text is not JSON from here on; the message says how."""


def entries(source: IO[bytes]) -> Iterator[Entry]:
    """The resources of a FHIR file in order, counted from 1."""
    text = _Text(source)
    position = 0
    try:
        for full_url, resource in _resources(text):
            position += 1
            is_one = isinstance(resource, dict) and isinstance(resource.get("resourceType"), str)
            if is_one:
                yield Entry(position, full_url, resource)
            else:
                yield Entry(position, full_url, problem="The entry is no FHIR resource: it has no resourceType.")
    except _Unreadable as no:
        yield Entry(position + 1, problem=str(no))
    except RecursionError:
        yield Entry(position + 1, problem="The entry is nested too deeply to be read.")


def _resources(text: _Text) -> Iterator[tuple[str, Any]]:
    if text.peek() == "[":
        yield from (("", one) for one in text.items())
        return
    if text.peek() != "{":
        raise _Unreadable("The file does not begin as JSON.")
    first: dict[str, Any] = {}
    bundled = False
    for key, at_array in text.members():
        if key == "entry" and at_array:
            bundled = True
            for entry in text.items():
                found = entry if isinstance(entry, dict) else {}
                yield str(found.get("fullUrl", "")), found.get("resource")
        else:
            first[key] = text.value()
    if not bundled and first.get("resourceType") != "Bundle":
        yield "", first
    while text.peek():  # NDJSON: the next line
        yield "", text.value()


class _Text:
    """A file as text that is read on when a value needs more of it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._decoder: codecs.IncrementalDecoder | None = None
        self._buffer = ""
        self._at = 0
        self._ended = False

    def _more(self, size: int = CHUNK) -> bool:
        piece = self._source.read(size)
        self._ended = not piece
        if self._decoder is None:
            encoding = "utf-16" if piece[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
            self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._buffer = self._buffer[self._at :] + self._decoder.decode(piece, final=self._ended)
        self._at = 0
        return not self._ended

    def peek(self) -> str:
        """The next character that is no blank; nothing at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._ended or not self._more():
                return self._buffer[self._at : self._at + 1]

    def take(self, expected: str) -> None:
        """The next character, which must be this one."""
        if self.peek() != expected:
            raise _Unreadable(f"The file is broken: {expected!r} is missing.")
        self._at += 1

    def value(self) -> Any:
        """The next whole JSON value."""
        if not self.peek():
            raise _Unreadable("The file ends in the middle.")
        size = CHUNK
        while True:
            try:
                value, end = _decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as no:
                if self._ended or len(self._buffer) - self._at > ENTRY_MAX:
                    words = "The file ends in the middle" if self._ended else "One entry is too large"
                    raise _Unreadable(f"{words}: {no.msg}.") from no
                self._more(size)
                size *= 2
                continue
            if end == len(self._buffer) and not self._ended:  # a number might go on
                self._more()
                continue
            raw, self._at = self._buffer[self._at : end], end
            return writable(value) if _UNWRITABLE.search(raw) else value

    def members(self) -> Iterator[tuple[str, bool]]:
        """The keys of an object, each with whether an array follows; the caller reads the value."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            key = self.value()
            self.take(":")
            yield str(key), self.peek() == "["
            if self.peek() == "}":
                self.take("}")
                return
            self.take(",")

    def items(self) -> Iterator[Any]:
        """The values of an array, one at a time."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            yield self.value()
            if self.peek() == "]":
                self.take("]")
                return
            self.take(",")
