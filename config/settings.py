"""Settings of Deskline, grouped by what they serve. The README lists the environment variables."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from config import appearance
from config.environment import boolean, env, existing_file, fraction, origin, required, whole
from config.paths import BASE_DIR, VAR

# Where and as whom we run
DEBUG = boolean("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "it signs sessions and forms")
PORT = whole("PORT", default=8000, least=1, most=65535)
PUBLIC_URL = origin("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(PUBLIC_URL).hostname])
TRUSTED_PROXIES = whole("TRUSTED_PROXIES", default=0, least=0, most=100)
"""How many proxies stand in front and are trusted to tell the scheme and the client's address."""
WEB_HOST = env.str("WEB_HOST", default="127.0.0.1")
WEB_WORKERS = whole("WEB_WORKERS", default=1, least=1, most=64)
WEB_THREADS = whole("WEB_THREADS", default=16, least=1, most=256)
"""The web server's address, its processes, and how many requests each works on at a time."""
SECURE = PUBLIC_URL.startswith("https://")

# Parts
INSTALLED_APPS = [
    "config.apps.DesklineConfig",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "maker.apps.MakerConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "auditlog",
    "csp",
    "django.forms",
    "django_htmx",
    "import_export",
    "ninja",
    "taggit",
    "users",
    "authmethods",
    "sso",
    "crm",
    "interactions",
    "telephony",
    "banner",
]
MIDDLEWARE = [
    "interactions.api.middleware.UniformRefusals",
    "config.outage.OutageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "users.session_middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "users.session_middleware.EndedSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "maker.recording.RecordingMiddleware",
]
ROOT_URLCONF = "config.urls"
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
            ]
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database and Redis
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'deskline.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # Nobody waits long for a server that is not there, or that has gone without a word. DATABASE_URL may say otherwise.
    patience = {"connect_timeout": 3, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    options = patience | {"tcp_user_timeout": 30_000} | DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True, OPTIONS=options)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "config.cache.Cache",
        "LOCATION": REDIS_URL,
        # Whoever posts an interaction waits no longer than this for a Redis that hangs.
        "OPTIONS": {
            "serializer": "config.cache.JSONSerializer",
            "socket_connect_timeout": 0.5,
            "socket_timeout": 1.0,
        },
    }
}

PACE_SHARE = fraction("PACE_SHARE", default=0.8)
"""Our share of the concurrent requests that a portal's edition allows; the rest is for its other integrations."""

# Secrets at rest (django-fernet-fields-v2); newest first
FERNET_KEYS = [key.strip() for key in required("FERNET_KEYS", "it encrypts stored credentials").split(",")]

# Celery wakes and runs, but remembers nothing: a message may be lost or come twice
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 200
"""Seconds. A task takes a few; only one that hangs gets this far."""
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 200_000
"""KiB. A child that has done or grown this much is replaced: their memory creeps up (celery/celery#4843)."""
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
"""Whoever can write to Redis could stop the worker, or read its settings."""
CELERY_WORKER_CONSUMER = "config.consumer:Consumer"
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 8.0
"""Seconds that tasks under way get before a cold shutdown; by default none."""
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
"""A worker waits for Redis as long as it takes; by default it would end after three quarters of an hour."""
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
"""A refusal of Redis, too, is a reason to connect again, and not to end."""
CELERY_BROKER_TRANSPORT = "config.broker:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "ack_emulation": False,
    "priority_steps": [0],
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 15,
}
CELERY_BEAT_SCHEDULE = {
    # So often that a delivery whose wake-up was lost begins within 5 s. Nothing here expires: Celery would compare
    # beat's clock with the worker's, and a worker whose clock is ahead would throw everything away.
    "sweep": {"task": "interactions.sweep", "schedule": 4.0},
    "keep-alive": {"task": "authmethods.keep_alive", "schedule": 3600.0},
    "forget-forms": {"task": "crm.forget_forms", "schedule": 3600.0},
    "clear-sessions": {"task": "users.clear_sessions", "schedule": 3600.0},
}
CELERY_BEAT_SCHEDULER = "config.beat.Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
"""Seconds within which beat notices that it is to end."""

# People
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["users.roles.RoleBackend", "sso.backend.ConnectorBackend"]
LOGIN_URL = "/maker/login/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Sign-in with a vendor (allauth does the protocol, `sso.policy` decides)
ACCOUNT_ADAPTER = "sso.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "sso.adapter.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# History
AUDITLOG_CID_HEADER = None
"""No request id: anybody can set its header, to any length."""

# Operations
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
"""Opens /metrics; without it there is no such page."""

# Zoho
ZOHO_DATA_CENTRES = existing_file("ZOHO_DATA_CENTRES")

# Security of the pages
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "users.sessions"
SESSION_IDLE_MINUTES = whole("SESSION_IDLE_MINUTES", default=720, least=5, most=525_600)
"""A session ends when its person has done nothing for so long; what an open page asks by itself does not count."""
SESSION_MAX_HOURS = whole("SESSION_MAX_HOURS", default=168, least=1, most=8760)
"""A session ends so long after the sign-in, whatever its person does."""
SESSION_COOKIE_AGE = SESSION_MAX_HOURS * 3600
SESSION_COOKIE_NAME = "deskline_session"
CSRF_COOKIE_NAME = "deskline_csrf"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Numbers
PHONE_REGION = env.str("PHONE_REGION", default="").upper()
"""The country (ISO 3166, two letters) of telephone numbers written without a country code."""

# The Maker (unfold)
UNFOLD = {
    "SITE_TITLE": _("Deskline Maker"),
    "SITE_HEADER": _("Deskline Maker"),
    "SITE_ICON": appearance.mark,
    "SITE_URL": "/",
    "LOGIN": {"form": "users.signin.SignInForm"},
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": appearance.mark}],
    "COLORS": {"primary": appearance.PRIMARY},
    "SHOW_BACK_BUTTON": True,
    "STYLES": [appearance.stylesheet],
    "SCRIPTS": [appearance.script],
    "SIDEBAR": {"show_search": False, "navigation": "config.navigation.navigation"},
}

# Texts and files
LANGUAGE_CODE = "en"
# A language is offered once all of our own texts have it: Django's and Unfold's alone make pages half of one.
LANGUAGES = [("en", _("English"))]
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {
        "redacting": {"()": "outbound.redact.RedactingFilter"},
        "refusals": {"()": "config.log_filters.RefusalsWithoutTraceback"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redacting"]},
        "django": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals", "redacting"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django": {"handlers": ["django"], "level": "WARNING", "propagate": False}},
}
