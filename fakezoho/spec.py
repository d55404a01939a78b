"""The OpenAPI digest as operations: which request goes where, what it may carry, what it must answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema_rs import Draft202012Validator

DIGITS = "^[0-9]+$"
ORG_HEADER = {"$ref": "#/components/parameters/orgId"}


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: str
    required: bool
    validator: Draft202012Validator


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    parameters: dict[str, Parameter]
    in_path: dict[str, Parameter]
    body: Draft202012Validator | None
    answer: Draft202012Validator | None
    scopes: tuple[frozenset[str], ...]
    """Families of lower-case scopes, each whole; whether one of several families is enough is a knob (4.4)."""
    needs_org: bool


@cache
def digest() -> dict[str, Any]:
    text = files("fakezoho").joinpath("desk-digest.openapi.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text, object_hook=_without_minus)
    # The source's prose names two more than its list (4.3 has the credits of one).
    document["components"]["schemas"]["Organization"]["properties"]["edition"]["enum"] += ["STANDARD", "ULTIMATE"]
    return document


def _without_minus(schema: dict[str, Any]) -> dict[str, Any]:
    """Refuse negative integers where only digits are allowed: a pattern does not bind an integer."""
    if schema.get("pattern") == DIGITS and "integer" in schema["type"]:
        schema["minimum"] = 0
    return schema


def _compiled(schema: dict[str, Any]) -> Draft202012Validator:
    if "$ref" in json.dumps(schema):
        schema = {**schema, "components": {"schemas": digest()["components"]["schemas"]}}
    return Draft202012Validator(schema)


def _resolved(parameter: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in parameter:
        return parameter
    found: dict[str, Any] = digest()["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]
    return found


def _parameter(raw: dict[str, Any]) -> Parameter:
    in_json = "content" in raw
    schema = dict(raw["content"]["application/json"]["schema"] if in_json else raw["schema"])
    # The highest `from` is told in two ways (999 and 4999): a knob decides, not the schema.
    if raw["name"] == "from":
        schema.pop("maximum", None)
    kind = "json" if in_json else schema.get("type", "string")
    return Parameter(raw["name"], str(kind), bool(raw.get("required")), _compiled(schema))


def _json_schema(message: dict[str, Any] | None) -> Draft202012Validator | None:
    content = (message or {}).get("content")
    return _compiled(content["application/json"]["schema"]) if content else None


def _operation(method: str, path: str, raw: dict[str, Any]) -> Operation:
    listed = raw.get("parameters", [])
    parameters = [(_resolved(p)["in"], _parameter(_resolved(p))) for p in listed if p != ORG_HEADER]
    return Operation(
        id=raw["operationId"],
        method=method.upper(),
        path=path,
        parameters={p.name: p for where, p in parameters if where == "query"},
        in_path={p.name: p for where, p in parameters if where == "path"},
        body=_json_schema(raw.get("requestBody")),
        answer=_json_schema(raw["responses"].get("200")),
        scopes=tuple(frozenset(s.lower() for s in rule["zohoOAuth"]) for rule in raw["security"]),
        needs_org=ORG_HEADER in listed,
    )


@cache
def operations() -> dict[str, Operation]:
    found = [
        _operation(method, path, raw)
        for path, item in digest()["paths"].items()
        for method, raw in item.items()
        if method in {"get", "post", "patch", "put", "delete"}
    ]
    return {operation.id: operation for operation in found}


@cache
def _routes() -> dict[int, list[tuple[tuple[str, ...], dict[str, Operation]]]]:
    """Group paths by their number of segments, those with fewer placeholders first."""
    by_path: dict[tuple[str, ...], dict[str, Operation]] = {}
    for operation in operations().values():
        by_path.setdefault(tuple(operation.path.split("/")), {})[operation.method] = operation
    routes: dict[int, list[tuple[tuple[str, ...], dict[str, Operation]]]] = {}
    for segments in sorted(by_path, key=lambda s: sum(part.startswith("{") for part in s)):
        routes.setdefault(len(segments), []).append((segments, by_path[segments]))
    return routes


def route(path: str) -> tuple[dict[str, Operation], dict[str, str]] | None:
    """Return the methods at a path below the Desk host, with the path's values; None for an unknown path."""
    asked = path.split("/")
    for segments, methods in _routes().get(len(asked), ()):
        if all(own == given or own[:1] == "{" for own, given in zip(segments, asked, strict=True)):
            values = {own[1:-1]: given for own, given in zip(segments, asked, strict=True) if own[:1] == "{"}
            return methods, values
    return None
