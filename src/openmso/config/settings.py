"""Settings, from the environment; every default is safe for the loopback of one machine.

OPENMSO_DATA          folder of the embedded database, keys and documents (default ./var)
DATABASE_URL          an external PostgreSQL 15+ as the runtime role; DATABASE_OWNER_URL as its owner,
                      DATABASE_BACKUP_URL as the role that dumps
OPENMSO_SECRET_KEY    signs sessions; OPENMSO_FIELD_KEYS encrypts identity secrets and documents.
OPENMSO_AUDIT_KEY     signs the exported heads of the audit trail (Ed25519 seed, 64 hex digits).
                      All three are made in OPENMSO_DATA/keys where they are not given.
OPENMSO_HOSTS         the names this site answers to, comma-separated (default: loopback only)
OPENMSO_PROXIES       how many reverse proxies of ours stand in front (default 0: nobody's word on addresses counts)
OPENMSO_HTTPS         1 behind TLS: secure cookies, redirect, HSTS
OPENMSO_DEMO          1 in the demo: sign-in by one click, on loopback only
OPENMSO_DOCUMENTS     folder, or s3://bucket/prefix, of the stored documents; AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
                      and, for a store that is not Amazon's, AWS_ENDPOINT_URL_S3 are read by its client
OPENMSO_URL           the address at which patients reach this site (https://...), for links on statements; without it
                      statements carry none
OPENMSO_STRIPE_KEY    the secret key of Stripe; OPENMSO_STRIPE_SIGNING signs its messages (to /pay/events/stripe/), and
                      OPENMSO_STRIPE_ACCOUNTS names the account of each practice by its code: ROCK=acct_1,LUMEN=acct_2
OPENMSO_TEXTS         who sends text messages, with the interface of Twilio (https://ACCOUNT:TOKEN@api.twilio.com), and
                      OPENMSO_TEXTS_FROM the number they come from (+12075550100); without it they wait in the outbox.
                      Replies (STOP, START) come to /pay/events/texts/
OPENMSO_SMTP          the server that sends mail, smtp+tls://user:password@host:587 (default: mail goes to the log);
                      OPENMSO_EMAIL_FROM is the address it comes from
"""

from __future__ import annotations

import os
from pathlib import Path

from openmso.config import logs, mail, secrets
from openmso.platform.database import connect, embedded

DATA = embedded.data_home()
HTTPS = os.environ.get("OPENMSO_HTTPS") == "1"
DEMO = os.environ.get("OPENMSO_DEMO") == "1"
PROXIES = int(os.environ.get("OPENMSO_PROXIES", "0"))
LOOPBACK = ["127.0.0.1", "localhost", "[::1]", "testserver"]
ALLOWED_HOSTS = LOOPBACK + [host for host in os.environ.get("OPENMSO_HOSTS", "").split(",") if host]
DEBUG = False
SECRET_KEY = secrets.secret_key(DATA)
FIELD_KEYS = secrets.field_keys(DATA)
AUDIT_KEY = secrets.audit_key(DATA)
OPENMSO_URL = os.environ.get("OPENMSO_URL", "").rstrip("/")
OPENMSO_TEXTS = os.environ.get("OPENMSO_TEXTS", "")
OPENMSO_TEXTS_FROM = os.environ.get("OPENMSO_TEXTS_FROM", "")
OPENMSO_STRIPE_KEY = os.environ.get("OPENMSO_STRIPE_KEY", "")
OPENMSO_STRIPE_SIGNING = os.environ.get("OPENMSO_STRIPE_SIGNING", "")
OPENMSO_STRIPE_ACCOUNTS = secrets.named(os.environ.get("OPENMSO_STRIPE_ACCOUNTS", ""))

FLOORS = [
    "openmso.platform.tenancy",
    "openmso.platform.audit",
    "openmso.platform.vault",
    "openmso.platform.identity",
    "openmso.platform.access",
    "openmso.platform.outbox",
    "openmso.platform.jobs",
    "openmso.platform.documents",
    "openmso.platform.work",
    "openmso.platform.api",
    "openmso.platform.ui",
    "openmso.platform.accounts",
    "openmso.codes",
    "openmso.parties",
    "openmso.agreements",
    "openmso.contracting",
    "openmso.ledger",
    "openmso.patients",
    "openmso.exchange",
    "openmso.governance",
    "openmso.scheduling",
    "openmso.banking",
    "openmso.charges",
    "openmso.eligibility",
    "openmso.claims",
    "openmso.remittances",
    "openmso.intake",
    "openmso.compliance",
    "openmso.denials",
    "openmso.billing",
    "openmso.underpayments",
    "openmso.equity",
    "openmso.settlement",
    "openmso.treasury",
    "openmso.analytics",
    "openmso.estimates",
    "openmso.portability",
    "openmso.leaving",
    "openmso.simulator",
]
"""Our apps, lowest first; the order of the map of the house."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "ninja",
    *FLOORS,
    "openmso.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "openmso.platform.ui.middleware.SecurityHeaders",
    "openmso.platform.api.middleware.ApiProblems",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "openmso.platform.identity.middleware.SessionLimits",
    "openmso.platform.access.middleware.ActorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "openmso.platform.ui.errors.Refusals",
    "openmso.platform.accounts.middleware.ProofFirst",  # last: asked first whether more proof would make it a yes
]

ROOT_URLCONF = "openmso.config.urls"
WSGI_APPLICATION = "openmso.config.wsgi.application"
API_DESCRIPTION = "openmso.config.api.schema_json"

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Our sign-in pages stand before the library's of the same name.
        "DIRS": [Path(__file__).parent.parent / "platform" / "accounts" / "templates"],
        "OPTIONS": {
            # Explicit loaders: in automatic mode cotton and partials hide each other.
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _LOADERS)])],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "openmso.platform.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openmso.platform.ui.context.shell",
            ],
        },
    }
]

FORM_RENDERER = "openmso.platform.ui.controls.Renderer"

DATABASES = {"default": connect.django_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
_DOCUMENTS = os.environ.get("OPENMSO_DOCUMENTS", str(DATA / "documents"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "documents": (
        {"BACKEND": "storages.backends.s3.S3Storage",
         "OPTIONS": {"file_overwrite": False}
         | dict(zip(("bucket_name", "location"), _DOCUMENTS[5:].split("/", 1), strict=False))}
        if _DOCUMENTS.startswith("s3://")
        else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": Path(_DOCUMENTS)}}
    ),
    "staticfiles": {"BACKEND": "openmso.platform.ui.storage.HashedStaticFiles"},
}  # fmt: skip
WHITENOISE_MAX_AGE = 31_536_000

CACHES = {
    # Rate limits count in the database, so that every process of the site counts the same tries.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "identity_throttle",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
ACCOUNT_ADAPTER = "openmso.platform.identity.policy.AccountPolicy"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SESSION_REMEMBER = False  # the cookie goes when the browser closes
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "50/m/ip,5/300s/key", "reset_password": "20/m/ip,5/m/key"}
ACCOUNT_FORMS = {
    "login": "openmso.platform.accounts.forms.SignIn",
    "reset_password": "openmso.platform.accounts.forms.ForgottenPassword",
}
MFA_FORMS = {
    "authenticate": "openmso.platform.accounts.forms.Code",
    "activate_totp": "openmso.platform.accounts.forms.NewAuthenticator",
}
HOUSE_API = "openmso.config.api.api"
API_CALLS_A_MINUTE = 1_200
MFA_ADAPTER = "openmso.platform.identity.policy.FactorPolicy"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "OpenMSO"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
globals().update(mail.settings(os.environ.get("OPENMSO_SMTP", ""), os.environ.get("OPENMSO_EMAIL_FROM", "")))

LOGGING = logs.settings()
