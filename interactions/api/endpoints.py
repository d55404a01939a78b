from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Status
from ninja.decorators import decorate_view
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer

from interactions import surplus
from interactions.actions import accept as accepting
from interactions.actions import changes, deletion
from interactions.actions.accept import Accepted, ItemRefused
from interactions.actions.changes import ChangeRefused
from interactions.actions.deletion import WasDeleted
from interactions.api import keys, lists, problems
from interactions.api.lists import MOST_AT_ONCE, Posted, RefusedOut, Wrong
from interactions.api.problems import Problems, Refusal
from interactions.api.schemas import AcceptedOut, InteractionChange, InteractionIn, InteractionOut
from interactions.models import ApiKey, DeletedInteraction, Interaction
from users import places

LARGEST_BODY = 2 * 1024 * 1024

DESCRIPTION = """
Post the interactions of your telephone system, mail or chat here; each is written into the CRM **exactly once** for
each rule that matches. Once the answer is 200 or 201, the interaction is kept and its delivery is ours (unless its
receipt says that an administrator `deleted` it).

Every request carries `Authorization: Bearer <key>`; an administrator makes keys in the Maker, under *API keys*.
References are unique within the source of the key, so **a request without an answer can simply be sent again**.

Whatever is refused is answered in one form, and nothing of it was kept:
`{"detail": [{"field": "started_at", "message": "…"}]}`. Of many problems the first 20 are told, and how many there are.
**503**: our database is away for a while; send the same request again after the seconds that `Retry-After` says.
"""

KNOWN = {*InteractionIn.model_fields, *InteractionChange.model_fields}
RECEIPTS = AcceptedOut | list[AcceptedOut | RefusedOut]
ALWAYS = {401: Problems, 405: Problems, 429: Problems, 500: Problems, 503: Problems}
OF_A_BODY = {400: Problems, 413: Problems, 422: Problems}
OF_ONE = {404: Problems, 410: Problems}
DELETED = (
    "An administrator deleted this interaction. It cannot be read or changed any more, and nothing is written of it; "
    "do not send it again."
)


class Key(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        key = keys.authenticate(token)
        if key is None and keys.too_many_failures(places.network(request)):
            text = "Too many requests with a wrong key came from this address. Wait a minute."
            raise Refusal(429, "Authorization", text)
        return key


class StrictParser(Parser):
    """JSON and nothing else, however deep it is nested; fields that we do not know are counted on the request."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = problems.read_json(request.body)
        lists.whole.set(lists.wants_all_or_nothing(request))
        request.surplus = surplus.take_out(body, KNOWN, MOST_AT_ONCE)  # type: ignore[attr-defined]
        return body


def bounded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a body that is too large before it is parsed: its announced length, if there is one, and its true one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **path: Any) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) <= LARGEST_BODY and len(request.body) <= LARGEST_BODY:
            return view(request, *args, **path)
        return too_large()

    return guarded


def too_large() -> HttpResponse:
    text = f"The body is larger than {LARGEST_BODY} bytes. Send fewer interactions at a time."
    return problems.answer(413, [problems.problem(problems.BODY, text)])


api = NinjaAPI(
    title="Deskline",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=Key(),
    parser=StrictParser(),
)
api.exception_handler(ValidationError)(problems.of_validation)
api.exception_handler(HttpError)(problems.of_refusal)


@api.post(
    "/interactions",
    response={200: RECEIPTS, 201: RECEIPTS, 207: RECEIPTS, **ALWAYS, **OF_A_BODY, 409: Problems},
    exclude_unset=True,
    summary="Post one interaction, or a list of them",
    tags=["Interactions"],
)
@decorate_view(bounded)
def post(request: HttpRequest, body: Posted) -> Status[Any]:
    """One object, or a list of up to 1,000, answered in the same order. Each of a list is kept or refused by itself:
    **207** when some were refused, and then the receipt of each such item says `refused: true` and why. With the header
    `Prefer: all-or-nothing` a list is kept as a whole or, when one item is wrong, not at all.

    **201**: something new was kept. **200**: every reference was known already. A known reference is the same
    interaction: while it is under way the newest values win; once it is finished a repeat fills what was empty and
    overwrites nothing, so a late repeat of an old request does no harm. To overwrite or clear, use PATCH. **409**: what
    a repeat would fill contradicts what is known.

    A reference that an administrator deleted stays known: its receipt says `deleted: true`, nothing of the request is
    kept for it, and it is never written again. This is no error, so a repeat, or a list that holds it, ends well.
    """
    source = _key(request).source
    if isinstance(body.root, InteractionIn):
        receipts = [_receipt(_one(source, body.root))]
    elif lists.whole.get():
        receipts = [_receipt(one) for one in _whole(source, body.root)]
    else:
        receipts = _each(source, body.root)
    refused, created = (any(receipt.get(name) for receipt in receipts) for name in ("refused", "created"))
    status = 207 if refused else 201 if created else 200
    return Status(status, receipts[0] if isinstance(body.root, InteractionIn) else receipts)


def _one(source: str, item: InteractionIn) -> Accepted | DeletedInteraction:
    try:
        return accepting.accept(source, item)
    except WasDeleted as known:
        return known.deleted
    except ChangeRefused as error:
        raise Refusal(409, error.field, str(error)) from None


def _whole(source: str, items: Sequence[InteractionIn]) -> list[Accepted | DeletedInteraction]:
    try:
        return accepting.accept_all(source, items)
    except ItemRefused as error:
        raise Refusal(409, error.place, str(error)) from None


def _each(source: str, items: Sequence[InteractionIn | Wrong]) -> list[dict[str, Any]]:
    right = [item for item in items if isinstance(item, InteractionIn)]
    done = iter(accepting.accept_each(source, right) if right else [])
    return [_refused(item) if isinstance(item, Wrong) else _told(item, next(done)) for item in items]


def _refused(item: Wrong) -> dict[str, Any]:
    detail = problems.of_errors(item.errors[: problems.MOST_TOLD_OF_ITEM])
    return {"reference": item.reference, "refused": True, "detail": detail}


def _told(item: InteractionIn, result: Accepted | DeletedInteraction | ChangeRefused) -> dict[str, Any]:
    if isinstance(result, ChangeRefused):
        detail = [problems.problem(result.field, str(result))]
        return {"reference": item.reference, "refused": True, "detail": detail}
    return _receipt(result)


@api.get(
    "/interactions/{int:interaction_id}",
    response={200: InteractionOut, **ALWAYS, **OF_ONE},
    summary="Read one",
    tags=["Interactions"],
)
def read(request: HttpRequest, interaction_id: int) -> Interaction:
    """The interaction as it is kept, and how far its delivery is. **410**: an administrator deleted it."""
    return _mine(request, interaction_id)


@api.patch(
    "/interactions/{int:interaction_id}",
    response={200: InteractionOut, **ALWAYS, **OF_A_BODY, **OF_ONE, 409: Problems},
    summary="Change one",
    tags=["Interactions"],
)
@decorate_view(bounded)
def patch(request: HttpRequest, interaction_id: int, body: InteractionChange) -> Interaction:
    """Say what changed: the end, the recording's link, the qualification. Only what is sent is changed; an empty
    value clears. What was written into the CRM already is updated there. **409**: the change contradicts what is known.
    **410**: an administrator deleted it.
    """
    try:
        return changes.change(_mine(request, interaction_id), body)
    except WasDeleted:
        raise Refusal(410, "interaction_id", DELETED) from None
    except ChangeRefused as error:
        raise Refusal(409, error.place, str(error)) from None


def _key(request: HttpRequest) -> ApiKey:
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return key


def _mine(request: HttpRequest, interaction_id: int) -> Interaction:
    source = _key(request).source
    own = Interaction.objects.filter(source=source).prefetch_related("deliveries__assignment")
    if found := own.filter(pk=interaction_id).first():
        return found
    try:
        deletion.require_not_deleted(source=source, interaction_id=interaction_id)
    except WasDeleted:
        raise Refusal(410, "interaction_id", DELETED) from None
    raise Refusal(404, "interaction_id", "Your source has no interaction with this id.")


def _receipt(accepted: Accepted | DeletedInteraction) -> dict[str, Any]:
    if isinstance(accepted, DeletedInteraction):
        return _receipt_of_deleted(accepted)
    interaction = accepted.interaction
    warnings = []
    if interaction.agent_email and interaction.agent is None:
        warnings.append("agent: nobody here has this username; the interaction is kept without an agent.")
    return {
        "id": interaction.pk,
        "reference": interaction.reference,
        "created": accepted.created,
        "version": interaction.version,
        "warnings": warnings,
    }


def _receipt_of_deleted(deleted: DeletedInteraction) -> dict[str, Any]:
    when = f"{deleted.deleted_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {
        "id": deleted.interaction_id,
        "reference": deleted.reference,
        "created": False,
        "deleted": True,
        "version": deleted.version,
        "warnings": [f"reference: an administrator deleted this interaction ({when}); nothing of this was kept."],
    }
