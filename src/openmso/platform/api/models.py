"""Answers that were given under an idempotency key, kept so that a repeated call gets the same answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from openmso.kit.classes import classify


class StoredAnswer(models.Model):
    """The first answer to a POST under a key; its body is sealed, because it may hold anybody's data."""

    scope = "global"
    temper = "workpaper"
    classified = classify(business="owner key request_sha256 status media_type created_at", clinical="sealed_body")

    owner = models.CharField(max_length=24, help_text="Public id of the token or user that called")
    key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0, help_text="0 while the first call is under way")
    media_type = models.CharField(max_length=80, blank=True)
    sealed_body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "key"], name="one_answer_for_each_key")]
