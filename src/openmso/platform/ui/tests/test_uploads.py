"""A field for a file says what it takes, and refuses the rest in words before anything reads it."""

from __future__ import annotations

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from openmso.kit import words
from openmso.platform.documents.contracts import Purpose
from openmso.platform.ui.uploads import FileField, FilesField


class Paper(forms.Form):
    document = FileField(
        label="Paper", purpose=Purpose("t.paper", "Paper", bytes_max=2_000), kinds="PDF", ends=("pdf",)
    )


class Papers(forms.Form):
    documents = FilesField(
        label="Papers", purpose=Purpose("t.paper", "Paper", bytes_max=2_000), kinds="PDFs", required=False
    )


def filled(name: str, content: bytes) -> Paper:
    return Paper({}, {"document": SimpleUploadedFile(name, content)})


def test_what_is_taken_is_said_and_told_to_the_browser() -> None:
    assert Paper.base_fields["document"].limits == "PDF, up to 2 kB"  # type: ignore[attr-defined]
    assert 'accept=".pdf"' in str(Paper()["document"])


def test_a_file_within_the_limits_is_taken() -> None:
    assert filled("signed.PDF", b"x" * 2_000).is_valid()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("signed.pdf", b"x" * 2_001, "The file is larger than 2 kB. Choose another."),
        ("signed.pdf", b"", "The file is empty. Choose another."),
        ("signed.docx", b"x", "Choose a file that ends in .pdf."),
    ],
)
def test_another_is_refused_in_words(name: str, content: bytes, said: str) -> None:
    assert filled(name, content).errors["document"] == [said]


def test_no_file_at_all_is_told_in_words() -> None:
    assert Paper({}, {}).errors["document"] == ["Choose a file."]


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (1, "1 byte"), (840, "840 bytes"), (1_000, "1 kB"), (12_345, "12 kB"), (999_499, "999 kB"), (999_500, "1 MB"),
        (1_900_000, "1.9 MB"), (25_000_000, "25 MB"), (1_234_000_000, "1,234 MB"),
    ],
)  # fmt: skip
def test_sizes_are_said_as_people_say_them(octets: int, said: str) -> None:
    assert words.size(octets) == said


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ([], []),
        ([1, 2_000], []),
        ([1, 2_001], ["The file is larger than 2 kB. Choose another."]),
        ([1] * 11, ["No more than 10 files at once. Choose fewer."]),
    ],
)
def test_many_files_are_taken_together_and_judged_one_by_one(sizes: list[int], said: list[str]) -> None:
    files = [SimpleUploadedFile(f"{number}.pdf", b"x" * size) for number, size in enumerate(sizes)]
    form = Papers({}, MultiValueDict({"documents": files}))

    assert form.errors.get("documents", []) == said
    assert said or [file.size for file in form.cleaned_data["documents"]] == sizes
    assert "multiple" in str(Papers()["documents"])
