"""Links to recordings: where the file lies, or an address of ours that outlives its moves and can be revoked."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

Link = Callable[[str, datetime], str]
"""Makes the link of what was written of a recording, and of the end of its call (UTC); empty without a file."""

LINKS = ("http://", "https://")
LONGEST_NAME = 255
"""Bytes: no file system takes more."""
SIGNATURE_LENGTH = 32
"""128 bits: nobody finds a recording by trying."""


def where_it_lies(base: str) -> Link:
    """The file's name after the base address. What is a link already stays as it is."""

    def link(text: str, ended: datetime) -> str:
        name = file_name(text)
        if text.startswith(LINKS):
            return text
        return f"{base.rstrip('/')}/{quote(name)}" if base and name else ""

    return link


def by_us(system_id: int, key: str) -> Link:
    """The same address whenever the call is read. What is a link already stays as it is: it is not ours to revoke."""

    def link(text: str, ended: datetime) -> str:
        name, day = file_name(text), f"{ended.astimezone(UTC):%Y%m%d}"
        if text.startswith(LINKS) or not name:
            return text if text.startswith(LINKS) else ""
        path = reverse("recording", args=[system_id, day, signature(key, system_id, day, name), name])
        return settings.PUBLIC_URL + path

    return link


def signature(key: str, system_id: int, day: str, name: str) -> str:
    """`key`: the installation's own, which outlives restored backups and new secrets, as these links do."""
    signed = "\0".join(("recording", str(system_id), day, name))
    return hmac.digest(key.encode(), signed.encode(), sha256).hex()[:SIGNATURE_LENGTH]


def file_name(text: str) -> str:
    name = PurePosixPath(text).name
    return name if PurePosixPath(name).suffix and len(name.encode()) <= LONGEST_NAME else ""
