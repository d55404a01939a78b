from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from django.core.exceptions import ValidationError as Invalid
from django.core.validators import validate_email
from ninja import Field, Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    model_validator,
)
from pydantic_core import PydanticCustomError

from crm.vocabulary import Direction, Flow, Kind, Status
from interactions.examples import FINISHED_CALL, LATE_RECORDING
from interactions.models import Channel

LARGEST_EXTRA = 16_384
"""Bytes of JSON that `extra` may hold."""
DEEPEST_EXTRA = 20
"""Levels of `extra`: deeper JSON makes parsers fail, ours or the database's."""
CONTROL = re.compile(r"[\x00-\x1f]")
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
"""Anything beyond is a mistake, and the ends of Python's calendar do not exist in every time zone."""
LONGEST_SECONDS = 31_536_000
"""A year: more is a mistaken unit (milliseconds)."""


def _clean(value: object) -> object:
    """Text without spaces around it. Raises ValueError for characters that databases or logs choke on."""
    if not isinstance(value, str):
        return value
    if CONTROL.search(value):
        raise ValueError("has control characters (line breaks, tabs, zero bytes): leave them out")
    return value.strip()


def _lower(value: object) -> object:
    return value.strip().lower().replace(" ", "_").replace("-", "_") if isinstance(value, str) else value


def _email(value: str) -> str:
    if value:
        try:
            validate_email(value)
        except Invalid:
            raise ValueError("is not an e-mail address like someone@example.com") from None
    return value


def _link(value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise ValueError("must be an http(s) address")
    return value


def _small(value: dict[str, Any]) -> dict[str, Any]:
    if _is_deep(value):
        raise ValueError(f"is nested deeper than {DEEPEST_EXTRA} levels")
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise ValueError("has halves of characters (lone surrogates): leave them out") from None
    except ValueError:
        raise ValueError("has NaN or Infinity, which are no JSON: leave them out") from None
    if len(text) > LARGEST_EXTRA:
        raise ValueError(f"holds {len(text)} bytes of JSON; at most {LARGEST_EXTRA}")
    if b"\\u0000" in text:
        raise ValueError("has zero bytes: leave them out")
    return value


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST_EXTRA):
        level = [inner for item in level for inner in _within(item)]
        if not level:
            return False
    return True


def _within(item: object) -> Iterable[object]:
    return item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()


def _possible(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise ValueError(f"must lie between the years {EARLIEST.year} and {LATEST.year - 1}")
    return value


Cleaned = BeforeValidator(_clean)
Word = BeforeValidator(_lower)
Email = Annotated[str, Field(max_length=254), Cleaned, AfterValidator(_email)]
Text100 = Annotated[str, Field(max_length=100), Cleaned]
Text200 = Annotated[str, Field(max_length=200), Cleaned]
Seconds = Annotated[int, Field(ge=0, le=LONGEST_SECONDS)]
Link = Annotated[str, Field(max_length=2500), Cleaned, AfterValidator(_link)]
Moment = Annotated[AwareDatetime, AfterValidator(_possible)]
Extra = Annotated[dict[str, Any], AfterValidator(_small)]


class Changeable(BaseModel):
    """What may be said of an interaction, at once or later. Times are ISO 8601 with an offset (or Z)."""

    model_config = ConfigDict(extra="forbid")

    channel: Annotated[Channel | None, Word] = Field(default=None, description="Only with the flow `messaging`.")
    kind: Annotated[Kind | None, Word] = Field(
        default=None, description="Why nobody talked; only of one that was missed or canceled."
    )
    customer_phone: Annotated[str, Field(max_length=50), Cleaned] = Field(
        default="",
        description="As the network told it; with + and country code it is matched best.",
        examples=["+33612345678"],
    )
    customer_email: Email = ""
    customer_name: Text200 = ""
    agent: Email = Field(default="", description="The agent's username here (an e-mail). Kept even if nobody has it.")
    queue: Text100 = ""
    answered_at: Moment | None = None
    ended_at: Moment | None = None
    waiting_seconds: Seconds | None = None
    processing_seconds: Seconds | None = Field(
        default=None, description="Conversation; without it, from answer to end."
    )
    post_interaction_seconds: Seconds | None = None
    recording_url: Link = Field(default="", description="May come later by PATCH: the CRM's record is then updated.")
    qualification: Text200 = ""
    subject: Annotated[str, Field(max_length=300), Cleaned] = ""
    extra: Extra = Field(default_factory=dict, description="Anything else, as an object: `{{interaction.extra.…}}`.")


class InteractionIn(Changeable):
    """An interaction as its source posts it."""

    model_config = ConfigDict(json_schema_extra={"examples": [FINISHED_CALL]})

    reference: Annotated[str, Field(min_length=1, max_length=200), Cleaned] = Field(
        description="The source's own id. The same one twice is one interaction."
    )
    flow: Annotated[Flow, Word]
    direction: Annotated[Direction, Word]
    status: Annotated[Status, Word] = Field(
        default=Status.COMPLETED, description="It is written to the CRM once it is completed, missed or canceled."
    )
    started_at: Moment

    @model_validator(mode="after")
    def _times_run_forward(self) -> Self:
        try:
            check_order(self.started_at, self.answered_at, self.ended_at)
            check_channel(self.flow, self.channel)
            check_kind(self.status, self.kind)
        except Contradiction as error:
            told = {"field": error.field, "problem": str(error)}
            raise PydanticCustomError("contradiction", "{problem}", told) from None
        return self


class InteractionChange(Changeable):
    """What changed. Only what is sent is changed; an empty value clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [LATE_RECORDING]})

    status: Annotated[Status | None, Word] = Field(default=None, description="A finished interaction stays finished.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("names nothing to change")
        return self


class DeliveryOut(Schema):
    """How far one rule is with writing the interaction."""

    rule: str
    state: str
    reason: str
    reason_code: str = Field(description="What the reason is, as a word that stays; empty where it has none.")
    record_id: str = Field(alias="remote_id")
    record_url: str = Field(alias="remote_url")

    @staticmethod
    def resolve_rule(delivery: Any) -> str:
        return delivery.assignment.name if delivery.assignment else ""


class InteractionOut(Schema):
    """An interaction as it is kept."""

    id: int
    reference: str
    version: int = Field(description="Grows with each change.")
    flow: str
    channel: str
    direction: str
    status: str
    kind: str
    customer_phone: str
    customer_email: str
    customer_name: str
    agent: str = Field(alias="agent_email")
    queue: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    waiting_seconds: int | None
    processing_seconds: int | None
    post_interaction_seconds: int | None
    recording_url: str
    qualification: str
    subject: str
    extra: dict[str, Any]
    deliveries: list[DeliveryOut]


class AcceptedOut(Schema):
    """The receipt: from now on the interaction is ours to deliver, unless it was `deleted` here."""

    id: int
    reference: str
    created: bool = Field(description="False when this reference was known already.")
    deleted: bool = Field(
        default=False,
        description="Only there, and true, when an administrator deleted it: nothing is kept, nothing written again.",
    )
    version: int
    warnings: list[str] = Field(description="What was kept but is of no use yet.")


class Contradiction(ValueError):
    """Two values that cannot both be true; `field` is the one to correct."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


def check_order(started: datetime, answered: datetime | None, ended: datetime | None) -> None:
    """Raises Contradiction."""
    if answered and answered < started:
        raise Contradiction("answered_at", "It is before started_at")
    if ended and ended < (answered or started):
        raise Contradiction("ended_at", f"It is before {'answered_at' if answered else 'started_at'}")


def check_channel(flow: str, channel: str | None) -> None:
    """Raises Contradiction."""
    if channel and flow != Flow.MESSAGING:
        raise Contradiction("channel", "It goes with the flow messaging only: leave it out, or correct the flow")


def check_kind(status: str, kind: str | None) -> None:
    """Raises Contradiction."""
    if kind and status not in (Status.MISSED, Status.CANCELED):
        raise Contradiction("kind", "It says why nobody talked: it goes with the status missed or canceled only")
