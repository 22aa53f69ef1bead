"""Fields for files: what is taken, and how large it may be, is told beside the field and judged before it is read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator

from openmso.kit import words
from openmso.platform.documents import registry
from openmso.platform.documents.contracts import Purpose


class FileField(forms.FileField):
    """A file that is kept for a purpose (or its code), whose largest size is the field's.

    `kinds` says in words what is taken; `ends` are the endings of names by which the browser's own dialogue finds it
    and others are refused. Without them any name will do, because the content tells what it is.
    """

    many = False

    def __init__(self, *, purpose: str | Purpose, kinds: str, ends: tuple[str, ...] = (), **more: Any) -> None:
        self.purpose, self.kinds, self.ends = purpose, kinds, ends
        refused = f"Choose a file that ends in {' or '.join(f'.{end}' for end in ends)}."
        super().__init__(
            widget=forms.FileInput(attrs={"accept": ",".join(f".{end}" for end in ends)} if ends else {}),
            validators=[FileExtensionValidator(ends, message=refused)] if ends else [],
            error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another."},
            **more,
        )

    @property
    def most(self) -> int:
        """The most bytes it may have."""
        kept_for = self.purpose if isinstance(self.purpose, Purpose) else registry.purpose(self.purpose)
        return kept_for.bytes_max

    @property
    def limits(self) -> str:
        """`PDF, up to 25 MB`."""
        return f"{self.kinds}, up to {words.size(self.most)}"

    def to_python(self, data: Any) -> Any:
        """The file; raises `ValidationError` for one that is empty or too large."""
        file = super().to_python(data)
        if file is not None and file.size > self.most:
            raise forms.ValidationError(f"The file is larger than {words.size(self.most)}. Choose another.")
        return file


class FilesInput(forms.FileInput):
    """A control that takes many files."""

    allow_multiple_selected = True


class FilesField(FileField):
    """Many files, each judged as `FileField` judges one; none where it is not required."""

    many, files_max = True, 10

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.widget = FilesInput(attrs=self.widget.attrs)
        self.widget.is_required = self.required

    @property
    def limits(self) -> str:
        """`PDFs, up to 10 files of 25 MB`."""
        return f"{self.kinds}, up to {self.files_max} files of {words.size(self.most)}"

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files; raises `ValidationError` for too many, and for one that is empty or too large."""
        given = [one for one in (data if isinstance(data, list) else [data]) if one]
        if len(given) > self.files_max:
            raise forms.ValidationError(f"No more than {self.files_max} files at once. Choose fewer.")
        if not given:
            return [super().clean(None)] if self.required else []
        return [super(FilesField, self).clean(one) for one in given]
