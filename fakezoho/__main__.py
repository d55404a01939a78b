from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from typing import Any

from fakezoho import knobs
from fakezoho.accounts.console import register
from fakezoho.serve import StandIn
from fakezoho.snapshot import DamagedState


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m fakezoho", description="A local stand-in of Zoho, on 127.0.0.1 only."
    )
    parser.add_argument("--port", type=int, default=os.environ.get("FAKEZOHO_PORT", "8100"),
                        help="0 takes a free one; the address is printed (FAKEZOHO_PORT, or 8100)")  # fmt: skip
    parser.add_argument("--state", metavar="FILE", help="keep clients, grants and records in this file")
    parser.add_argument("--client", action="append", default=[], metavar="ID:SECRET:REDIRECT[,REDIRECT]",
                        help="register this client at start; may be repeated")  # fmt: skip
    parser.add_argument("--knob", action="append", default=[], metavar="NAME=VALUE", help="set a knob; may be repeated")
    parser.add_argument("--fault", action="append", default=[], metavar="JSON",
                        help="order a fault at start, as POST /_standin/faults takes it; may be repeated")  # fmt: skip
    for knob in knobs.names():
        parser.add_argument(
            "--" + knob.name.replace("_", "-"),
            dest=f"knob_{knob.name}",
            metavar=_answers(knob),
            help=f"{knob.metadata['doc']} Default: {_default(knob)}.".replace("%", "%%"),
        )
    return parser


def _default(knob: dataclasses.Field[Any]) -> str:
    if isinstance(knob.default, bool):
        return "on" if knob.default else "off"
    return str(knob.default) or "empty"


def _answers(knob: dataclasses.Field[Any]) -> str:
    if isinstance(knob.default, bool):
        return "{on,off}"
    answers = knob.metadata["choices"]
    return "{" + ",".join(map(str, answers)) + "}" if answers else type(knob.default).__name__.upper()


def _fault(text: str) -> dict[str, Any]:
    try:
        order = dict(json.loads(text))
    except (ValueError, TypeError):
        raise ValueError(f'--fault takes a fault as JSON, such as \'{{"fault": "html_401"}}\', not {text!r}.') from None
    return order


def _knobs(options: argparse.Namespace) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for text in options.knob:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"--knob takes NAME=VALUE, not {text!r}.")
        values[name.replace("-", "_")] = value
    flags = {knob.name: getattr(options, f"knob_{knob.name}") for knob in knobs.names()}
    return values | {name: value for name, value in flags.items() if value is not None}


def _seed_client(zoho: StandIn, text: str) -> None:
    parts = text.split(":", 2)
    if len(parts) != 3 or not all(parts):
        raise ValueError("--client takes ID:SECRET:REDIRECT[,REDIRECT].")
    register(zoho.world, "eu", "Seeded client", "", parts[2].split(","), parts[0], parts[1])


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        zoho = StandIn(options.port, options.state, [_fault(text) for text in options.fault], **_knobs(options))
        for text in options.client:
            _seed_client(zoho, text)
    except (ValueError, TypeError, OSError, DamagedState) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write(f"Local Zoho: {zoho.url}\n")
    sys.stdout.flush()
    zoho.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
