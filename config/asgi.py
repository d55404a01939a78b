"""The application that a web server runs. `manage.py serve` runs it with our limits for slow clients."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from authmethods import presence  # noqa: E402 - needs the applications
from config.server.handler import Handler  # noqa: E402 - needs the applications
from config.server.run import end_with_parent  # noqa: E402 - as above

end_with_parent()
presence.announce("web")
application = Handler()
