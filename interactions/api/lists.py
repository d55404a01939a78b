from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import Discriminator, RootModel, Tag, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from interactions.api.problems import Problem
from interactions.api.schemas import InteractionIn

MOST_AT_ONCE = 1_000
ALL_OR_NOTHING = "all-or-nothing"
"""The preference (RFC 7240) of a source that wants a list kept as a whole or not at all."""

whole = ContextVar("whole", default=True)
"""Whether a wrong item refuses its list, or itself alone."""


@dataclass(frozen=True)
class Wrong:
    """An item that is refused by itself; `errors` are pydantic's."""

    reference: str
    errors: list[Any]


def wants_all_or_nothing(request: HttpRequest) -> bool:
    preferences = request.headers.get("Prefer", "").lower().split(",")
    return ALL_OR_NOTHING in {one.partition(";")[0].strip() for one in preferences}


def _by_itself(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    try:
        return check(value)
    except ValidationError as error:
        if whole.get():
            raise
        reference = value.get("reference") if isinstance(value, dict) else ""
        known = reference if isinstance(reference, str) and len(reference) <= 200 else ""
        return Wrong(known, list(error.errors(include_url=False, include_input=False)))


Item = Annotated[InteractionIn, WrapValidator(_by_itself)]
Items = Annotated[list[Item], Field(min_length=1, max_length=MOST_AT_ONCE)]


def _one_or_many(value: object) -> str:
    return "many" if isinstance(value, list) else "one"


class Posted(
    RootModel[
        Annotated[Annotated[InteractionIn, Tag("one")] | Annotated[Items, Tag("many")], Discriminator(_one_or_many)]
    ]
):
    """One interaction, or a list of them."""


class RefusedOut(Schema):
    """One of a list that was not kept; the others were."""

    reference: str = Field(description="As it was sent; empty when it was none.")
    refused: bool = Field(description="Always true: correct it, and send it again.")
    detail: list[Problem]
