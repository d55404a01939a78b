from __future__ import annotations

import re

WITHHELD = {
    "anonymous", "asterisk", "blocked", "nobody", "none", "null", "private", "restricted", "s", "unavailable",
    "unknown", "withheld",
}  # fmt: skip
PLACES = {"", "s", "h", "i", "t", "hangup", "failed"}
"""Extensions of a dialplan that are no numbers."""
SHORTEST_OUTSIDE = 6
HIDDEN_CALLER = re.compile(r"[*#]31[*#]")
ADDRESS = re.compile(r"sips?:(?P<user>[^@;>]*)", re.IGNORECASE)


def caller(text: str) -> str:
    """The number of who called, "" where it is withheld."""
    address = ADDRESS.match(text)
    return "" if is_withheld(address["user"] if address else text) else text.strip()


def is_withheld(text: str) -> bool:
    word = text.strip().strip("<>\"'").lower()
    return word.partition("@")[0] in WITHHELD or not word.strip("0+")


def dialled(destination: str, dial_string: str, outside_prefix: str = "") -> str:
    """The number that was called outside: what was dialled, without the prefix of an outside line."""
    wanted, sent = HIDDEN_CALLER.sub("", destination), HIDDEN_CALLER.sub("", of_dial_string(dial_string))
    if wanted.lower() in PLACES:
        return sent
    is_another = wanted.isdecimal() and len(wanted) < SHORTEST_OUTSIDE and not sent.endswith(wanted)
    if sent and (wanted.endswith(sent) or is_another):  # an extension, from which the call was sent on
        return sent
    return wanted.removeprefix(outside_prefix) or sent


def of_dial_string(text: str) -> str:
    """`PJSIP/0199000109@trunk,300,T`, `PJSIP/trunk/sip:0199000109@host` and `SIP/trunk/0199000109`: the number."""
    first = text.split(",")[0].split("&")[0]
    parts = first.split("/")[1:]
    if not parts:
        return ""
    address = ADDRESS.match(parts[-1])
    if address:
        return address["user"]
    return parts[-1].partition("@")[0]
