"""All settings. What differs between machines comes from the environment and is named here.

DEBUG           on for development and the demo; off (default) is production
SECRET_KEY      required in production
DATABASE_URL    postgres://…; required in production, else the embedded server in var/pg
ALLOWED_HOSTS   required in production: names the portal answers to, separated by commas
HTTPS           on (default in production): redirect, secure cookies, HSTS
CSRF_TRUSTED_ORIGINS   only when a proxy changes the host, with scheme
TRUSTED_PROXIES how many proxies of ours stand in front (default 1 in production)
MEDIA_ROOT      where uploads are kept, outside anything a web server serves (default var/media)
PASSWORD_DAYS   how long a password may be used (default 90 in production; 0: for ever)
SECOND_FACTOR_ROLES   posts whose holders must use a second factor, separated by commas (default in production:
                sysadmin,secadmin,auditor,office,supervisor; empty: nobody must)
SECOND_FACTOR_KEYS    what the secrets of second factors are encrypted with, separated by commas (default: SECRET_KEY);
                the first encrypts, all decrypt. A new one comes first, then `manage.py encrypt_factors`, then the old
                ones go; set it before SECRET_KEY is changed
HSTS_SUBDOMAINS, HSTS_PRELOAD   also for every name below ours, and for the lists built into browsers: off, as
                an intranet's other servers may not speak HTTPS, and neither can be taken back quickly
CACHE_URL       another cache than the table in the database; one that throws out entries when it is full lets
                strangers flush the lock of a log-in
EMAIL_URL       smtp://…; without it no mail leaves
DEFAULT_FROM_EMAIL
DEMO            in DEBUG only: banner and account list of the demo (default on)
LOG_LEVEL       INFO by default
"""

import os
import sys
from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

# What `make setup` wrote, so that a bare manage.py works; never beside a production variable.
if not {"DATABASE_URL", "SECRET_KEY", "DEBUG"} & os.environ.keys() and (VAR / "dev.env").exists():
    environ.Env.read_env(VAR / "dev.env")

env = environ.Env()


def required(name: str, why: str) -> str:
    """The variable `name`, or the end of the start with one plain line."""
    if not env.str(name, default=""):
        raise ImproperlyConfigured(f"{name} is required when DEBUG is off: {why}.")
    return env.str(name)


DEBUG = env.bool("DEBUG", default=False)
DEMO = DEBUG and env.bool("DEMO", default=True)
HTTPS = env.bool("HTTPS", default=not DEBUG)

SECRET_KEY = (
    env.str("SECRET_KEY", default="for development only, never for a portal that others reach")
    if DEBUG
    else required("SECRET_KEY", "a long random text that only this server knows")
)
if DEBUG:
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
else:
    required("ALLOWED_HOSTS", "the host names of the portal, separated by commas")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

# --- Applications and the way of a request -----------------------------------------------------

INSTALLED_APPS = [
    "config",
    "units",
    "services",
    "awards",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
]
AUTH_USER_MODEL = "units.User"

MIDDLEWARE = [
    # First, so that every line logged below carries the request's id.
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.LargestRequestMiddleware",
    # Before anything asks the database with what was sent.
    "config.middleware.SentTextMiddleware",
    "config.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.IdleSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.LoginWallMiddleware",
    "units.audit.middleware.AuditContextMiddleware",
    "units.middleware.FirstPasswordMiddleware",
    "units.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.DemoNotFoundMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.portal",
            ],
            "builtins": ["units.templatetags.sent"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Database and cache ------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://…")
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    DATABASES["default"].setdefault("CONN_MAX_AGE", 0 if DEBUG else 60)
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
elif DEBUG:
    DATABASES = {
        "default": {"ENGINE": "config.localpg", "NAME": "portal", "USER": "portal", "HOST": str(VAR / "pg")}
    }
else:
    required("DATABASE_URL", "postgres://user:password@host/name")

if env.str("CACHE_URL", default=""):
    CACHES = {"default": env.cache("CACHE_URL")}
elif DEBUG:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
else:
    # The failed-login limit lives here: it must be one for all worker processes, and not be flushed by strangers.
    CACHES = {
        "default": {
            "BACKEND": "config.cache.LastingCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    }  # fmt: skip

# --- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Files -------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
# `tools/vendor.py` copies the few files of other projects into var/vendor.
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", VAR / "vendor")]
# Uploads have no URL: a view that asks who wants the file hands it out.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR / "media")))
MEDIA_URL = ""
STORAGES = {
    "default": {"BACKEND": "units.uploads.storage.UploadStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # Collected as root, served as the portal's user: what follows is for uploads alone.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "units.uploads.storage.RoomyUploadHandler",
]
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o640, 0o750
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # no page names the others; half as many to compress

# --- Signing in --------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["config.accounts.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "config.passwords.FirstPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "config.passwords.LengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "config.passwords.ThreeKindsValidator"},
    {"NAME": "config.passwords.NotReusedValidator"},
]
# After so many days a password is changed before anything else; 0: never.
ADMIN_CONTACT = env.str(
    "ADMIN_CONTACT", default=""
)  # printed wherever people are sent to the system administrator
PASSWORD_DAYS = env.int("PASSWORD_DAYS", default=0 if DEBUG else 90)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "config.forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Five failures lock the name for half an hour. The limit by address is wide: one department, one address.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,5/30m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0 if DEBUG else 1)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "三个最佳评选"
MFA_ADAPTER = "units.second_factor.Adapter"
SECOND_FACTOR_ROLES = env.list(
    "SECOND_FACTOR_ROLES",
    default=[] if DEBUG else ["sysadmin", "secadmin", "auditor", "office", "supervisor"],
)
SECOND_FACTOR_KEYS = env.list("SECOND_FACTOR_KEYS", default=[]) or [SECRET_KEY]

SESSION_COOKIE_NAME = "portal_session"
# Idle time, kept by IdleSessionMiddleware; a closed browser ends the session as well.
SESSION_COOKIE_AGE = 14 * 24 * 3600 if DEBUG else 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = not DEBUG
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- What the browser is told ------------------------------------------------------------------

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS and env.bool("HSTS_PRELOAD", default=False)
# Both are the site's decision, taken above; `check --deploy` need not ask for them again.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if env.int("TRUSTED_PROXIES", default=0 if DEBUG else 1):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # Bootstrap's own icons (close, select arrow) are data: pictures.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Mail --------------------------------------------------------------------------------------

if env.str("EMAIL_URL", default=""):
    globals().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = f"django.core.mail.backends.{'console' if DEBUG else 'dummy'}.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")

# --- Log: one JSON line per event in production, readable lines in development ------------------

DJANGO_STRUCTLOG_USER_ID_FIELD = ""  # config.log binds the user without an extra query
LOG_STEPS = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.StackInfoRenderer(),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *LOG_STEPS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOG_OUTPUT = (
    [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    if DEBUG
    else [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": LOG_STEPS,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *LOG_OUTPUT],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Said by django_structlog already, with the request's id.
        "django.server": {"handlers": [], "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # In development one line per request is enough.
        "django_structlog.middlewares.request": {"level": "INFO"},
    },
}
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # DEBUG: the finished line says all
