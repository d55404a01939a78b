from __future__ import annotations

from core.reasons import declare

# Requests
NO_ID = declare(
    "zoho_desk.no_id", "The {of} id is not one of Zoho Desk's (digits only), so nothing was sent. Choose it again."
)
NO_PORTAL = declare(
    "zoho_desk.no_portal",
    "No Zoho Desk portal is chosen, so nothing was sent. Reconnect the method and choose one.",
)
UNKNOWN_ADDRESS = declare(
    "zoho_desk.unknown_address",
    "Zoho Desk does not know this address; nothing was changed. Check the environment URL, then reconnect.",
)
NOTHING_TO_WRITE = declare(
    "zoho_desk.nothing_to_write", "There is no value to write, so nothing was sent. Fill in a field."
)
UNKNOWN_MODULE = declare(
    "zoho_desk.unknown_module",
    "Objects of Zoho Desk that can be used here: {known}. Correct the object's API name.",
)
HIDDEN = declare(
    "zoho_desk.hidden",
    "Zoho Desk hides {fields} of {module} from the agent who consented, so a record whose answer was lost cannot be "
    "found again. Show it to the agent's profile, or reconnect with another agent.",
)
MANY_DEPARTMENTS = declare(
    "zoho_desk.many_departments", "The portal has more than {most} departments, too many to list."
)

# Where it is
UNKNOWN_DATA_CENTRE = declare(
    "zoho_desk.unknown_data_centre",
    "This Zoho data centre is not known here, so nothing is sent to it. Check the environment URL; an administrator of "
    "the server can add data centres (ZOHO_DATA_CENTRES).",
)
NO_DESK = declare(
    "zoho_desk.no_desk",
    "Zoho documents no Desk in its data centre “{location}”, so no record can be written there. Use the portal's own "
    "address (https://desk.zoho.…) as the environment URL.",
)
UNKNOWN_ACCOUNTS_SERVER = declare(
    "zoho_desk.unknown_accounts_server",
    "The sign-in came back from an accounts server that is not one of Zoho's known ones, so nothing was sent to it. "
    "Start again from the Maker; if it happens again, tell the administrator of the server.",
)
_PASTE = (
    "Paste the address that your browser shows when you work in Zoho Desk, for example "
    "https://desk.zoho.eu/agent/yourcompany."
)
NO_COMPANY_URL = declare(
    "zoho_desk.no_company_url",
    f"This is not an address of Zoho Desk (a domain of your own does not tell the data centre). {_PASTE}",
)
BROKEN_URL = declare("zoho_desk.broken_url", f"The environment URL holds a line break or the like. {_PASTE}")
UNREADABLE_URL = declare("zoho_desk.unreadable_url", f"The environment URL cannot be read. {_PASTE}")

# Consents, tokens and sign-in
NO_TOKEN = declare("zoho_desk.no_token", "Zoho's sign-in server gave no usable answer.")
NO_REFRESH_TOKEN = declare(
    "zoho_desk.no_refresh_token",
    "Zoho gave no refresh token, so the connection would end within the hour; it was not kept. Start the consent again "
    "and accept all that is asked.",
)
GRANT_REFUSED = declare(
    "zoho_desk.grant_refused",
    "{cause} Nothing is sent until the method is connected again: click its status in Authentication methods.",
)
CODE_REFUSED = declare("zoho_desk.code_refused", "{cause} Nothing was changed; start again.")
_THROTTLED = "Zoho takes no more token requests for up to 10 minutes, since too many were made in a short time."
REFRESH_THROTTLED = declare("zoho_desk.refresh_throttled", f"{_THROTTLED} Nothing is lost; it goes on by itself.")
CODE_THROTTLED = declare("zoho_desk.code_throttled", f"{_THROTTLED} Nothing was changed; start again after that.")
REFRESH_LOST = declare(
    "zoho_desk.refresh_lost", "{cause} The connection itself is not affected; it is tried again by itself."
)
CODE_LOST = declare("zoho_desk.code_lost", "{cause} Nothing was changed here. Start again.")
NOT_REVOKED = declare(
    "zoho_desk.not_revoked",
    "Zoho's sign-in server did not confirm the end of the old consent. Remove it at accounts.zoho.com under Sessions, "
    "Connected Apps, if it should end now.",
)
NOBODY = declare(
    "zoho_desk.nobody",
    "Zoho did not say who signed in (no ZUID, or no e-mail address), so nobody was let in. The Zoho account needs a "
    "confirmed e-mail address.",
)
