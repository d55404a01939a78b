"""Magic fields: `{{interaction.direction}}`, `{{list[0]}}`, `{{interaction.started_at|date.utc}}`, and nothing more.

Whoever writes a template may be after more than it should show: settings, secrets, or the server's time. So the
syntax tree is reduced, before anything is compiled, to texts, paths, indexes and the filters of our own table: no
call, loop, test, arithmetic or name with a leading underscore survives. Paths read mappings and lists, never Python
attributes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from jinja2 import ChainableUndefined, TemplateSyntaxError, nodes
from jinja2.environment import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crm.templates import filters

LONGEST_TEMPLATE = 2_000
LONGEST_RESULT = 65_535
"""Characters: more than any field takes. What a vendor's own field takes, its `RecordWriter.validation_errors` say."""
DEEPEST = 12
"""Steps of one path and its filters together."""
RESERVED = {"self", "super"}
"""Names that Jinja itself would fill."""


class MagicError(ValueError):
    """A template that cannot be used, or a value that its filter cannot take. The text is for administrators."""


def render(template: str, context: Mapping[str, object]) -> str:
    """What the context lacks is empty; characters that no database keeps are dropped. Raises MagicError."""
    result = ""
    try:
        for part in _compiled(template).generate(context):
            result += part
            if len(result) > LONGEST_RESULT:
                raise MagicError(_("The result is longer than %(most)d characters.") % {"most": LONGEST_RESULT})
    except filters.FilterError as error:
        raise MagicError(str(error)) from error
    return result.replace("\0", "").encode(errors="ignore").decode()


def problems(template: str) -> list[str]:
    """What an administrator has to change before the template can be used; empty when nothing."""
    try:
        _compiled(template)
    except MagicError as problem:
        return [str(problem)]
    return []


@lru_cache(maxsize=1024)
def paths(template: str) -> tuple[str, ...]:
    """The dotted paths that the template reads, such as `interaction.direction`. Raises MagicError."""
    return tuple(_read_by(_parsed(template)))


def validate_template(template: str) -> None:
    if found := problems(template):
        raise ValidationError(found)


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with nothing in it; a path reads mappings and lists, whatever else the object offers."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping) and isinstance(argument, str):
            return obj.get(argument, self.undefined(name=argument))
        if isinstance(obj, Sequence) and not isinstance(obj, str) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else self.undefined(name=str(argument))
        return self.undefined(name=str(argument))


def _text(value: object) -> str:
    if value is None or isinstance(value, ChainableUndefined):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _environment() -> _Environment:
    environment = _Environment(
        undefined=ChainableUndefined,
        finalize=_text,
        optimized=False,  # constants are not computed while compiling
        keep_trailing_newline=True,
        cache_size=0,
    )
    environment.globals = {}
    environment.tests = {}
    environment.filters = dict(filters.TABLE)
    return environment


_JINJA = _environment()


@lru_cache(maxsize=1024)
def _compiled(template: str) -> Template:
    tree = _parsed(template)
    return _JINJA.from_string(tree)


def _parsed(template: str) -> nodes.Template:
    if len(template) > LONGEST_TEMPLATE:
        raise MagicError(_("Use at most %(most)d characters.") % {"most": LONGEST_TEMPLATE})
    if "{%" in template or "{#" in template:
        raise MagicError(_("Blocks and comments ({% … %}, {# … #}) are not possible; use {{ … }} with a magic field."))
    try:
        tree = _JINJA.parse(template)
    except TemplateSyntaxError as error:
        raise MagicError(_("This cannot be read: %(why)s") % {"why": error.message}) from error
    except (RecursionError, ValueError, OverflowError) as error:
        raise MagicError(_("This is too deeply nested, or its numbers are too long.")) from error
    for statement in tree.body:
        for part in statement.nodes if isinstance(statement, nodes.Output) else [statement]:
            _allow(part, 0)
    return tree


def _allow(node: nodes.Node, depth: int) -> None:
    """Let through texts, paths, indexes and our filters. Raises MagicError for all else."""
    if depth > DEEPEST:
        raise MagicError(_("A magic field has at most %(most)d steps.") % {"most": DEEPEST})
    if isinstance(node, nodes.TemplateData):
        return
    if isinstance(node, nodes.Const) and _is_plain(node.value):
        return
    if isinstance(node, nodes.Name):
        _allow_name(node.name)
    elif isinstance(node, nodes.Getattr):
        _allow_name(node.attr)
        _allow(node.node, depth + 1)
    elif isinstance(node, nodes.Getitem):
        key = _index(node.arg)
        if isinstance(key, str):
            _allow_name(key)
        _allow(node.node, depth + 1)
    elif isinstance(node, nodes.Filter):
        _allow_filter(node, depth)
    else:
        raise MagicError(
            _("Use only magic fields such as {{interaction.direction}}, an index [0] and filters; no calculation.")
        )


def _is_plain(value: object) -> bool:
    """Not an infinite number (`1e999`): Jinja would write it into its code as a name."""
    return math.isfinite(value) if isinstance(value, float) else isinstance(value, str | int | bool | None)


def _allow_name(name: str) -> None:
    if name.startswith("_") or name in RESERVED:
        raise MagicError(_("There is nothing named %(name)s.") % {"name": name})


def _allow_filter(node: nodes.Filter, depth: int) -> None:
    if node.name not in filters.TABLE:
        raise MagicError(
            _("There is no filter %(name)s. There are: %(known)s.")
            % {"name": node.name, "known": ", ".join(filters.TABLE)}
        )
    if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise MagicError(_("Write the filter %(name)s with plain values only.") % {"name": node.name})
    least, most = filters.arguments(node.name)
    if not least <= len(node.args) <= most:
        raise MagicError(
            _("The filter %(name)s does not take %(count)d values.") % {"name": node.name, "count": len(node.args)}
        )
    for part in (node.node, *node.args):
        _allow(part, depth + 1)


def _index(node: nodes.Node) -> str | int:
    if isinstance(node, nodes.Neg) and isinstance(node.node, nodes.Const) and type(node.node.value) is int:
        return -node.node.value
    if isinstance(node, nodes.Const) and (isinstance(node.value, str) or type(node.value) is int):
        return node.value
    raise MagicError(_("Between [ and ] goes a whole number or a name in quotes."))


def _read_by(node: nodes.Node) -> Iterator[str]:
    root = node
    while isinstance(root, nodes.Getattr | nodes.Getitem):
        root = root.node
    if isinstance(root, nodes.Name):
        yield _path(node)
    else:  # a text, or a filter: what comes out of it may be all that goes in
        for part in root.iter_child_nodes():
            yield from _read_by(part)


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        return f"{_path(node.node)}.{_index(node.arg)}"
    return node.name if isinstance(node, nodes.Name) else ""
