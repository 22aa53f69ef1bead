"""Addresses as columns, and the rules that every table of addresses shares."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openmso.parties.contracts import Address

ZIP = r"^\d{5}(\d{4})?$"
STATE = r"^[A-Z]{2}$"


class Postal(models.Model):
    """A table whose rows have one address in the United States."""

    line1 = models.CharField(max_length=55)
    line2 = models.CharField(max_length=55, blank=True)
    city = models.CharField(max_length=30)
    state = models.CharField(max_length=2)
    zip = models.CharField(max_length=9, help_text="Five or nine digits, no dash")

    class Meta:
        abstract = True

    @property
    def address(self) -> Address:
        """The address as it leaves the app."""
        return Address(self.line1, self.line2, self.city, self.state, self.zip)


def columns(address: Address, prefix: str = "") -> dict[str, str]:
    """An address as column values, under a prefix where a table has two."""
    return {
        f"{prefix}line1": address.line1, f"{prefix}line2": address.line2, f"{prefix}city": address.city,
        f"{prefix}state": address.state, f"{prefix}zip": address.zip,
    }  # fmt: skip


def zips_have_five_or_nine_digits(table: str, field: str = "zip") -> models.CheckConstraint:
    """The promise of the database about a ZIP column."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__regex": ZIP}), name=f"{table}_zips_have_five_or_nine_digits"
    )
