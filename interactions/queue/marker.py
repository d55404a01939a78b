"""It follows from source, reference and rule: who writes the same again, after a restored backup too, finds what was
written.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from crm.models import Assignment
from interactions.models import Interaction

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is easily misread (0 and o, 1 and l and i): people compare markers by eye."""
LENGTH = 12
"""59 bits: one chance in 10 000 that ten million records hold a pair, and the database refuses that one."""


def of(interaction: Interaction, rule: Assignment, key: str) -> str:
    """`DL-` and 12 characters: letters, digits and a hyphen, which vendors' searches find exactly."""
    told = "\0".join((interaction.source, interaction.reference, rule.identity.hex))
    number = int.from_bytes(hmac.digest(key.encode(), told.encode(), sha256))
    text = ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        text += ALPHABET[place]
    return f"DL-{text}"
