"""The state file: for its owner only (it holds client secrets), replaced whole so that a crash leaves the old one."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fakezoho.clock import Clock
from fakezoho.identities import AccessToken, Client, Code, Grant, Person
from fakezoho.module import Module
from fakezoho.portal import Portal, new_module
from fakezoho.world import DataCentre, World

logger = logging.getLogger(__name__)
VERSION = 1
PASSING = {"modules", "in_flight"}


class DamagedState(Exception):
    """The state file cannot be read; its message says what to do."""


def dump(world: World) -> dict[str, Any]:
    return {
        "version": VERSION,
        "ahead": world.clock.ahead,
        "clients": [asdict(client) for client in world.clients.values()],
        "centres": {code: _centre_data(centre) for code, centre in world.centres.items()},
    }


def _centre_data(centre: DataCentre) -> dict[str, Any]:
    tokens = {key: asdict(token) for key, token in centre.tokens.items()}
    for token in tokens.values():
        del token["allowed"]
    return {
        "people": [asdict(person) for person in centre.people.values()],
        "portals": [_portal_data(portal) for portal in centre.portals.values()],
        "codes": {key: asdict(code) for key, code in centre.codes.items()},
        "grants": {key: asdict(grant) for key, grant in centre.grants.items()},
        "tokens": tokens,
    }


def _portal_data(portal: Portal) -> dict[str, Any]:
    plain = {name: value for name, value in vars(portal).items() if name not in PASSING}
    return plain | {"modules": {n: list(m.records.values()) for n, m in portal.modules.items()}}


def fill(world: World, data: dict[str, Any]) -> None:
    """Put saved data into the world; addresses follow the port of today."""
    if data["version"] != VERSION:
        raise ValueError(f"version {data['version']!r}")
    clients = {c["id"]: Client(**c) for c in data["clients"]}
    centres = {code: _centre(code, world.base_url, centre) for code, centre in data["centres"].items()}
    clock = Clock()
    clock.advance(data.get("ahead", 0.0))
    world.clients, world.centres, world.clock = clients, centres, clock


def _centre(code: str, base_url: str, data: dict[str, Any]) -> DataCentre:
    centre = DataCentre(code, base_url)
    centre.people = {p["zuid"]: Person(**p) for p in data["people"]}
    centre.codes = {key: Code(**code) for key, code in data["codes"].items()}
    centre.grants = {key: Grant(**grant) for key, grant in data["grants"].items()}
    centre.tokens = {key: AccessToken(**token) for key, token in data["tokens"].items()}
    for saved in data["portals"]:
        portal = Portal(**{name: value for name, value in saved.items() if name != "modules"})
        old_url, portal.url = portal.url, f"{centre.desk_url}/agent/{portal.name}"
        portal.modules |= {n: _module(n, rows, old_url, portal.url) for n, rows in saved["modules"].items()}
        centre.portals[portal.id] = portal
    return centre


def _module(name: str, records: list[dict[str, Any]], old_url: str, new_url: str) -> Module:
    module = new_module(name)
    for record in records:
        if "webUrl" in record:
            record["webUrl"] = record["webUrl"].replace(old_url, new_url, 1)
        module.put(record, 0.0)
    return module


class Keeper:
    def __init__(self, world: World, path: Path) -> None:
        self.world = world
        self.path = path

    def load(self) -> None:
        """Read the file if there is one; raises DamagedState."""
        try:
            fill(self.world, json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise DamagedState(
                f"The local Zoho cannot read its state file {self.path} ({type(problem).__name__}). Nothing was "
                "changed. Move the file away to begin with the demo companies again, or put a good copy in its place."
            ) from problem

    def save(self) -> None:
        """Write what changed; raises OSError, and the next call tries again."""
        if not self.world.unsaved.is_set():
            return
        self.world.unsaved.clear()
        try:
            self._write(json.dumps(dump(self.world), ensure_ascii=False))
        except OSError:
            self.world.unsaved.set()
            raise

    def _write(self, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_name(self.path.name + ".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)

    async def keep(self) -> None:
        """Save changes every half second; more rarely when there is so much that saving takes time."""
        pause, told = 0.5, False
        while True:
            await asyncio.sleep(pause)
            started = time.perf_counter()
            try:
                self.save()
                told = False
            except OSError as problem:
                if not told:
                    logger.warning("The local Zoho cannot save to %s (%s). It goes on trying.", self.path, problem)
                told = True
            pause = max(0.5, 20 * (time.perf_counter() - started))
