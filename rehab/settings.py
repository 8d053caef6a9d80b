"""The one settings file. Everything that differs between places comes from the environment (rehab/env.py)."""

import tempfile
from pathlib import Path

import pghistory
from django.utils.translation import gettext_lazy as _

from rehab import env

BASE_DIR = Path(__file__).resolve().parent.parent

# Safe by default: whoever names a database without saying what it is for runs production.
ENVIRONMENT = env.optional("TITIAN_ENV") or "production"
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"
DEBUG = False


def _needed(name: str, harmless: str) -> str:
    return env.text(name) if PRODUCTION else env.text(name, harmless)


SECRET_KEY = _needed("TITIAN_SECRET_KEY", "only-for-demo-and-tests-" + "x" * 40)
ALLOWED_HOSTS = env.words("TITIAN_HOSTS") if PRODUCTION else ["*"]
CSRF_TRUSTED_ORIGINS = env.words("TITIAN_ORIGINS")
if PRODUCTION:
    env.text("TITIAN_HOSTS")

# Identity data: data keys are wrapped by the first master key; older ones still open. The index key never rotates with it.
MASTER_KEYS = env.keyring("TITIAN_MASTER_KEYS", None if PRODUCTION else "demo:" + "5a" * 32)
INDEX_KEY = env.keyring("TITIAN_INDEX_KEY", None if PRODUCTION else "demo:" + "c3" * 32)

# In demo mode every page and PDF says "data contoh" and the sign-in page shows the invented logins.
DEMO = env.flag("TITIAN_DEMO", default=ENVIRONMENT == "development")

INSTALLED_APPS = [
    "rehab.apps.RehabConfig",
    "facilities",
    "clients",
    "assessments",
    "aftercare",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "rehab.middleware.ContentSecurityPolicy",
    "rehab.middleware.NoNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rehab.middleware.TypedText",
    "rehab.middleware.LoginRequired",
    "facilities.middleware.ActivePost",
    "rehab.middleware.FinishedDraft",
    "rehab.middleware.HistoryContext",
    "rehab.middleware.FullDisk",
    "rehab.middleware.ReadOnlyGet",
]

ROOT_URLCONF = "rehab.urls"
WSGI_APPLICATION = "rehab.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "rehab.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "rehab.templatetags.titian"],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Two database roles: the owner migrates; the application's role cannot alter audit and history tables.
_OWNER = env.optional("TITIAN_DB_ROLE") == "owner" and env.optional("DATABASE_OWNER_URL")
DATABASES = {"default": env.database("DATABASE_OWNER_URL" if _OWNER else "DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
APPLICATION_DB_ROLE = env.optional("TITIAN_APP_DB_ROLE") or "titian_app"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in must work with the broker down: sessions and throttling live in PostgreSQL.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "rehab_cache"}}
SESSION_ENGINE = "rehab.sessions"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
# Never in a cookie: a message may name a client's code or a colleague.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("TITIAN_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"

AUTH_USER_MODEL = "rehab.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Argon2 is slow on purpose; tests make thousands of accounts and guard nothing with them.
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{'MD5' if TESTING else 'Argon2'}PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "rehab.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# An office shares one address: the account is what is guarded first.
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,5/300s/key"}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "rehab.accounts.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Titian"
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if PRODUCTION
    else "django.core.mail.backends.locmem.EmailBackend"
    if TESTING
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = env.text("TITIAN_EMAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = env.text("TITIAN_EMAIL_FROM", "titian@localhost")

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / ".run" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
REGION_LIST = BASE_DIR / "node_modules" / "idn-area-data" / "data"

DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Clients' documents, sealed: outside the web root, on the same care as the database (rehab/files.py).
FILES_FOLDER = Path(_needed("TITIAN_FILES", str(Path(env.optional("TITIAN_STATE") or BASE_DIR / ".run") / "files")))
if TESTING:
    FILES_FOLDER = Path(env.optional("TITIAN_TEST_STATE") or tempfile.gettempdir()) / "titian-files"

CELERY_BROKER_URL = _needed("REDIS_URL", "redis://localhost:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60
# unacked_restore_throttle: else a killed worker's task waits a hundred seconds for its second chance.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 20 * 60, "unacked_restore_throttle": 1, "socket_timeout": 5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Jakarta"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# History keeps its context with the row, append-only; the statement level of the triggers turns quadratic.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_ADMIN_ALL_EVENTS = False
# Triggers are put in place from the models at the end of `migrate`: never behind the code, and a quarter of its time.
PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = False  # our `migrate` does it

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.text("TITIAN_LOG_LEVEL", "WARNING")},
}
