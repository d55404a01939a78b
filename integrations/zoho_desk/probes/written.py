"""What only a write can show (zoho-facts.md 4.1, 4.5, 4.6, 4.7): judged by what `Trial` observed. None: not reached."""

from __future__ import annotations

from integrations.zoho_desk.preset import RECORDING_FIELD
from integrations.zoho_desk.probes import demanded
from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.probe import REPORT, Finding, different, judged, probe, same, unclear
from integrations.zoho_desk.probes.trial import DESCRIPTION
from integrations.zoho_desk.probes.wire import Heard
from integrations.zoho_desk.serialization import CUSTOM

EMPTY = 422


def _for_something_else(heard: Heard) -> Finding:
    return unclear(f"{heard.said}: refused for something else.")


@probe("create-status", "4.1", "A new record is answered with 200, not 201.")
def created(account: Account) -> Finding | None:
    heard = account.observed.call or account.observed.contact
    if heard is None:
        return None
    return judged(heard.status == 200, heard.said) if heard.ok else _for_something_else(heard)


@probe(
    "same-email",
    "4.6, 8",
    "A second contact with the same e-mail address is accepted.",
    "Deliveries that die with “already has a record with this value” (email): choose the contact by hand, then replay. "
    "Report it.",
)
def same_email(account: Account) -> Finding | None:
    heard = account.observed.same_email
    if heard is None:
        return None
    return judged(heard.ok, heard.said) if heard.ok or "email" in heard.fields else _for_something_else(heard)


@probe("trashed-contact", "4.2, 4.6", "A call on a contact in the bin is refused with 404.")
def trashed_contact(account: Account) -> Finding | None:
    heard = account.observed.call_on_trashed
    if heard is None:
        return None
    if heard.ok:
        return different(f"{heard.said}: it was written.", f"{REPORT} Calls would land on contacts in the bin.")
    if heard.status != 404 and heard.fields != {"contactId"}:
        return _for_something_else(heard)
    return judged(heard.status == 404, heard.said)


@probe(
    "mandatory-fields",
    "4.5",
    "A new call must carry the custom fields that the layout makes mandatory, and no others.",
    "Report it: what the Check of a CRM says of these fields is then wrong.",
)
def mandatory(account: Account) -> Finding | None:
    if account.observed.call is None:
        return None
    marked, refused = demanded.names(account.call_layout), account.observed.call_lacking
    told = {name for name in refused.fields if name.startswith(CUSTOM)} if refused else set()
    if not marked and not told:
        return unclear("The default layout of calls makes no custom field mandatory.")
    return judged(told == marked, f"refused without {', '.join(sorted(told)) or 'none'}")


@probe("empty-payload", "4.2", "A record without any value is refused with 422.")
def empty(account: Account) -> Finding | None:
    heard = account.observed.empty
    return judged(heard.status == EMPTY, heard.said) if heard else None


@probe(
    "recording-url",
    "4.5",
    "A call takes the standard field recordingUrl.",
    f"Make a custom field {RECORDING_FIELD} (URL) for calls in Zoho Desk, and use it in the CRM and its rules.",
)
def recording(account: Account) -> Finding | None:
    if account.observed.call_refusing_recording:
        return different(account.observed.call_refusing_recording.said)
    heard = account.observed.call
    if heard is None:
        return None
    return same(heard.said) if heard.ok else _for_something_else(heard)


@probe("description-as-text", "4.5, 8", "The description of a call comes back as the plain text that was sent.")
def description(account: Account) -> Finding | None:
    text = account.observed.description
    if text is None:
        return None
    return judged(text == DESCRIPTION, "as it was sent" if text == DESCRIPTION else "changed, or none")


@probe(
    "long-subject",
    "4.5",
    "A subject that is too long is refused, not cut.",
    "Nothing here: the client cuts it before. Report it.",
)
def long_subject(account: Account) -> Finding | None:
    heard = account.observed.long_subject
    if heard is None:
        return None
    return judged(not heard.ok, heard.said) if heard.ok or "subject" in heard.fields else _for_something_else(heard)


@probe(
    "trash",
    "4.1",
    "Records are moved to trash by POST /…/moveToTrash, answered with 204.",
    "Trash the records that are named below by hand, if any. Report it.",
)
def trash(account: Account) -> Finding | None:
    heard = account.observed.trash_of_all or account.observed.trash_of_one
    return judged(heard.status == 204, heard.said) if heard else None


PROBES = (created, same_email, trashed_contact, mandatory, empty, recording, description, long_subject, trash)
