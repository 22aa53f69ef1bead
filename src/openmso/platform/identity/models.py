"""Users: one person, one account (45 CFR 164.312(a)(2)(i)); service accounts are marked and cannot sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PublicIdField


class Users(BaseUserManager["User"]):
    """How accounts are found and made."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new account; without a password it cannot sign in by one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in, or a service account that only tokens use."""

    class Density(models.TextChoices):
        COMPACT = "compact", "Compact"
        REGULAR = "regular", "Regular"
        ROOMY = "roomy", "Roomy"

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    scope = "global"
    temper = "register"
    classified = classify(
        business="email name is_active is_service is_demo must_use_mfa density theme single_keys",
        identity_secret="password",
    )

    public_id = PublicIdField("USR", unique=True)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False, help_text="Acts by API token only; cannot sign in")
    is_demo = models.BooleanField(default=False, help_text="Signs in by one click in demo mode on loopback")
    must_use_mfa = models.BooleanField(default=True)
    density = models.CharField(max_length=8, choices=Density.choices, default=Density.REGULAR)
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    single_keys = models.BooleanField(default=True, help_text="Single-letter shortcuts inside lists (WCAG 2.1.4)")

    objects = Users()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="emails_are_lower_case"),
            models.CheckConstraint(
                condition=Q(is_service=False) | Q(password__startswith="!"),
                name="service_accounts_have_no_password",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name
