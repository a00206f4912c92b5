"""Django's settings for one installation; everything that differs between two comes from the environment."""

import os
from pathlib import Path

from luyue.site.areas import areas_with
from luyue.site.database import database_settings
from luyue.site.environment import host_names, log_level, yes
from luyue.site.home import existing_home, secret_key
from luyue.site.mail import mail_settings

LUYUE_HOME: Path = existing_home()
DEBUG = yes("LUYUE_DEBUG")
HTTPS = yes("LUYUE_HTTPS")
SECRET_KEY = os.environ.get("LUYUE_SECRET_KEY") or secret_key(LUYUE_HOME)

_HOSTS = host_names()
ALLOWED_HOSTS = [*_HOSTS, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [
    f"{'https' if HTTPS else 'http'}://{'*' if host.startswith('.') else ''}{host}" for host in _HOSTS
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "luyue.site",
    *(f"luyue.{area}" for area in areas_with("apps")),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "luyue.site.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "luyue.site.middleware.AccountLanguage",
    "luyue.site.middleware.PlainAddress",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "luyue.organization.middleware.Employment",
    "django_htmx.middleware.HtmxMiddleware",
]

FORM_RENDERER = "luyue.desk.drawing.Drawing"
ROOT_URLCONF = "luyue.site.urls"
WSGI_APPLICATION = "luyue.site.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "luyue.desk.context.shell",
                "luyue.messaging.context.notices_unread",
            ],
        },
    },
]

DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL", ""), home=LUYUE_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "luyue_cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

AUTH_USER_MODEL = "organization.Account"
AUTHENTICATION_BACKENDS = ["luyue.organization.sessions.SignedIn"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "luyue.organization.sign_in.SignIn"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = False
# A whole company signs in at eight o'clock from behind one address; guessing is stopped per user name.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/300s/key"}
# The proxy that speaks TLS for us says from where a request came.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
MFA_ADAPTER = "luyue.organization.sign_in.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Luyue 履约"
MFA_TOTP_TOLERANCE = 1

STATIC_URL = "/static/"
STATIC_ROOT = LUYUE_HOME / "static"
MEDIA_ROOT = LUYUE_HOME / "attachments"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "luyue.site.static.CompressedManifest"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o640

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "luyue.organization.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

# What Django would say of TLS in words of its own settings; `luyue check --deploy` says it in ours.
SILENCED_SYSTEM_CHECKS = [f"security.W{number}" for number in ("004", "005", "008", "012", "016", "021")]

vars().update(mail_settings(os.environ.get("LUYUE_MAIL_URL", "")))
DEFAULT_FROM_EMAIL = os.environ.get("LUYUE_MAIL_FROM", "luyue@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": log_level()},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
