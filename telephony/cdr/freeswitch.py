"""FreeSWITCH's call records: mod_cdr_csv (its template `example`, the default) and mod_json_cdr.

Written from their published configuration (developer.signalwire.com/freeswitch, read 2026-11), not tried on a real one.
Both log the caller's leg of a call; it names the other leg, but not whose telephone that was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from telephony.cdr.errors import BadLine

COLUMNS = (
    "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp", "end_stamp",
    "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec", "write_codec",
)  # fmt: skip
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
CAUSE = re.compile(r"[A-Z][A-Z0-9_]+")
DISPOSITIONS = {
    "USER_BUSY": "BUSY",
    "NO_ANSWER": "NO ANSWER",
    "NO_USER_RESPONSE": "NO ANSWER",
    "ORIGINATOR_CANCEL": "NO ANSWER",
    "ALLOTTED_TIMEOUT": "NO ANSWER",
    "CALL_REJECTED": "BUSY",
    "NORMAL_CLEARING": "NO ANSWER",
}
"""Of calls that nobody answered, by their hangup cause (ITU-T Q.850); any other means that they could not be placed."""
FROM_OUTSIDE = "public"
"""The context in which FreeSWITCH's own configuration takes calls from outside."""


def is_row(fields: list[str]) -> bool:
    return len(fields) == len(COLUMNS) and bool(UUID.fullmatch(fields[10].strip()) and CAUSE.fullmatch(fields[9]))


def columns_of_row(fields: list[str]) -> dict[str, str]:
    """As Asterisk would name them. Raises BadLine."""
    if not is_row(fields):
        raise BadLine(f"it is not one of the {len(COLUMNS)} columns that FreeSWITCH writes")
    return _columns(dict(zip(COLUMNS, fields, strict=True)))


def columns_of_json(text: str) -> Iterator[dict[str, str]]:
    """Each call of one JSON object, or of one on each line; the legs that were called are told by the callers'.

    Raises BadLine.
    """
    decoder, at = json.JSONDecoder(), 0
    while at < len(text := text.rstrip()):
        try:
            found, at = decoder.raw_decode(text, at)
            variables, profile = found["variables"], found["callflow"][0]["caller_profile"]
        except (ValueError, KeyError, IndexError, TypeError):
            raise BadLine("it is no call of FreeSWITCH's mod_json_cdr (variables, callflow)") from None
        at += len(text[at:]) - len(text[at:].lstrip())
        if variables.get("direction") != "outbound":
            yield _of_variables(variables, profile)


def _of_variables(variables: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, str]:
    def told(name: str) -> str:
        return unquote(str(variables.get(name) or ""))  # it encodes values for a form, unless told otherwise

    named = {name: unquote(str(profile.get(name) or "")) for name in ("caller_id_name", "caller_id_number", "context")}
    stamps = {f"{name}_stamp": told(f"{name}_epoch").removesuffix("0" * 6) for name in ("start", "answer", "end")}
    return _columns(
        named
        | {name: "" if stamp == "0" else stamp for name, stamp in stamps.items()}
        | {name: told(name) for name in ("duration", "billsec", "hangup_cause", "uuid", "accountcode")}
        | {
            "destination_number": unquote(str(profile.get("destination_number") or "")),
            "bleg_uuid": told("bridge_uuid") or told("last_bridge_to"),
        }
    )


def _columns(told: Mapping[str, str]) -> dict[str, str]:
    """The caller is outside in the context of calls from there, or where its number is no extension's."""
    caller, destination, own, other = (
        told[name].strip() for name in ("caller_id_number", "destination_number", "uuid", "bleg_uuid")
    )
    is_inbound = told["context"].strip() == FROM_OUTSIDE or not is_extension(caller)
    callee = (destination if is_extension(destination) else "") if is_inbound else destination
    reaches_outside = not is_inbound and not is_extension(destination)
    was_answered = bool(told["answer_stamp"].strip()) and told["billsec"].strip() not in ("", "0")
    return {
        "src": caller,
        "dst": destination,
        "clid": f'"{told["caller_id_name"]}" <{caller}>',
        "dcontext": told["context"].strip(),
        "channel": f"FREESWITCH/{'trunk' if is_inbound else caller}-{own.replace('-', '')}",
        "dstchannel": f"FREESWITCH/{'trunk' if reaches_outside else callee}-{other.replace('-', '')}" if other else "",
        "lastapp": "Dial",
        "lastdata": f"sofia/gateway/trunk/{destination}" if reaches_outside else "",
        "start": told["start_stamp"],
        "answer": told["answer_stamp"],
        "end": told["end_stamp"],
        "duration": told["duration"],
        "billsec": told["billsec"],
        "disposition": "ANSWERED" if was_answered else DISPOSITIONS.get(told["hangup_cause"].strip(), "FAILED"),
        "accountcode": told["accountcode"],
        "uniqueid": own,
    }


def is_extension(number: str) -> bool:
    return number.isdecimal() and len(number) <= 5
