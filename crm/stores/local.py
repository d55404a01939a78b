from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from crm import identity
from crm.models import CRM, CRMField, CRMObject, FieldType, LocalCard, LocalKey
from crm.stores.base import Store
from crm.values import ValueProblem, convert
from integrations.errors import RecordGone, Refused
from integrations.types import Record, Search
from maker import history

MOST_FOUND = 50
REACHABLE = (FieldType.PHONE, FieldType.EMAIL)


class LocalStore(Store):
    """Records as rows. A create is one transaction, so its outcome is never unknown; a marker makes it repeatable."""

    settle_seconds = 0.0
    refuses_lost_cards = False

    def __init__(self, crm: CRM) -> None:
        self.crm = crm

    def find(self, target: CRMObject, search: Search) -> list[Record]:
        cards = LocalCard.objects.filter(object=target).order_by("-modified_at", "-pk")
        if wanted := identity.of_search(search):
            cards = cards.filter(pk__in=LocalKey.objects.filter(key__in=wanted).values("card"))
        elif search.name.strip():
            cards = _named(cards, target, search.name.strip())
        else:
            return []
        prefetch_related_objects([target], "fields")  # by which each card is named
        return [_record(target, card) for card in cards[:MOST_FOUND]]

    def read(self, target: CRMObject, record_id: str) -> Record:
        return _record(target, _card(target, record_id))

    def create(self, target: CRMObject, values: Mapping[str, object], marker: str = "") -> Record:
        self._refuse(target, values)
        with transaction.atomic():
            card, created = LocalCard.objects.get_or_create(
                object=target, marker=marker or uuid4().hex, defaults={"values": dict(values)}
            )
            if created:
                _index(target, card)
        return _record(target, card)

    def update(self, target: CRMObject, record_id: str, values: Mapping[str, object]) -> Record:
        with transaction.atomic():
            card = _card(target, record_id, lock=True)
            known = set(target.fields.values_list("api_name", flat=True))
            kept = {name: value for name, value in card.values.items() if name in known}
            self._refuse(target, {**kept, **values})
            card.values = {**card.values, **values}
            keep(card)
        return _record(target, card)

    def look_for(self, target: CRMObject, marker: str, since: datetime, values: Mapping[str, object]) -> Record | None:
        card = LocalCard.objects.filter(object=target, marker=marker).first() if marker else None
        return _record(target, card) if card else None

    def validation_errors(self, target: CRMObject, values: Mapping[str, object]) -> dict[str, str]:
        fields = {field.api_name: field for field in target.fields.all()}
        wrong = {name: _("This object has no such field.") for name in values if name not in fields}
        texts = {name: _spoken(values.get(name)) for name in fields}
        # All that is known of a new caller may be a number or an address: either stands in for what is required.
        reachable = any(texts[name] for name, field in fields.items() if field.type in REACHABLE)
        for name, field in fields.items():
            if validation_error := _validation_error(field, texts[name], reachable):
                wrong[name] = validation_error
        return wrong

    def _refuse(self, target: CRMObject, values: Mapping[str, object]) -> None:
        if wrong := self.validation_errors(target, values):
            raise Refused(_("Some values do not fit their fields; correct them and save again."), fields=wrong)


def keep(card: LocalCard) -> None:
    """Save a card whose values are sound, and keep it findable."""
    with transaction.atomic():
        card.save()
        _index(card.object, card)


def empty(crm: CRM) -> int:
    """Delete every card of a local CRM; how many there were."""
    with transaction.atomic():
        cards = LocalCard.objects.filter(object__crm=crm)
        count = cards.count()
        cards.delete()
        for target in crm.crm_objects.all():
            target.known_cards.all().delete()
            target.remembered_cards.all().delete()
        history.note(crm, str(_("Cards kept here")), str(count), "0")
    return count


def _validation_error(field: CRMField, text: str, reachable: bool) -> str:
    if not text:
        return _("This field is required.") if field.required and not reachable else ""
    try:
        convert(field, text)
    except ValueProblem as problem:
        return str(problem)
    return ""


def _spoken(value: object) -> str:
    return "" if value is None else str(value)


def _card(target: CRMObject, record_id: str, *, lock: bool = False) -> LocalCard:
    cards = LocalCard.objects.select_for_update() if lock else LocalCard.objects
    card = cards.filter(object=target, pk=int(record_id)).first() if record_id.isdecimal() else None
    if card is None:
        raise RecordGone(_("This card was deleted. Look the customer up again."))
    return card


def _named(cards: QuerySet[LocalCard], target: CRMObject, name: str) -> QuerySet[LocalCard]:
    condition = Q()
    for number, field in enumerate(target.fields.filter(searchable=True)):
        cards = cards.alias(**{f"text{number}": KeyTextTransform(field.api_name, "values")})
        condition |= Q(**{f"text{number}__icontains": name})
    return cards.filter(condition) if condition else cards.none()


def _index(target: CRMObject, card: LocalCard) -> None:
    found = set()
    for field in target.fields.all():
        text = _spoken(card.values.get(field.api_name))
        if field.type == FieldType.PHONE:
            found.update(identity.of_phone(text))
        elif field.type == FieldType.EMAIL:
            found.add(identity.of_email(text))
    card.keys.exclude(key__in=found).delete()
    LocalKey.objects.bulk_create((LocalKey(card=card, key=key) for key in found if key), ignore_conflicts=True)


def _record(target: CRMObject, card: LocalCard) -> Record:
    card.object = target
    return Record(
        module=target.api_name,
        id=str(card.pk),
        values=card.values,
        title=str(card),
        modified_at=card.modified_at,
    )
