"""The product's own settings with keys for tests; the database and Redis come from the environment or conftest."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile

from tests.ports import free_port
from tests.reuse import kept_database

# A directory of its own: nothing that `make run` left in var/ reaches a test.
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="deskline-")
atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-that-is-long-enough-to-pass-the-checks")
os.environ.setdefault("FERNET_KEYS", "a-fernet-key-for-tests-only")
os.environ.setdefault("PUBLIC_URL", "http://127.0.0.1:8000")
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")

from config.paths import VAR
from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# Each test process has servers and files of its own, whatever the environment says of real ones.
REDIS_URL = CELERY_BROKER_URL = CACHES["default"]["LOCATION"] = f"redis://127.0.0.1:{free_port()}/0"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(kept_database() if "--reuse-db" in sys.argv else VAR / "test.sqlite3")}
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns of a directory that is not there
