"""Requests and answers against the digest; what does not fit is refused as Zoho would (docs/zoho-facts.md 4.1, 4.2)."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from jsonschema_rs import Draft202012Validator, ValidationError

from fakezoho.desk.problems import Refused
from fakezoho.sent import NoJson
from fakezoho.spec import Operation, Parameter

BODY_LIMIT = 1_048_576
INTEGER = re.compile(r"[0-9]{1,18}")


# Saved views and filters, roles and profiles do not exist here. Better refused than quietly ignored.
UNSERVED = frozenset({"viewId", "filterId", "roleIds", "profileIds", "cfSearchStr", "cfFieldName"})
UNSERVED_HERE = {("getCalls", "startTime"), ("getAccounts", "filters"), ("getAccounts", "fields")}


def query_of(operation: Operation, text: str) -> dict[str, Any]:
    """Return the query's values in their own types; raises Refused (422) for an extra, missing or wrong one."""
    values: dict[str, Any] = {}
    for name, raw in parse_qsl(text, keep_blank_values=True):
        parameter = operation.parameters.get(name)
        if parameter is None:
            raise Refused("UNPROCESSABLE_ENTITY", f"Extra query parameter '{name}' is present in the input.")
        if name in UNSERVED or (operation.id, name) in UNSERVED_HERE:
            raise Refused("UNPROCESSABLE_ENTITY", f"The stand-in does not serve the query parameter '{name}'.")
        values[name] = _read(parameter, raw)
    for parameter in operation.parameters.values():
        if parameter.required and parameter.name not in values:
            raise Refused("UNPROCESSABLE_ENTITY", f"The query parameter '{parameter.name}' is missing.")
    return values


def _read(parameter: Parameter, raw: str) -> Any:
    try:
        value = _converted(parameter.kind, raw)
    except (ValueError, RecursionError):
        value = None
    if value is None or not parameter.validator.is_valid(value):
        raise Refused("UNPROCESSABLE_ENTITY", f"The value passed for field '{parameter.name}' is not valid.")
    return value


def _converted(kind: str, raw: str) -> Any:
    if kind == "array":
        return raw.split(",")
    if kind == "integer":
        return int(raw) if INTEGER.fullmatch(raw) else None
    if kind == "boolean":
        return {"true": True, "false": False}[raw] if raw in {"true", "false"} else None
    if kind == "json":
        return json.loads(raw) if len(raw) <= 4500 else None
    return raw


def check_path(operation: Operation, values: dict[str, str]) -> None:
    for name, parameter in operation.in_path.items():
        if not parameter.validator.is_valid(values[name]):
            raise Refused("URL_NOT_FOUND")


def check_kind(content_type: str, raw: bytes, body: Any) -> None:
    """Raises Refused for a body that is too large, missing, of another type, or no JSON."""
    if len(raw) > BODY_LIMIT:
        raise Refused("RESOURCE_SIZE_EXCEEDED")
    if not raw.strip():
        raise Refused("EMPTY_PAYLOAD")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Refused("UNSUPPORTED_MEDIA_TYPE")
    if isinstance(body, NoJson):
        raise Refused("BAD_REQUEST", "The body is not well-formed JSON.")


def check_body(schema: Draft202012Validator, body: Any, statuses: list[str]) -> None:
    """Raises Refused naming the fields at fault; ``statuses`` are the portal's own values of a call's status."""
    if schema.is_valid(body):
        return
    if body == {}:
        raise Refused("EMPTY_PAYLOAD")
    errors: list[dict[str, str]] = []
    for error in schema.iter_errors(body):
        if not _own_status(error, body, statuses):
            errors.extend(_field_errors(error))
    if errors:
        raise Refused("INVALID_DATA", errors=errors)


def _own_status(error: ValidationError, body: Any, statuses: list[str]) -> bool:
    return list(error.instance_path) == ["status"] and error.kind.name == "enum" and body["status"] in statuses


def _field_errors(error: ValidationError) -> list[dict[str, str]]:
    kind = error.kind.name
    if kind == "required":
        return [_field(error, "missing", getattr(error.kind, "property", ""))]
    if kind == "additionalProperties":
        return [_field(error, "invalid", name) for name in getattr(error.kind, "unexpected", [])]
    if kind == "anyOf" and not list(error.instance_path):
        return [_field(error, "missing", "contactId")]
    return [_field(error, "invalid", "")]


def _field(error: ValidationError, kind: str, extra: str) -> dict[str, str]:
    parts = [str(part) for part in error.instance_path] + ([extra] if extra else [])
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
    return {"fieldName": pointer or "/", "errorType": kind}


def wrong_in_answer(operation: Operation, body: Any) -> str:
    """Tell what the stand-in itself got wrong, by the digest; empty when the answer is right."""
    if operation.answer is None or operation.answer.is_valid(body):
        return ""
    error = next(iter(operation.answer.iter_errors(body)))
    where = "/".join(str(part) for part in error.instance_path)
    return f"{operation.id}: answer violates the digest at /{where} ({error.kind.name})"
