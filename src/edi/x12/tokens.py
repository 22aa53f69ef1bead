"""Bytes into segments, whatever the dress that a sender puts on them.

The separators are read anew from each ISA: element at byte 3, repetition at 82 (ISA11), component and terminator
right after the sixteenth element separator (104 and 105 when the ISA has its fixed width). A newline may be the
terminator or follow it; blanks around segments, a byte order mark, empty segments, text between interchanges and
a missing last terminator are read over and reported. What BIN and BDS carry is as long as they say, whatever bytes
it has. Bytes are taken as Latin-1 while cutting, so that offsets in
the text are offsets in the file; a segment with other than ASCII is then decoded as UTF-8, else as cp1252.

Memory is one chunk and one segment, whatever the size of the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import IO, NamedTuple, cast

from edi.x12.findings import FindingLog

Source = bytes | IO[bytes]

CHUNK = 1 << 16
SEGMENT_SIZE_MAX = 1 << 18
"""A segment longer than this is cut: the terminator is surely not what the ISA says."""
BINARY_SIZE_MAX = 1 << 26
"""A paper in a BIN or BDS that says to be longer than this (64 MB) is cut as any other segment is."""
HEADER_SIZE_MAX = 512
"""An ISA is looked for in a window of this size; 106 is right, senders of unpadded elements need other sizes."""
NEAR = 1 << 11
"""Characters that are looked at first where an interchange begins, and then twice as many, and so on: small ones by
the thousand are read in the time of one that is as large as all of them."""
ISA_SIZE = 106
NUL = "\x00"
BLANK = f" \t\r\n{NUL}\x1a\x0b\x0c"


class Segment(NamedTuple):
    """One segment: its elements (tag first), its number from 1, and the bytes it stands in, terminator included."""

    elements: list[str]
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The four separators of one interchange."""

    element: str = "*"
    component: str = ":"
    segment: str = "~"
    repetition: str = "^"


class Stretch(NamedTuple):
    """Neighbouring segments in plain dress, as one text."""

    text: str
    """Without what separates its last segment from the next."""
    separator: str
    """What stands between segments: the terminator, or the terminator and a newline."""
    delimiters: Delimiters
    first: int
    """Number of the first segment."""
    start: int
    is_many: bool = False
    """Whether it runs over several segments of the tag `whole`."""

    @property
    def last(self) -> Segment:
        """The last segment."""
        at = self.text.rfind(self.separator)
        begin = at + len(self.separator) if at >= 0 else 0
        elements = self.text[begin:].split(self.delimiters.element)
        number = self.first + self.text.count(self.delimiters.segment)
        return Segment(elements, number, self.start + begin, self.start + len(self.text) + 1)

    def segments(self) -> Iterator[Segment]:
        """One by one."""
        new, segment_type, element = tuple.__new__, Segment, self.delimiters.element
        at, size = self.start, len(self.separator)
        for number, raw in enumerate(self.text.split(self.separator), self.first):
            end = at + len(raw)
            yield new(segment_type, (raw.split(element), number, at, end + 1))
            at = end + size


def as_stream(source: Source) -> IO[bytes]:
    """A binary file object over either kind of source."""
    return io.BytesIO(source) if isinstance(source, bytes | bytearray | memoryview) else source


class Tokenizer:
    """Iterate to get the segments; `delimiters` are those of the segment last given.

    Or ask for `pieces`: then, while `whole` is a tag, what stands from one segment of that tag to the next is given
    as one Stretch where the file is in plain dress; and is given again, segment by segment, unless `taken` was set.
    With `many`, all of them that a chunk holds are given as one Stretch before that, and one by one unless taken.
    """

    def __init__(self, source: Source, findings: FindingLog, *, chunk: int = CHUNK) -> None:
        self.delimiters = Delimiters()
        self.whole = ""
        self.many = False
        self.taken = False
        self._chunk = chunk
        self.size = 0
        """Bytes read so far; of the whole file in the end."""
        self.number = 0
        self._stream = as_stream(source)
        self._findings = findings
        self._text = ""
        self._at = 0
        self._ahead = ""
        """What was read and is not looked at yet, from `_ahead_at` on."""
        self._ahead_at = 0
        self._drained = False
        self._uncounted = -1
        """Where a BIN or BDS begins that is not as long as it says."""
        self._said: set[str] = set()

    def __iter__(self) -> Iterator[Segment]:
        return cast(Iterator[Segment], self.pieces())  # there are no stretches but for those who set `whole`

    def pieces(self) -> Iterator[Segment | Stretch]:
        """Everything in the file, in its order."""
        self._fill(HEADER_SIZE_MAX)
        self._read_over_mark()
        if not self._text.strip(BLANK) and self._ended:
            self._say_once("empty_file", None)
        looks_like = _looks_like(self._text)
        while self._seek():
            yield from self._run()
        if not self.number and "empty_file" not in self._said:
            self._say_once("not_x12", None, what=looks_like)

    def _fill(self, wanted: int) -> None:
        """Have at least `wanted` characters in hand, unless the file ends before."""
        while len(self._text) < wanted and not self._ended:
            if self._ahead:
                self._look_ahead()
                continue
            size = self._chunk if self.size else CHUNK  # `whole` is set by what the first one says
            chunk = self._stream.read(max(size, wanted - len(self._text)))
            if not chunk:
                self._drained = True
            self.size += len(chunk)
            self._text += chunk.decode("latin-1")

    @property
    def _ended(self) -> bool:
        """Whether all of the file is in hand."""
        return self._drained and not self._ahead

    def _look_ahead(self) -> None:
        """Take as much again of what was read as is in hand."""
        at, self._ahead_at = self._ahead_at, self._ahead_at + max(len(self._text), NEAR)
        self._text += self._ahead[at : self._ahead_at]
        if self._ahead_at >= len(self._ahead):
            self._ahead, self._ahead_at = "", 0

    def _look_near(self) -> None:
        """Put back all but the beginning of what is in hand."""
        beyond = len(self._text) - NEAR
        if beyond <= 0:
            return
        if self._ahead_at >= beyond:  # it came from there
            self._ahead_at -= beyond
        else:
            self._ahead, self._ahead_at = self._text[NEAR:] + self._ahead[self._ahead_at :], 0
        self._text = self._text[:NEAR]

    def _drop(self, count: int) -> None:
        self._text = self._text[count:]
        self._at += count

    def _say_once(self, code: str, offset: int | None, **values: object) -> None:
        """Report what would otherwise be reported for every segment."""
        if code not in self._said:
            self._said.add(code)
            segment = self.number + 1 if offset is not None else None
            self._findings.add(code, segment=segment, offset=offset, loop="envelope", **values)

    def _read_over_mark(self) -> bool:
        """Whether a byte order mark stood here: where the file begins, or a file that was appended to another."""
        if not self._text.startswith(_BYTE_ORDER_MARK):
            return False
        self._say_once("byte_order_mark", self._at)
        self._drop(len(_BYTE_ORDER_MARK))
        return True

    def _seek(self) -> bool:
        """Go to the next ISA (or, failing that, to a bare GS or ST) and take its separators."""
        junk_from, junk = self._at, 0
        after = self.delimiters.segment if self.number else ""
        while True:
            self._fill(HEADER_SIZE_MAX)
            blank = len(self._text) - len(self._text.lstrip(BLANK + after))
            if blank and not junk:
                if after and after in self._text[:blank]:
                    self._say_once("empty_segment", self._at)
                self._drop(blank)
                junk_from = self._at
                self._fill(HEADER_SIZE_MAX)
            if not junk and self._read_over_mark():
                junk_from = self._at
                continue
            found = _first_header(self._text, ended=self._ended)
            if found is not None:
                at, self.delimiters = found
                self._report_junk(junk_from, junk + at)
                self._drop(at)
                return True
            keep = 0 if self._ended else HEADER_SIZE_MAX
            cut = max(0, len(self._text) - keep)
            junk += len(self._text[:cut].rstrip(BLANK)) if self._ended else cut
            self._drop(cut)
            if self._ended:
                if self.number:
                    self._report_junk(junk_from, junk)
                return False
            self._fill(len(self._text) + 1)

    def _report_junk(self, start: int, size: int) -> None:
        if size:
            self._findings.add(
                "data_outside_interchange",
                segment=self.number + 1,
                offset=start,
                loop="envelope",
                size=size,
            )

    def _run(self) -> Iterator[Segment | Stretch]:
        """Cut segments with one set of separators: until after IEA, before the next ISA, or the end."""
        run_from = self._at
        self._look_near()
        while True:
            separator = self._plain_separator()
            turns = (yield from self._plain(separator, begins_run=self._at == run_from)) if separator else True
            if turns and (yield from self._dressed(run_from)):
                return
            if self._counts_bytes(self._text, self._at):
                yield from self._binary()
                continue
            if self._ended:
                yield from self._last()
                return
            if len(self._text) > SEGMENT_SIZE_MAX:
                yield self._cut_short()
            self._fill(len(self._text) + 1)

    def _plain_separator(self) -> str:
        """What stands between segments throughout a chunk that is in plain dress; empty when it is not.

        Plain is ASCII with nothing but the terminator, or the terminator and one newline, between segments: then
        no segment needs a look of its own. That is how most files are sent.
        """
        text, terminator = self._text, self.delimiters.segment
        if not text.isascii() or terminator in BLANK:
            return ""
        segments, newlines = text.count(terminator), text.count("\n")
        separator = terminator + "\n" if newlines else terminator
        to_come = newlines and text.endswith(terminator) and not self._ended
        if newlines and not newlines == segments - to_come == text.count(separator):
            return ""
        blanks = [blank for blank in BLANK if blank in text and blank != "\n"]
        dressed = (
            NUL in blanks
            or "\r" in blanks
            or separator[-1] + terminator in text
            or any(blank + terminator in text or separator + blank in text for blank in blanks)
        )
        return "" if dressed or text[:1] in BLANK + terminator else separator

    def _plain(self, separator: str, *, begins_run: bool) -> Generator[Segment | Stretch, None, bool]:
        """The segments of a chunk in plain dress; true when it has more, because an interchange ends or begins."""
        text = self._text
        if text.startswith(_TURNS) and not begins_run:
            return True
        turning = (*_TURNS, *(tag + self.delimiters.element for tag in _COUNTED))
        turns = [at for tag in turning if tag in text and (at := text.find(separator + tag)) >= 0]
        end = min(turns, default=text.rfind(separator))
        if end >= 0:
            chunk = Stretch(text[:end], separator, self.delimiters, self.number + 1, self._at)
            self._drop(end + len(separator))
            self.number = chunk.last.number
            yield from self._stretches(chunk) if self.whole else chunk.segments()
        return bool(turns)

    def _stretches(self, chunk: Stretch) -> Iterator[Segment | Stretch]:
        """What of a chunk stands between two segments of the tag `whole`, as stretches; the rest one by one."""
        text, separator, delimiters, number, start, _ = chunk
        opening, size = separator + self.whole + delimiters.element, len(separator)
        at = tried = 0
        breaks = dict.fromkeys(_BREAKS, 0)
        while (end := text.find(opening, at)) >= 0:
            self.taken = False
            if self.many and at > tried:
                for tag, place in breaks.items():
                    if place < at:
                        breaks[tag] = found if (found := text.find(separator + tag, at)) >= 0 else len(text)
                tried = text.rfind(opening, at, min(breaks.values()))
                if tried > end:
                    many = Stretch(text[at:tried], separator, delimiters, number, start + at, is_many=True)
                    yield many
                    if self.taken:
                        number += many.text.count(delimiters.segment) + 1
                        at = tried + size
                        continue
            stretch = Stretch(text[at:end], separator, delimiters, number, start + at)
            if at:
                yield stretch
            if not self.taken:
                yield from stretch.segments()
            number += stretch.text.count(separator) + 1
            at = end + size
        yield from Stretch(text[at:], separator, delimiters, number, start + at).segments()

    def _dressed(self, run_from: int) -> Generator[Segment, None, bool]:
        """The segments of any other chunk, looked at one by one; true when the interchange ends in it."""
        element, terminator = self.delimiters.element, self.delimiters.segment
        parts = self._text.split(terminator)
        rest = parts.pop()
        at = begin = self._at
        for raw in parts:
            body = raw.strip(BLANK)
            start, end = at, at + len(raw) + 1
            at = end
            if not body:
                self._blank(raw, start)
                continue
            if len(body) != len(raw):
                start += raw.find(body[0])
            if start > run_from and _begins_interchange(body):
                self._drop(start - begin)
                return True
            if body.startswith(_COUNTED) and self._counts_bytes(body, start):
                self._drop(start - begin)
                return False
            if glued := "ISA" in body and _GLUED.search(body):
                end = start + glued.end()
                yield self._unended(body[: glued.start()], start, end)
                self._drop(end - begin)
                return True
            if not (body.isascii() and body.isprintable()):
                body = self._readable(body, start)
            self.number += 1
            elements = body.split(element)
            yield Segment(elements, self.number, start, end)
            if elements[0] == "IEA":
                self._drop(end - begin)
                return True
        self._text, self._at = rest, at
        self._drop(len(rest) - len(rest.lstrip(BLANK)))
        return False

    def _counts_bytes(self, text: str, at: int) -> bool:
        """Whether the text, which stands at that place of the file, begins with a segment that tells its length."""
        return text.startswith(_COUNTED) and text[3:4] == self.delimiters.element and at != self._uncounted

    def _binary(self) -> Iterator[Segment]:
        """The BIN or BDS in hand, by the bytes that it says to have; none when it does not end there.

        Its last element is the data where these are printable and no more than a segment holds, else empty: they
        stand in the file at the end of the segment's span.
        """
        self._fill(HEADER_SIZE_MAX)
        elements = self._text[:HEADER_SIZE_MAX].split(self.delimiters.element, 3)
        elements = elements[: 2 if elements[0] == "BIN" else 3]
        size = int(elements[-1]) if re.fullmatch(r"\d{1,15}", elements[-1], re.ASCII) else BINARY_SIZE_MAX + 1
        begin = sum(map(len, elements)) + len(elements)
        end = begin + size
        if size <= BINARY_SIZE_MAX:
            self._fill(end + 3)
        after = self._text[end : end + 3]
        if self.delimiters.segment not in (after[:1], after.strip("\r\n")[:1]):
            self._uncounted = self._at
            self._say_once("binary_size_wrong", self._at, tag=elements[0], found=elements[-1][:15])
            return
        data = self._text[begin:end]
        readable = size <= SEGMENT_SIZE_MAX and data.isascii() and data.isprintable()
        start, whole = self._at, end + after.index(self.delimiters.segment) + 1
        self._drop(whole)
        self.number += 1
        yield Segment([*elements, data if readable else ""], self.number, start, start + whole)

    def _blank(self, raw: str, at: int) -> None:
        """Nothing between two terminators; where lines end segments, that is just an empty line."""
        if not raw and self.delimiters.segment not in BLANK:
            self._say_once("empty_segment", at)

    def _last(self) -> Iterator[Segment]:
        """What stands after the last terminator: nothing, blanks, or a segment that was not ended."""
        rest, at = self._text, self._at
        self._drop(len(rest))
        body = rest.strip(BLANK)
        if not body:
            return
        yield self._unended(body, at + rest.find(body[0]), self._at)

    def _unended(self, body: str, start: int, end: int) -> Segment:
        """A segment that the file, or the next interchange, ends in place of a terminator."""
        self._say_once("unterminated_segment", start)
        self.number += 1
        return Segment(self._readable(body, start).split(self.delimiters.element), self.number, start, end)

    def _cut_short(self) -> Segment:
        """End a segment that does not end, so that memory stays bounded, and go to where the next one begins."""
        rest, start = self._text, self._at
        self._say_once("segment_too_long", start, size=len(rest))
        while (end := self._text.find(self.delimiters.segment)) < 0 and self._text:
            self._drop(len(self._text))
            self._fill(1)
        self._drop(end + 1)
        body = self._readable(rest[:SEGMENT_SIZE_MAX], start)
        self.number += 1
        return Segment(body.split(self.delimiters.element), self.number, start, self._at)

    def _readable(self, body: str, offset: int) -> str:
        """The text of a segment that was cut as Latin-1, without what is no text of it and what no database keeps."""
        if NUL in body:
            self._say_once("nul_character", offset)
            body = body.replace(NUL, "")
        if "\n" in body or "\r" in body:
            self._say_once("line_break_in_segment", offset)
            body = body.replace("\r", "").replace("\n", "")
        if body.isascii():
            return body
        raw = body.encode("latin-1")
        try:
            text, encoding = raw.decode("utf-8"), "UTF-8"
        except UnicodeDecodeError:
            text, encoding = raw.decode("cp1252", errors="replace"), "cp1252"
        self._say_once("not_ascii", offset, encoding=encoding)
        return text


_BYTE_ORDER_MARK = "\xef\xbb\xbf"
_GLUED = re.compile(r"[\r\n]\s*(?=ISA([^A-Za-z0-9\s])\d\d\1)")
"""Where an interchange begins on a new line though the segment before it was not ended: files set end to end."""
_TURNS = ("IEA", "ISA")
_COUNTED = ("BIN", "BDS")
_BREAKS = ("SE", "LX", "PLB")
"""What stands between two claims that are not neighbours."""
_ISA = re.compile(r"I[\r\n]{0,2}S[\r\n]{0,2}A[\r\n]{0,2}(?=[^A-Za-z0-9 \r\n])")
"""Where lines have a fixed length one may end within the tag itself."""
_HEADER = re.compile(_ISA.pattern + r"|GS(?<![^\r\n~ \t]GS)(?=[^A-Za-z0-9\s])|ST(?<![^\r\n~ \t]ST)(?=[^A-Za-z0-9\s])")
"""Each begins with a letter, so that a file of anything else is looked through at the speed of memory."""
_BEFORE_BARE = {"", "\r", "\n", "~"}
_FOREIGN = {
    "\x1f\x8b": "a gzip archive: unpack it first",
    "PK\x03\x04": "a zip archive: unpack it first",
    "%PDF": "a PDF document",
    "\xff\xfe": "UTF-16 text: save it as plain ASCII",
    "\xfe\xff": "UTF-16 text: save it as plain ASCII",
    "I\x00S\x00": "UTF-16 text: save it as plain ASCII",
    "isa": "written in small letters, which no partner reads",
    "\xc9\xe2\xc1": "EBCDIC text: convert it to ASCII",
}
"""How files begin that are X12 for somebody, or that somebody took for X12."""
_PRINTED = re.compile(r"[\r\n]*([^A-Za-z0-9 \t\r\n])[\r\n]*([^A-Za-z0-9 \t\r\n])")
"""Component separator and terminator of an ISA, wherever a line of fixed length was broken."""
_BARE_ST = re.compile(r"ST([^A-Za-z0-9\s])\d{3}\1[A-Za-z0-9 ]{1,20}(?:\1[A-Za-z0-9]{1,35})?([^A-Za-z0-9])")
_BARE_GS = re.compile(r"GS([^A-Za-z0-9\s])[A-Z]{2}\1(?:.{0,40}?\1){5}X\1[A-Za-z0-9]{1,12}([^A-Za-z0-9])")


def _first_header(text: str, *, ended: bool) -> tuple[int, Delimiters] | None:
    """Where the first ISA, or bare GS or ST, begins, and the separators it declares or shows by its use.

    A candidate too near the end of the text is left for the next look, when more of the file is in hand.
    """
    for match in _HEADER.finditer(text):
        at = match.start()
        is_isa = match.group().startswith("I")
        if not is_isa and text[max(0, at - 80) : at].rstrip(" \t")[-1:] not in _BEFORE_BARE:
            continue
        if at + HEADER_SIZE_MAX > len(text) and not ended:
            return None
        window = text[at : at + HEADER_SIZE_MAX]
        found = _declared(window[match.end() - at :]) if is_isa else _shown(window)
        if found is not None:
            return at, found
    return None


def _looks_like(text: str) -> str:
    """What a file that begins so seems to be, to be said of one that is no X12."""
    start = text[:HEADER_SIZE_MAX].lstrip(BLANK)
    what = next((words for begin, words in _FOREIGN.items() if start.startswith(begin)), "")
    return f" It is {what}." if what else ""


def _declared(text: str) -> Delimiters | None:
    """The separators of what follows the tag ISA, wherever the sixteenth element begins; None when there is none."""
    element = text[:1]
    parts = text.split(element, 16)
    if len(parts) < 17 or max(map(len, parts[:16])) > 60 or not parts[16]:
        return None
    printed = _PRINTED.match(parts[16])
    component, terminator = printed.groups() if printed else (parts[16][0], parts[16][1:2] or "~")
    if terminator.isalnum() or terminator == element or (terminator in "\r\n" and _ends_lines(component, parts[16])):
        component, terminator = ":", component
    if terminator.isalnum() or terminator == element:  # elements are missing: what follows shows what ends a segment
        shown = re.search(r"([^A-Za-z0-9 \t\r\n]|[\r\n])[ \t\r\n]*GS" + re.escape(element), text)
        terminator = shown[1] if shown else "~"
    repetition = parts[11].strip(BLANK)
    if len(repetition) != 1 or repetition.isalnum():
        repetition = ""
    return Delimiters(element=element, component=component, segment=terminator, repetition=repetition)


def _ends_lines(char: str, text: str) -> bool:
    """Whether the line after the ISA ends in that character: then it ends segments, and ISA16 was left out."""
    lines = text.split("\n", 2)
    return len(lines) > 1 and lines[1].rstrip("\r ").endswith(char)


def _shown(text: str) -> Delimiters | None:
    """The separators that a GS or ST without an ISA uses; the component separator can only be guessed."""
    match = _BARE_ST.match(text) or _BARE_GS.match(text)
    return Delimiters(element=match[1], segment=match[2]) if match else None


def _begins_interchange(body: str) -> bool:
    return body.startswith("I") and _ISA.match(body) is not None
