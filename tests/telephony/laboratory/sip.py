"""Messages of SIP (RFC 3261), as far as telephones of the laboratory need them."""

from __future__ import annotations

import re

LOOPBACK = "127.0.0.1"


class Message:
    def __init__(self, data: bytes) -> None:
        head, _, self.body = data.decode("utf-8", "surrogateescape").partition("\r\n\r\n")
        self.start, *lines = head.split("\r\n")
        self.headers = [(n.strip(), v.strip()) for n, _, v in (line.partition(":") for line in lines)]

    def __getitem__(self, name: str) -> str:
        return next((v for n, v in self.headers if n.lower() == name.lower()), "")

    def every(self, name: str) -> list[str]:
        return [v for n, v in self.headers if n.lower() == name.lower()]


def uri_of(text: str) -> str:
    found = re.search(r"<([^>]+)>", text)
    return found[1] if found else text.split(";")[0]


def tag_of(text: str) -> str:
    found = re.search(r";tag=([^;\s]+)", text)
    return found[1] if found else ""
