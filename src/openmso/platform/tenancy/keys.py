"""Conditions on keys: a list of them goes to the database as one array, however many there are.

What a person with a hundred practices asks names them all; one by one they would be most of the statement, and be
compiled, bound and parsed each time.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BigAutoField, BigIntegerField, ForeignKey
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In


class KeyIn(In):
    """`key = ANY (array)` instead of `key IN (1, 2, ...)`: the same condition; with one key an equality."""

    def get_prep_lookup(self) -> Any:
        if hasattr(self.rhs, "resolve_expression"):
            return super().get_prep_lookup()
        self.rhs = list(self.rhs)
        return self.rhs if set(map(type, self.rhs)) <= {int} else super().get_prep_lookup()

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if not self.rhs_is_direct_value():
            return super().process_rhs(compiler, connection)
        keys = set(self.rhs) - {None}
        if not keys:
            raise EmptyResultSet
        if not set(map(type, keys)) <= {int}:
            return super().process_rhs(compiler, connection)
        if len(keys) == 1:
            return "%s", [*keys]
        return "ANY (%s::bigint[])", ["{" + ",".join(map(str, sorted(keys))) + "}"]

    def get_rhs_op(self, connection: Any, rhs: Any) -> str:
        return f"IN {rhs}" if rhs.startswith("(") else f"= {rhs}"


class RelatedKeyIn(KeyIn, RelatedIn):
    """The same for a foreign key."""


def register() -> None:
    """Have the `in` of keys be these; called once at start-up."""
    for field in (BigAutoField, BigIntegerField):
        field.register_lookup(KeyIn)
    ForeignKey.register_lookup(RelatedKeyIn)
