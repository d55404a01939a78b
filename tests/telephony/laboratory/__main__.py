"""Builds an Asterisk, and drives situations on it: `python -m tests.telephony.laboratory --help`."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from tests.telephony.laboratory import situations  # noqa: F401 - they enter themselves in the catalogue
from tests.telephony.laboratory.image import build, version
from tests.telephony.laboratory.media import SILENCE
from tests.telephony.laboratory.pbx import Pbx
from tests.telephony.laboratory.recorder import record
from tests.telephony.laboratory.situations.catalogue import SITUATIONS


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.telephony.laboratory")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("build", help="a root file system with Asterisk (as root, with mmdebstrap)")
    one.add_argument("dir", type=Path)
    one.add_argument("--suite", default="bullseye", help="a Debian release with Asterisk: bullseye (16) or sid (22)")
    commands.add_parser("list", help="the situations")
    one = commands.add_parser("run", help="drives situations and keeps what Asterisk wrote, and the truth")
    one.add_argument("dir", type=Path)
    one.add_argument("situation", nargs="+", choices=["all", *SITUATIONS], metavar="SITUATION", help="names, or all")
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--dialplan", choices=("plain", "freepbx"), default="plain")
    one.add_argument("--columns", type=int, choices=(16, 18, 21), default=21, help="of Master.csv")
    one.add_argument("--timezone", default="Europe/Paris", help="of the PBX; with 21 columns Master.csv is in UTC")
    one.add_argument("--instance", type=int, default=0, help="several may run side by side, each with its own number")
    one.add_argument("--sip", type=int, default=50600, help="first of six UDP ports; an instance adds ten")
    one.add_argument("--ami", type=int, default=5038)
    return parser.parse_args()


def run(given: argparse.Namespace) -> int:
    sip = given.sip + 10 * given.instance
    pbx = Pbx(given.dir, given.instance, given.dialplan, given.columns, given.timezone, sip, given.ami)
    label = version(given.dir)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # Asterisk is stopped all the same
    SILENCE.start()
    pbx.write()
    bad = 0
    try:
        pbx.start()
        for name in SITUATIONS if given.situation == ["all"] else given.situation:
            verdict = record(pbx, name, given.out / f"{label}-{given.dialplan}", label)
            bad += verdict != "ok"
            print(f"{label} {given.dialplan} {given.columns} {name}: {verdict}", flush=True)  # noqa: T201
    finally:
        pbx.stop()
    return min(bad, 1)


given = arguments()
if given.command == "build":
    build(given.dir, given.suite)
elif given.command == "list":
    print("\n".join(f"{name:28} {one.what}" for name, one in SITUATIONS.items()))  # noqa: T201
else:
    sys.exit(run(given))
