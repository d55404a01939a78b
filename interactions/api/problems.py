from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import Field, Schema
from ninja.errors import HttpError, ValidationError

BODY = "body"
"""What a problem is about that is not about one field."""

MOST_TOLD, MOST_TOLD_OF_ITEM = 20, 3
"""Problems of one request, and of an item that is refused by itself; further ones are counted."""
LONGEST_PLACE = 100
"""Characters of what was sent that are repeated: the name of a field, or an address."""

NOT_AN_OBJECT = "Input should be an object with the fields that /api/v1/docs lists"


class Problem(Schema):
    """One thing to correct."""

    field: str = Field(
        description="The field's name, `3.started_at` for the fourth of a list, `body` for the whole request."
    )
    message: str = Field(description="What is wrong with it and what to do; never what was sent.")


class Problems(Schema):
    """Why nothing was kept or changed."""

    detail: list[Problem]


class NotJSON(ValueError): ...


class Refusal(HttpError):
    def __init__(self, status: int, field: str, message: str) -> None:
        super().__init__(status, message)
        self.field = field


def read_json(body: bytes) -> Any:
    """Raises NotJSON."""
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        raise NotJSON(f"{error.msg.rstrip(': ')} at line {error.lineno}, column {error.colno}") from None
    except UnicodeDecodeError as error:
        raise NotJSON(f"from byte {error.start} on it is not UTF-8") from None
    except RecursionError:
        raise NotJSON("it is nested too deep") from None
    except ValueError:  # Python's own limit on digits
        raise NotJSON("it holds a number with too many digits") from None


def answer(status: int, problems: Sequence[Mapping[str, str]]) -> JsonResponse:
    return JsonResponse({"detail": list(problems)}, status=status)


def problem(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}


def of_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name each wrong field in one sentence, without repeating what was sent: it is a customer's."""
    told = of_errors(error.errors[:MOST_TOLD])
    count = len(error.errors) + getattr(request, "surplus", 0)
    if count > len(told):
        text = f"There are {count} problems; the first {len(told)} are told. Correct these first."
        told.append(problem(BODY, text))
    return answer(422, told)


def of_errors(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [problem(_place(item), _sentence(item)) for item in errors]


def of_refusal(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, NotJSON):  # ninja (1.7) replaces what its parser raises by a text that says nothing
        text = f"The body is not JSON: {error.__cause__}. Nothing was kept; correct it and send the request again."
        return answer(400, [problem(BODY, text)])
    if error.status_code == 401:
        text = "No active API key came with the request. Send the header `Authorization: Bearer <key>`."
        return answer(
            401, [problem("Authorization", f"{text} An administrator makes keys in the Maker, under API keys.")]
        )
    return answer(error.status_code, [problem(getattr(error, "field", BODY), str(error))])


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    text = f"The API has no address {_short(request.path)}. Its page lists them: /api/v1/docs"
    return answer(404, [problem("path", text)])


def _place(item: Mapping[str, Any]) -> str:
    """Where in what was sent: `reference`, or `3.started_at` for the fourth of a list."""
    parts = [str(part) for part in item["loc"] if part not in ("body", "one", "many")]
    named = item.get("ctx", {}).get("field")
    return _short(".".join([*parts, *([named] if named else [])]) or BODY)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_PLACE else f"{text[: LONGEST_PLACE - 1]}…"


def _sentence(item: Mapping[str, Any]) -> str:
    if item["type"] == "missing" and _place(item) == BODY:
        return "The body is empty: send JSON."
    if item["type"] in ("model_type", "model_attributes_type"):  # pydantic (2.12) speaks to a programmer of Python
        return f"{NOT_AN_OBJECT}."
    return f"{str(item['msg']).removeprefix('Value error, ')}."
