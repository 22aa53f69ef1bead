"""A file is kept before it is read: once, encrypted, whole, and only when it is a document."""

from __future__ import annotations

import gzip
import importlib.util
import io
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError
from hypothesis import given, settings
from hypothesis import strategies as st

from openmso.kit.errors import NotFound
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import queries as audit
from openmso.platform.documents import chunks, queries, registry, rules, services
from openmso.platform.documents.contracts import MEGABYTE, Content, DocumentRef, Purpose
from openmso.platform.documents.models import Document, DocumentKey
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.vault import services as vault
from openmso.platform.vault.sealing import DoesNotOpen

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
PRIYA = Actor.system("Priya", at=AT)
REMIT = b"ISA*00*          *00*          *ZZ*PAYER~" * 3


@pytest.fixture(autouse=True)
def _purposes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_purposes", {})
    registry.add_purposes([Purpose("tests.file", "Test file", bytes_max=2 * MEGABYTE)])


@pytest.fixture
def rock() -> int:
    return Tenant.objects.create(code="ROCK", name="Rockland Family Practice", kind="practice").pk


def keep(practice: int, content: Content = REMIT, name: str = "era.835", media_type: str = "text/plain") -> DocumentRef:
    with scope(practices=[practice]):
        return services.store(
            actor=PRIYA, practice=practice, name=name, content=content, media_type=media_type,
            purpose="tests.file", at=AT, under=PRIYA.may("documents.read", practice),
        )  # fmt: skip


class Written(io.BytesIO):
    """A file that somebody goes on writing to: it is another one each time it is read from the start."""

    def seek(self, offset: int, whence: int = 0) -> int:
        if (offset, whence) == (0, 0):
            self.getbuffer()[-1] = (self.getbuffer()[-1] + 1) % 256
        return super().seek(offset, whence)


@pytest.mark.django_db
class TestKeeping:
    def test_what_was_stored_comes_back(self, rock: int) -> None:
        kept = keep(rock)

        with scope(practices=[rock]), reading():
            assert queries.read(kept.public_id, rock) == REMIT
            assert queries.read(kept.sha256, rock) == REMIT
        assert (kept.is_new, kept.size, kept.media_type) == (True, len(REMIT), "application/edi-x12")

    def test_a_large_file_takes_the_memory_of_a_piece(
        self, rock: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registry, "_purposes", {})
        registry.add_purposes([Purpose("tests.file", "Test file", bytes_max=20 * MEGABYTE)])
        (tmp_path / "large").write_bytes(b"CLP*" * 5 * MEGABYTE)
        with (tmp_path / "large").open("rb") as file:
            tracemalloc.start()
            kept = keep(rock, file)
            with scope(practices=[rock]), reading():
                flowing = queries.flowing(kept.public_id, rock)
                size = sum(len(piece) for piece in iter(lambda: flowing.read(1 << 16), b""))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()

        assert (kept.size, size) == (20 * MEGABYTE, 20 * MEGABYTE)
        assert peak < 2 * MEGABYTE

    def test_a_file_that_is_still_written_to_is_not_kept(self, rock: int) -> None:
        with pytest.raises(services.NotKept, match="being written to"):
            keep(rock, Written(REMIT))

        with scope(practices=[rock]), reading():
            assert not Document.objects.exists()
            assert queries.verify().orphans == ()

    def test_the_same_bytes_are_one_document_whatever_their_name(self, rock: int) -> None:
        first, again = keep(rock), keep(rock, name="renamed.835")

        assert (again.public_id, again.is_new) == (first.public_id, False)

    def test_two_practices_keep_their_own(self, rock: int) -> None:
        rival = Tenant.objects.create(code="RIVAL", name="Rival Eye Care", kind="practice").pk
        mine, theirs = keep(rock), keep(rival)

        assert mine.public_id != theirs.public_id
        with scope(practices=[rock]), reading(), pytest.raises(NotFound):
            queries.read(theirs.public_id, rock)
        with scope(practices=[rock]), reading(), pytest.raises(NotFound):
            queries.read(theirs.public_id, rival)

    def test_nothing_readable_lies_on_the_disk(self, rock: int) -> None:
        kept = keep(rock)
        with scope(practices=[rock]), reading():
            path = Document.objects.get(public_id=kept.public_id).path

        with storages["documents"].open(path) as file:
            assert b"ISA" not in file.read()
        assert path == f"{rock}/{kept.sha256[:2]}/{kept.sha256}.{kept.public_id}"

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\a.835", "a.835"),
            ("..", "unnamed"),
            ("a\x00\nb", "ab"),
            ("x" * 300, "x" * 200),
        ],
    )
    def test_a_name_is_only_a_name(self, rock: int, name: str, shown: str) -> None:
        assert keep(rock, name=name).name == shown

    def test_it_remembers_what_a_document_became(self, rock: int) -> None:
        kept = keep(rock)
        with scope(practices=[rock]):
            for _ in range(2):
                services.became(document=kept, subject=("remittances.remittance", "ERA-1"), practice=rock, at=AT)
            with reading():
                assert [one.public_id for one in queries.became(kept.public_id, rock)] == ["ERA-1"]
                assert queries.came_from(("remittances.remittance", "ERA-1"), rock)[0].public_id == kept.public_id
                (row,) = queries.documents(actor=PRIYA, page=PageAsk(), text="era").rows
                (event,) = audit.history(("documents.document", kept.public_id))
        assert (row.became, row.stored_by) == ("ERA-1", "Priya")
        assert event.sentence == f"Priya stored {kept.public_id}: Test file, {len(REMIT)} bytes"

    def test_a_document_never_changes(self, rock: int) -> None:
        keep(rock)
        with scope(practices=[rock]), pytest.raises(DatabaseError, match="permission denied"), atomic.open():
            Document.objects.update(name="another")

    def test_an_unknown_purpose_is_a_bug(self, rock: int) -> None:
        with scope(practices=[rock]), pytest.raises(registry.UnknownPurpose):
            services.store(
                actor=PRIYA, practice=rock, name="a", content=b"a", media_type="text/plain", purpose="x.y", at=AT,
                under=PRIYA.may("documents.read", rock),
            )  # fmt: skip


@pytest.mark.django_db
class TestVerifying:
    def path(self, rock: int) -> Path:
        with scope(practices=[rock]), reading():
            return Path(storages["documents"].path(Document.objects.get().path))

    def test_the_whole_store_is_checked(self, rock: int) -> None:
        keep(rock)
        keep(rock, content=b"x" * 200_000)

        with scope(practices=[rock]), reading():
            found = queries.verify()

        assert (found.documents, found.is_whole, found.orphans) == (2, True, ())

    def test_a_changed_file_is_found_and_does_not_open(self, rock: int) -> None:
        kept = keep(rock)
        body = bytearray(self.path(rock).read_bytes())
        body[-1] ^= 1
        self.path(rock).write_bytes(body)

        with scope(practices=[rock]), reading():
            assert queries.verify().changed == (kept.public_id,)
            with pytest.raises(DoesNotOpen):
                queries.read(kept.public_id, rock)

    def test_a_lost_file_is_found(self, rock: int) -> None:
        kept = keep(rock)
        self.path(rock).unlink()

        with scope(practices=[rock]), reading():
            assert queries.verify().missing == (kept.public_id,)

    def test_a_file_whose_transaction_was_undone_is_an_orphan_and_the_next_try_works(self, rock: int) -> None:
        @atomic
        def store_and_fail() -> None:
            services.store(
                actor=PRIYA, practice=rock, name="a", content=REMIT, media_type="text/plain",
                purpose="tests.file", at=AT, under=PRIYA.may("documents.read", rock),
            )  # fmt: skip
            raise ValueError("the process died")

        with scope(practices=[rock]), pytest.raises(ValueError, match="died"):
            store_and_fail()
        kept = keep(rock)

        with scope(practices=[rock]), reading():
            found = queries.verify()
            assert queries.read(kept.public_id, rock) == REMIT
        assert (kept.is_new, found.documents, found.is_whole, len(found.orphans)) == (True, 1, True, 1)

    def test_keys_rotate_and_a_rotation_that_stopped_goes_on(self, rock: int, settings: object) -> None:
        kept = [keep(rock, content=b"%d" % n) for n in range(5)]
        settings.FIELD_KEYS = settings.FIELD_KEYS | {2: bytes(range(32))}  # type: ignore[attr-defined]
        field = DocumentKey._meta.get_field("key")

        with scope(practices=[rock]):
            assert vault._reseal(DocumentKey, field, 2) == 2  # killed here
        found = {column.table: column for column in vault.rotate(batch=2)}

        assert (found["documents_documentkey"].resealed, found["documents_documentkey"].left) == (3, 0)
        settings.FIELD_KEYS = {2: bytes(range(32))}  # type: ignore[attr-defined]
        with scope(practices=[rock]), reading():
            assert [queries.read(one.public_id, rock) for one in kept] == [b"%d" % n for n in range(5)]
        with scope(practices=[rock]), atomic.open():
            DocumentKey.objects.filter(public_id=kept[0].public_id).update(public_id="DOC-SWAPPED")
            with pytest.raises(DoesNotOpen):
                str(DocumentKey.objects.get(public_id="DOC-SWAPPED").key)


def sealed(content: bytes, key: bytes = bytes(32)) -> Iterator[bytes]:
    return chunks.sealed(chunks.cut(io.BytesIO(content)), size=len(content), key=key, associated=b"a")


class TestPieces:
    def test_what_was_sealed_by_the_first_version_opens(self) -> None:
        kept = bytes.fromhex("4f4d534f3100010203040506cdf4d9f83db765557664832e0f9334fd0377b2d5950693067c91a771")

        assert b"".join(chunks.opened(io.BytesIO(kept), key=bytes(32), associated=b"a", size=12)) == b"kept in 2025"

    @settings(max_examples=60)
    @given(st.binary(max_size=300_000), st.integers(0, 300_000), st.integers(0, 300_000))
    def test_any_range_is_the_range(self, content: bytes, start: int, length: int) -> None:
        key = bytes(32)
        body = b"".join(sealed(content, key=key))

        def part(start: int, end: int | None) -> bytes:
            return b"".join(
                chunks.opened(io.BytesIO(body), key=key, associated=b"a", size=len(content), start=start, end=end)
            )

        assert part(0, None) == content
        assert part(start, start + length) == content[start : start + length]

    def test_a_range_reads_only_its_pieces(self) -> None:
        content = bytes(10) * MEGABYTE
        body = io.BytesIO(b"".join(sealed(content)))
        read: list[int] = []

        class Counting(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                read.append(size or 0)
                return super().read(size)

        file = Counting(body.getvalue())
        b"".join(chunks.opened(file, key=bytes(32), associated=b"a", size=len(content), start=5_000_000, end=5_000_100))

        assert sum(read) < 3 * chunks.PIECE

    @pytest.mark.parametrize("cut", [chunks.HEADER_BYTES, chunks.HEADER_BYTES + chunks.PIECE + chunks.TAG, -1])
    def test_a_cut_file_does_not_open(self, cut: int) -> None:
        content = bytes(150_000)
        body = b"".join(sealed(content))

        with pytest.raises(DoesNotOpen):
            b"".join(chunks.opened(io.BytesIO(body[:cut]), key=bytes(32), associated=b"a", size=len(content)))

    def test_pieces_cannot_be_swapped(self) -> None:
        content = bytes(chunks.PIECE) + b"\x01" * chunks.PIECE
        head, *pieces = sealed(content)

        swapped = io.BytesIO(head + pieces[1] + pieces[0])
        with pytest.raises(DoesNotOpen):
            b"".join(chunks.opened(swapped, key=bytes(32), associated=b"a", size=len(content)))


def zipped(**entries: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return body.getvalue()


@pytest.mark.django_db
class TestRefusing:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"MZ\x90\x00", "Windows program"),
            (b"\x7fELF\x02", "Linux program"),
            (b"#!/bin/sh\nrm -rf /", "script"),
            (b"x" * (2 * MEGABYTE + 1), "may have"),
            (rules.EICAR + b"!$H+H*", "virus"),
            (b"  <HTML><script>alert(1)</script>", "web page"),
            (zipped(a=rules.EICAR), "virus"),
            (zipped(a=b"MZ" + bytes(100)), "Windows program"),
            (zipped(a=zipped(b=b"x")), "archive in an archive"),
            (zipped(a=bytes(40_000_000)), "expands"),
            (zipped(**{"../../x": b"x"}), "out of it"),
            (gzip.compress(bytes(40_000_000)), "expands"),
            (b"PK\x03\x04" + b"not a zip", "damaged"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_what_is_no_document_is_refused_in_words(self, rock: int, content: bytes, words: str) -> None:
        with pytest.raises(services.NotKept, match=words):
            keep(rock, content=content)

        with scope(practices=[rock]), reading():
            assert Document.objects.count() == 0
            assert queries.verify().orphans == ()

    def test_a_workbook_is_kept(self, rock: int) -> None:
        assert keep(rock, content=zipped(sheet=b"<x/>"), media_type=rules.XLSX).media_type == rules.XLSX

    def test_hostile_uploads_are_answered_fast(self, rock: int, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "_purposes", {})
        registry.add_purposes([Purpose("tests.file", "Test file", bytes_max=100 * MEGABYTE)])
        spec = importlib.util.spec_from_file_location("hostile", shared / "design" / "lab" / "make_hostile.py")
        assert spec is not None
        assert spec.loader is not None
        hostile = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(hostile)
        refused = set()

        for name, make in hostile.FILES.items():
            content = make()
            begun = time.thread_time()
            try:
                keep(rock, content=content, name=name)
            except services.NotKept:
                refused.add(name)
            assert time.thread_time() - begun < 4, name

        archives = {name for name in hostile.FILES if name.endswith((".zip", ".gz"))}
        assert refused >= archives | {"eicar.com", "html_as.pdf", "svg_script.svg"}
