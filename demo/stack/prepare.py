"""`python -m demo.stack.prepare`: tables, static files and the demo company, in one process so that it is quick."""

from __future__ import annotations

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
    except ImproperlyConfigured as wrong:
        sys.exit(str(wrong))
    except OperationalError as wrong:
        sys.exit(f"The database of DATABASE_URL does not answer: {wrong}")
    from demo import company, static

    static.collect()
    company.load()


if __name__ == "__main__":
    main()
