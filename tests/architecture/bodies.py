"""Plausible bodies: what an operation is sent follows its description, what a form is sent follows its fields.

Wherever a text has the form of a public id, it names an object of the practice that is asked about.
"""

from __future__ import annotations

import base64
import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from openmso.agreements import testing as agreements
from openmso.config.api import api

JSON, MULTIPART = "application/json", "multipart/form-data"
WORDS = (
    "A reason in words", "2026-11-02", "2026-11-02T15:00:00Z", "2026-10", "125.00", "99213", "1030", "E119", "ME", "11",
    "ROCK", "a@b.example", "207Q00000X", "1234567893", "211274450", "6%", "A", "monthly",
)  # fmt: skip
"""Texts of many forms; the first that fits is sent."""


def of_operation(method: str, path: str, values: Mapping[str, str], upload: bytes) -> dict[str, Any]:
    """Query, body and media type of an operation, by its description, as a client of tests takes them."""
    details, ids = _description().get((method, path), {}), _ids(values)
    asked = {
        one["name"]: _value(one["schema"], one["name"], ids)
        for one in details.get("parameters", ())
        if one["in"] == "query" and (one["required"] or one["name"] == "q")
    }
    content = details.get("requestBody", {}).get("content", {})
    body, media_type = b"", JSON
    if JSON in content:
        body = json.dumps(_value(content[JSON]["schema"], "", ids)).encode()
    elif MULTIPART in content:
        sent = _value(content[MULTIPART]["schema"], "", ids)
        files = {name: _file(upload) if value is FILE else value for name, value in sent.items()}
        body, media_type = encode_multipart(BOUNDARY, files), MULTIPART_CONTENT
    return {"data": body, "content_type": media_type, "QUERY_STRING": urlencode(asked)}


@functools.cache
def of_forms(values: tuple[tuple[str, str], ...], upload: bytes | None = None) -> dict[str, Any]:
    """Body and media type of a form, as a client of tests takes them: a value for every field of every form of the house.

    A name of an object goes before any other; `ids`, as bulk acts send them, are all objects. Without a file it is sent
    the short way.
    """
    fields = {name: _field(field, upload or b"") for name, field in _fields()} | BY_NAME | dict(values)
    fields |= {"ids": [value for _, value in values]}
    if upload is not None:
        return {"data": encode_multipart(BOUNDARY, fields), "content_type": MULTIPART_CONTENT}
    texts = {name: value for name, value in fields.items() if not isinstance(value, SimpleUploadedFile)}
    return {"data": urlencode(texts, doseq=True), "content_type": "application/x-www-form-urlencoded"}


BY_NAME: dict[str, Any] = {
    "until_on": "2099-01-02", "until": "2099-01-02T15:00:00Z", "starts_on": "2026-10-01", "through": "2026-10-31",
    "facts": {"relation.dhs": "yes"}, "frequency": "7", "document": base64.b64encode(agreements.pdf().content).decode(), "terms": agreements.PERCENT,
}  # fmt: skip
"""What only a field of that name takes."""
FILE = object()
"""Stands in a body for the file that goes along."""


@functools.cache
def _description() -> dict[tuple[str, str], Any]:
    described = api.get_openapi_schema()
    return {
        (method.upper(), path.strip("/")): details
        for path, methods in described["paths"].items()
        for method, details in methods.items()
    }


@functools.cache
def _schemas() -> dict[str, Any]:
    return dict(api.get_openapi_schema()["components"]["schemas"])


def _ids(values: Mapping[str, str]) -> dict[str, str]:
    """Public ids by their prefix."""
    return {value.partition("-")[0]: value for value in reversed(values.values()) if "-" in value}


def _value(schema: Mapping[str, Any], name: str, ids: Mapping[str, str]) -> Any:
    """Something that fits a schema."""
    if name in BY_NAME:
        return BY_NAME[name]
    if "$ref" in schema:
        return _value(_schemas()[schema["$ref"].rpartition("/")[2]], name, ids)
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return _value(schema[union][0], name, ids)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [""])[0])
    kind = schema.get("type", "string")
    if kind == "object":
        wanted = {key: one for key, one in schema.get("properties", {}).items() if key in schema.get("required", ())}
        return {key: _value(one, key, ids) for key, one in wanted.items()}
    if kind == "array":
        return [_value(schema.get("items", {}), name, ids)] * max(1, schema.get("minItems", 1))
    if kind in {"integer", "number"}:
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return True
    return FILE if schema.get("format") == "binary" else _text(schema, ids)


def _text(schema: Mapping[str, Any], ids: Mapping[str, str]) -> str:
    if schema.get("format") in {"date", "date-time"}:
        return WORDS[1] if schema["format"] == "date" else WORDS[2]
    pattern, length = schema.get("pattern", ""), schema.get("maxLength", 10_000)
    fits = (word for word in (*ids.values(), *schema.get("examples", ()), *WORDS) if re.search(pattern, word))
    if not pattern or re.search(pattern, "any words, 1"):
        fits = (word for word in WORDS if len(word) <= length)
    return next(fits, WORDS[0])


def _file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("file.835", content)


def _fields() -> Iterator[tuple[str, forms.Field]]:
    """The fields of every form of the house, by name."""
    for form in _forms(forms.Form):
        yield from form.base_fields.items()


def _forms(parent: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for child in parent.__subclasses__():
        if child.__module__.startswith("openmso."):
            yield child
        yield from _forms(child)


def _field(field: forms.Field, upload: bytes) -> Any:
    """Something that fits a field of a form."""
    if isinstance(field, forms.FileField):
        return _file(upload)
    if isinstance(field, forms.ChoiceField):
        return next((str(value) for value, _ in field.choices if value and not isinstance(value, (list, tuple))), "")
    for kind, value in _BY_KIND.items():
        if isinstance(field, kind):
            return value
    return WORDS[0]


_BY_KIND = {
    forms.DateTimeField: "2026-11-02T15:00", forms.DateField: WORDS[1], forms.DecimalField: "125.00",
    forms.IntegerField: "1", forms.BooleanField: "on", forms.EmailField: "a@b.example",
}  # fmt: skip
