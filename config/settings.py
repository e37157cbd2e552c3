"""One settings file, driven by the environment: every variable is listed in `.env.example` and docs/operations.md."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_dotenv(BASE_DIR / ".env")

DEBUG = env.flag("DEBUG", False)
# DEMO=1 is a try-out on one's own machine: sample data may be loaded, plain http is accepted.
DEMO = env.flag("DEMO", False)
HTTPS = env.flag("HTTPS", not DEBUG and not DEMO)

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY: set it to a long random text (python -c 'import secrets; print(secrets.token_urlsafe(50))'), "
            "or set DEBUG=1 on your own machine, or start a try-out with `make run`."
        )
    SECRET_KEY = "insecure-key-for-debug-only"  # noqa: S105 - reached with DEBUG=1 only
if len(SECRET_KEY) < 32 and not DEBUG and not DEMO:
    raise ImproperlyConfigured("SECRET_KEY: expected at least 32 random characters; this one can be guessed.")

ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], any_host=DEBUG)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")


def gettext_noop(text):
    """Mark a text for translation; Django's own one would read the settings that are being read here."""
    return text


# Where the site stands: letters hold whole addresses.
SITE_URL = env.origin("SITE_URL", "http://localhost:8000" if DEBUG or DEMO else "")
SITE_NAME = env.text("SITE_NAME", gettext_noop("Малые города — большие возможности"))
# The region whose programme the home page shows; empty: the first active one.
HOME_REGION = env.slug("HOME_REGION")
RELEASE = env.text("RELEASE", "dev")

INSTALLED_APPS = [
    "config",
    "municipalities",
    "accounts",
    "documents",
    "strategies",
    "sessions",
    "exchange",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "simple_history",
    "csp",
    "config.apps.RegionAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.PublicPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageFromPathMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.russian_pieces.RussianPiecesMiddleware",
    "config.middleware.TypedTextMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.SecondFactorMiddleware",
    "accounts.kept.KeptWordsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

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
                "config.context_processors.site",
                "config.context_processors.office",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "config.templatetags.site"],
        },
    }
]
FORM_RENDERER = "config.forms.SiteFormRenderer"

# Behind PgBouncer connections are its own business: Django keeps none.
PGBOUNCER = env.flag("PGBOUNCER", False)
CONN_MAX_AGE = env.integer("CONN_MAX_AGE", 0 if PGBOUNCER else 60)
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
# Kept connections: on SQLite closing the last one also folds the whole log back into the file, on every request.
DATABASES["default"]["CONN_MAX_AGE"] = CONN_MAX_AGE
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=10,
        init_command="PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    )
else:
    DATABASES["default"].update(
        CONN_HEALTH_CHECKS=True,
        DISABLE_SERVER_SIDE_CURSORS=PGBOUNCER,
    )
    if not PGBOUNCER:
        # Compiling a page's question takes seconds, the question itself a part of one. Behind PgBouncer it is switched
        # off for the database (docs/operations.md).
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# `default` holds what is counted: failed sign-ins, used codes, proposals of an address (allauth asks it too). Pages lie
# apart, so that nobody opens pages until the counts are thrown out.
CACHES = env.caches("CACHE_URL", "locmemcache://", pages=env.text("PAGES_CACHE_URL"))

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after_login"
ACCOUNT_ADAPTER = "config.adapters.ClosedSignupAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
# A name is closed after 5 failures, an address after 20: colleagues often share one.
LOCKOUT_MINUTES = 15
ACCOUNT_RATE_LIMITS = {"login_failed": f"5/{LOCKOUT_MINUTES}m/key,20/{LOCKOUT_MINUTES}m/ip"}
# Accounts are given by the administrator: no letter to an address that nobody here has.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
# HTTPS ends at a proxy (docs/operations.md), and the visitor's address comes from it.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 1 if HTTPS else 0)
# Proposals that one address may send in an hour; more while a hall writes to its session (sessions/gate.py).
PROPOSALS_PER_HOUR = env.integer("PROPOSALS_PER_HOUR", 5, minimum=1)
MFA_ADAPTER = "config.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
# Addresses are entered by the administrator and are not confirmed by letter.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Approvers and administrators must have a second factor.
MFA_REQUIRED = env.flag("MFA_REQUIRED", not DEBUG and not DEMO)

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Русский")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.time_zone("TIME_ZONE", "Europe/Samara")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_URL = "/media/"
MEDIA_ROOT = env.folder("MEDIA_ROOT", BASE_DIR / "media")
# Evidence of reports lies apart: no proxy serves it, the site asks who may see it.
STORAGES["evidence"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": env.folder("EVIDENCE_ROOT", BASE_DIR / "evidence"), "base_url": None},
}
FILE_UPLOAD_HANDLERS = [
    "documents.upload_names.PathInNameHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o640

# A notice is sent while a person waits for their page: a mail server that does not answer may not hold them.
EMAIL_TIMEOUT = 10
# A letter holds a name and a way in: on a real site it never goes to the log.
vars().update(env.email("EMAIL_URL", "consolemail://" if DEBUG or DEMO else "dummymail://"))
DEFAULT_FROM_EMAIL = env.address("DEFAULT_FROM_EMAIL", "no-reply@localhost")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "accounts.kept.csrf_failure"
SESSION_COOKIE_AGE = 12 * 60 * 60
# In the session, not in a cookie of their own: public pages neither set nor read cookies.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
HSTS_SECONDS = env.integer("HSTS_SECONDS", 365 * 24 * 60 * 60)
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = HSTS_SECONDS
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

SIMPLE_HISTORY_HISTORY_ID_USE_UUID = False
SIMPLE_HISTORY_REVERT_DISABLED = True

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "config.log.WithoutSecrets",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },  # fmt: skip
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # gunicorn warns on every HEAD answered by Django: monitors would fill the log.
        "gunicorn.error": {"level": "ERROR" if DEMO else LOG_LEVEL},
    },
}
