#!/usr/bin/env python
"""Deskline's command line."""

from __future__ import annotations

import os
import sys

OF_THE_DEMO = {"demo", "fakezoho", "load_demo_company"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not OF_THE_DEMO.isdisjoint(sys.argv[1:3]):
        # The demo is no part of an installation: only who names its commands has them.
        os.environ["DJANGO_SETTINGS_MODULE"] = "demo.settings"
    if sys.argv[1:2] in (["demo"], ["fakezoho"]):
        _prepare_this_machine()
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError, InterfaceError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:
        sys.exit(str(wrong))
    except (DatabaseError, InterfaceError) as error:
        from config.outage import trouble

        if what := trouble(error):
            sys.exit(f"{what} ({error}). What was committed before is kept; run the command again.")
        raise


def _prepare_this_machine() -> None:
    """Both commands run where nothing has run yet, and the settings require keys."""
    from config.paths import VAR
    from config.variables import CannotBeRead
    from demo.stack import local

    local.is_running(VAR)  # forgets the addresses of a system that was killed
    try:
        local.keys(VAR, names=local.OF_THE_SETTINGS)
    except CannotBeRead as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
