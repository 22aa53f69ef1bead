"""Rows that hold from a day on: the latest that has begun holds, and of one day the one recorded last."""

from __future__ import annotations

from django.db import models


class Dated(models.Model):
    """Something that is so from a day on; it is added to, so that the past stays as it was."""

    starts_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True
