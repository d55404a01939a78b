#!/usr/bin/env python
"""Deskline's command line."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["demo"]:  # it works on a machine where nothing ran yet: the settings need its keys
        from config.paths import VAR
        from demo.stack import local

        local.is_running(VAR)
        local.keys(VAR)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
