"""Users: one person, one account (45 CFR 164.312(a)(2)(i)); service accounts are marked and cannot sign in.

API tokens act for an account; of their secret only the SHA-256 is kept.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from openmso.kit.classes import classify
from openmso.platform.identity.rules import TOKEN_LIFE_MAX
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
        business="email name is_active is_service is_demo density theme single_keys last_login sessions_ended",
        identity_secret="password",
    )

    public_id = PublicIdField("USR", unique=True)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False, help_text="Acts by API token only; cannot sign in")
    is_demo = models.BooleanField(default=False, help_text="Signs in by one click in demo mode on loopback")
    sessions_ended = models.PositiveIntegerField(default=0, help_text="How often all sessions were ended at once")
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

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session lives while the password, and the count of endings, are those it began with."""
        value = f"{self.password}|{self.sessions_ended}"
        return salted_hmac("openmso.identity.session", value, secret=secret, algorithm="sha256").hexdigest()


class ApiToken(models.Model):
    """A key with which software acts for an account, within permissions, practices, networks and days."""

    scope = "global"
    temper = "register"
    classified = classify(
        business="user created_by name hint permissions practices networks created_at expires_at revoked_at "
        "last_used_at last_used_from",
        identity_secret="secret_sha256",
    )

    public_id = PublicIdField("TOK", unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12, help_text="How the secret begins, to tell tokens apart")
    permissions = ArrayField(models.CharField(max_length=64))
    practices = ArrayField(models.BigIntegerField())
    networks = ArrayField(models.CharField(max_length=43), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    last_used_from = models.GenericIPAddressField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at"))
                & Q(expires_at__lte=F("created_at") + models.Value(TOKEN_LIFE_MAX, models.DurationField())),
                name="tokens_expire_within_90_days",
            ),
            models.CheckConstraint(condition=Q(secret_sha256__regex="^[0-9a-f]{64}$"), name="only_digests_are_kept"),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "-created_at"], name="tokens_by_account")]


class Throttle(models.Model):
    """What the rate limits remember: the table of Django's database cache, shared by all processes."""

    scope = "global"
    temper = "workpaper"
    classified = classify(business="cache_key value expires")

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
