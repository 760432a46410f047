"""The portal's settings with what tests need: DEBUG's defaults, a cheap hasher, a cache per process."""

import os

os.environ.setdefault("DEBUG", "on")

from config.settings import *  # noqa: E402, F403
from config.settings import LOGGING, VAR  # noqa: E402

DEMO = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = VAR / "test-media"
LOGGING = LOGGING | {"root": {"handlers": [], "level": "ERROR"}}
(VAR / "static").mkdir(parents=True, exist_ok=True)
