from __future__ import annotations

import re
from collections.abc import Sequence

from integrations.types import FieldInfo, PresetField, PresetObject
from integrations.zoho_desk.serialization import CUSTOM

RECORDING_FIELD = "cf_recording_url"
"""The custom field for the recording's public link; the standard `recordingUrl` is only in the newest spec."""
RECORDING = "recordingurl"
NO_RECORDING = "--"

CONTACTS = PresetObject(
    name="Contacts",
    api_name="contacts",
    is_card=True,
    fields=(
        PresetField("First name", "firstName", "short_text", in_list=True),
        PresetField(
            "Last name", "lastName", "short_text", required=True, in_list=True,
            template="{{interaction.customer_name}}",
        ),
        PresetField(
            "Phone", "phone", "phone", in_list=True, searchable=True, template="{{interaction.customer_phone}}"
        ),
        PresetField("Mobile", "mobile", "phone", searchable=True),
        PresetField(
            "Email", "email", "email", in_list=True, searchable=True, template="{{interaction.customer_email}}"
        ),
    ),
)  # fmt: skip


def objects(call_fields: Sequence[FieldInfo] | None) -> tuple[PresetObject, ...]:
    """The recommended objects; `call_fields` are those that the portal's calls have, None if unknown."""
    return CONTACTS, PresetObject(name="Calls", api_name="calls", is_card=False, fields=_calls(call_fields))


def _calls(call_fields: Sequence[FieldInfo] | None) -> tuple[PresetField, ...]:
    required = (
        ("Contact", "contactId", "short_text", "{{card.id}}"),
        ("Department", "departmentId", "short_text", "{{crm.department_id}}"),
        ("Direction", "direction", "short_text", "{{interaction.direction}}"),
        ("Duration", "duration", "number", "{{interaction.duration}}"),
        ("Subject", "subject", "short_text", "{{interaction.subject}}"),
        ("Start time", "startTime", "short_text", "{{interaction.started_at|date.utc}}"),
        ("Status", "status", "short_text", "Completed"),
    )
    shown = {"direction", "subject", "startTime", "status"}
    fields = [
        PresetField(name, api_name, kind, required=True, in_list=api_name in shown, template=template)
        for name, api_name, kind, template in required
    ]
    return (*fields, _recording(call_fields))


def _recording(call_fields: Sequence[FieldInfo] | None) -> PresetField:
    """How Zoho makes an API name of a label is not documented (zoho-facts.md 9): both are compared."""
    name, api_name = "Recording URL", RECORDING_FIELD
    if call_fields is not None:
        custom = [field for field in call_fields if field.api_name.startswith(CUSTOM)]
        named = [field for field in custom if _letters(field.api_name.removeprefix(CUSTOM)) == RECORDING]
        labelled = [field for field in custom if _letters(field.label) == RECORDING]
        taken = next(iter(named + labelled), None)
        name, api_name = (taken.label, taken.api_name) if taken else (name, "recordingUrl")
    return PresetField(
        name,
        api_name,
        "url",
        default=NO_RECORDING if api_name.startswith(CUSTOM) else "",
        template="{{interaction.recording_url}}",
    )


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())
