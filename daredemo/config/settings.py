"""The one settings file: the surroundings decide, and a wrong value stops the start by name.

Demo mode needs nothing; production needs every variable of `environment.PRODUCTION_VARIABLES`.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import structlog
from csp.constants import NONE, SELF

from daredemo.config import environment, logs
from daredemo.languages import spoken

ROOT = Path(__file__).resolve().parent.parent.parent
MODE = environment.mode()
DEMO = MODE == "demo"
PRODUCTION = not DEMO

# ── the deployment ─────────────────────────────────────────────────────────────────────
DATA = Path(os.environ.get("DAREDEMO_DATA", ROOT / ".data"))
if DEMO:
    PORT = environment.number("DAREDEMO_PORT", 8000)
    SECRET_KEY = os.environ.get("SECRET_KEY") or secrets.token_urlsafe(48)
    ENCRYPTION_KEYS = environment.keys(
        os.environ.get("ENCRYPTION_KEYS") or "demo:" + secrets.token_urlsafe(environment.KEY_BYTES)
    )
    PUBLIC_URL = environment.public_url(f"http://localhost:{PORT}", https=False)
    MAIL = environment.mail(f"smtp://127.0.0.1:{environment.number('DAREDEMO_SMTP_PORT', 8025)}")
    DEFAULT_FROM_EMAIL = "こども誰でも通園 <noreply@daredemo.example>"
    TRUSTED_PROXIES: tuple[str, ...] = ()
    DATABASE_URL = os.environ.get("DATABASE_URL") or "postgres:///daredemo"
else:
    DATABASE_URL = environment.require("DATABASE_URL")
    MAIL = environment.mail(environment.require("EMAIL_URL"))
    SECRET_KEY = environment.require("SECRET_KEY")
    ENCRYPTION_KEYS = environment.keys(environment.require("ENCRYPTION_KEYS"))
    PUBLIC_URL = environment.public_url(environment.require("PUBLIC_URL"), https=True)
    DEFAULT_FROM_EMAIL = environment.require("MAIL_FROM")
    TRUSTED_PROXIES = environment.proxies(environment.require("TRUSTED_PROXIES"))

MAP_TILES = environment.tiles(os.environ.get("DAREDEMO_MAP_TILES", ""))
DEBUG = False
PUBLIC_HOST = PUBLIC_URL.split("://", 1)[1].rsplit(":", 1)[0]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"] if DEMO else [PUBLIC_HOST]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CLOCK = "daredemo.demo.clock.now" if DEMO else "django.utils.timezone.now"
SEALED_ROOT = DATA / "sealed"
AUDIT_ANCHOR = DATA / "audit-head"  # the end of the audit's chain, outside the database

# ── parts ──────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "daredemo.portals.shared",  # before those whose templates it replaces
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "daredemo.sealed",
    "daredemo.audit",
    "daredemo.notifications",
    "daredemo.accounts",
    "daredemo.municipalities",
    "daredemo.facilities",
    "daredemo.families",
    "daredemo.certification",
    "daredemo.interviews",
    "daredemo.booking",
    "daredemo.attendance",
    "daredemo.worker",
    "daredemo.portals.guardian",
    "daredemo.portals.facility",
    "daredemo.portals.city",
    *(["daredemo.demo"] if DEMO else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "daredemo.config.headers.private_pages",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "daredemo.portals.shared.tongue.speaking",
    "daredemo.portals.shared.errors.worded",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "daredemo.config.urls"
WSGI_APPLICATION = "daredemo.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "daredemo.portals.shared.controls.Renderer"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "daredemo.portals.shared.context.site",
                *(["daredemo.demo.panel.context"] if DEMO else []),
            ],
            "string_if_invalid": "",
        },
    }
]

# ── database ───────────────────────────────────────────────────────────────────────────
DATABASES: dict[str, Any] = {"default": environment.database(DATABASE_URL)}
if pool := environment.number("DAREDEMO_DB_POOL", 0):
    # A web process: who waits for a lock or a connection longer than this is told to come back (503).
    options = DATABASES["default"]["OPTIONS"]
    options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    options["options"] = f"{options.get('options', '')} -c lock_timeout=3s".strip()
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a database that was restarted costs no family a page
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

# ── words and time ─────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = spoken.DEFAULT
LANGUAGES = list(spoken.NAMES.items())
LOCALE_PATHS = [ROOT / "daredemo" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# ── static files ───────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "daredemo.config.files.Storage"
        if os.environ.get("DAREDEMO_STATIC") == "collected"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = os.environ.get("DAREDEMO_STATIC") != "collected"

# ── logins ─────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["daredemo.accounts.backend.Backend"]
SESSION_ENGINE = "daredemo.accounts.sessions"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "daredemo.accounts.passwords.ContextWordsValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "daredemo.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_id"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_ADAPTER = "daredemo.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
MFA_TOTP_ISSUER = "daredemo"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "authenticate": "daredemo.accounts.forms.EnterCode",
    "reauthenticate": "daredemo.accounts.forms.AgainCode",
    "activate_totp": "daredemo.accounts.forms.SetUpCode",
    "add_webauthn": "daredemo.accounts.forms.AddPasskey",
    "login_webauthn": "daredemo.accounts.forms.LoginPasskey",
    "authenticate_webauthn": "daredemo.accounts.forms.EnterPasskey",
    "reauthenticate_webauthn": "daredemo.accounts.forms.AgainPasskey",
}
ACCOUNT_FORMS = {"reauthenticate": "daredemo.accounts.forms.AgainPassword"}
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_NAME = "session" if DEMO else "__Host-session"
CSRF_COOKIE_NAME = "csrf" if DEMO else "__Host-csrf"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "daredemo.portals.shared.errors.csrf_failure"

# ── what a browser is told ─────────────────────────────────────────────────────────────
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str] | str] = {
    "camera": [],
    "geolocation": "self",
    "microphone": [],
    "payment": [],
    "usb": [],
}

# ── mail ───────────────────────────────────────────────────────────────────────────────
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL
EMAIL_TIMEOUT = 15

# ── logs: JSON lines with ids, never names ─────────────────────────────────────────────
LOG_STEPS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    logs.without_tokens,
]
structlog.configure(
    processors=[*LOG_STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            "foreign_pre_chain": LOG_STEPS,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "daredemo": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "procrastinate": {"level": "WARNING"},
    },
}
