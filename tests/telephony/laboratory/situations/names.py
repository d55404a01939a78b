"""What carriers write as a caller's name."""

from __future__ import annotations

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import direct
from tests.telephony.laboratory.truth import answered

NAMES = {
    "name-quotes-comma": ('Dupont, "Le Bon" SARL', "Quotes and a comma in the caller's name."),
    "name-utf8": ("Zoë Müller-Łuczak", "UTF-8 in the caller's name."),
    "name-emoji": ("Café 🥐 Émile", "An emoji in the caller's name."),
    "name-latin1": ("Société Générale du Thé".encode("latin-1"), "Latin-1 bytes in the caller's name."),
    "name-apostrophe": ("O'Brien & Fils", "An apostrophe in the caller's name (cdr_sqlite3_custom builds SQL of it)."),
    "name-semicolon-lt": ("A <b>; x=y", "Angle brackets and a semicolon in the caller's name."),
}


for _name, (_value, _what) in NAMES.items():

    @situation(_name, _what)
    def _(lab, value=_value):
        call, agent = direct(lab, value, talk=1.5)
        shown = value.decode("latin-1") if isinstance(value, bytes) else value
        return [answered(call, agent, name=shown)]
