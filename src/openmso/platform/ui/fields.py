"""Fields for codes: what one looks like is told as its hint, and again where it is not met."""

from __future__ import annotations

from typing import Any

from django import forms


class CodeField(forms.RegexField):
    """A code in capitals or digits that matches a pattern; `asks` says in words what it has: `two letters, as ME`.

    Small letters are taken as capitals. The words are the hint, unless `quiet` leaves them for the error alone.
    """

    def __init__(self, pattern: str, *, asks: str, quiet: bool = False, **more: Any) -> None:
        hint = "" if quiet else asks[0].upper() + asks[1:]
        super().__init__(pattern, help_text=hint, error_messages={"invalid": f"It has {asks}."}, **more)

    def to_python(self, value: Any) -> str:
        """The code, in capitals."""
        return str(super().to_python(value)).upper()
