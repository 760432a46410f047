"""The portal's settings with what tests need: DEBUG's defaults, a cheap hasher, a cache per process."""

import os

os.environ.setdefault("DEBUG", "on")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, VAR

DEMO = False
if DATABASES["default"]["ENGINE"] == "config.localpg":
    # A server of their own: it may forget, the demo's may not.
    DATABASES["default"]["HOST"] = str(VAR / "test-pg")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "config.passwords.FirstPasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = VAR / "test-media"
# Quiet: pytest catches what is logged and shows it with a failed test.
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "WARNING"}}
(VAR / "static").mkdir(parents=True, exist_ok=True)
