from __future__ import annotations

import re
from datetime import tzinfo
from functools import lru_cache
from hashlib import sha256

from telephony.calls.channels import channel
from telephony.calls.records import Disposition, Record
from telephony.cdr.errors import BadLine
from telephony.cdr.times import times

DISPOSITIONS = {
    "ANSWERED": Disposition.ANSWERED,
    "ANSWER": Disposition.ANSWERED,
    "NOANSWER": Disposition.UNANSWERED,
    "CANCEL": Disposition.UNANSWERED,
    "CANCELED": Disposition.UNANSWERED,
    "UNKNOWN": Disposition.UNANSWERED,
    "DOCUMENTATION": Disposition.UNANSWERED,
    "BUSY": Disposition.BUSY,
    "FAILED": Disposition.FAILED,
    "CONGESTION": Disposition.FAILED,
    "CHANUNAVAIL": Disposition.FAILED,
}
IS_A_RECORDING = re.compile(r"\S.*\.(?:wav|WAV|wav49|gsm|mp3|ogg|opus|sln\d*|ulaw|alaw|g722)")
known_channel = lru_cache(4_096)(channel)


def record(line: int, columns: dict[str, str], zone: tzinfo) -> Record:
    """Raises BadLine."""
    get = columns.get
    disposition = disposition_of(columns)
    moments = times(columns, zone, is_answered=disposition == Disposition.ANSWERED)
    sequence, userfield = get("sequence", ""), get("userfield", "")
    return Record(
        line=line,
        started=moments.started,
        ended=moments.ended,
        answered=moments.answered,
        spoken=moments.spoken,
        disposition=disposition,
        channel=known_channel(get("channel", "")),
        peer=known_channel(get("dstchannel", "")),
        source=get("src", ""),
        destination=get("dst", ""),
        context=get("dcontext", ""),
        caller_id=get("clid", ""),
        application=get("lastapp", ""),
        data=get("lastdata", ""),
        unique_id=get("uniqueid", ""),
        linked_id=get("linkedid", ""),
        sequence=int(sequence) if sequence.isdecimal() else 0,
        recording=get("recordingfile", "") or (userfield if IS_A_RECORDING.fullmatch(userfield) else ""),
        columns=columns,
    )


def disposition_of(columns: dict[str, str]) -> Disposition:
    """Of several words joined by `|` the first counts; without the column billsec tells. Raises BadLine."""
    if "disposition" not in columns:
        return Disposition.ANSWERED if columns.get("billsec", "0").strip("0.") else Disposition.UNANSWERED
    return named_disposition(columns["disposition"])


@lru_cache(256)
def named_disposition(text: str) -> Disposition:
    word = re.sub(r"[\s_-]", "", text.partition("|")[0]).upper()
    try:
        return DISPOSITIONS[word or "UNKNOWN"]
    except KeyError:
        raise BadLine(
            f"its disposition {text[:40]!r} is not one of ANSWERED, NO ANSWER, BUSY, FAILED, CONGESTION"
        ) from None


def reference(one: Record) -> str:
    """What names its call: the linked id, else the unique id, else what tells it from others."""
    known = one.linked_id or one.unique_id
    if known:
        return known
    words = "|".join(one.columns.get(name, "") for name in ("start", "src", "dst", "channel"))
    return "cdr-" + sha256(words.encode()).hexdigest()[:24]
