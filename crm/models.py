"""The rights of a CRM hold for all its parts, which have none of their own."""

from __future__ import annotations

from collections.abc import Collection
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from authmethods.models import AuthenticationMethod
from crm.customers.memory import KnownCard as KnownCard
from crm.customers.memory import RememberedCard as RememberedCard
from crm.patterns import validate_pattern
from crm.templates.engine import validate_template
from integrations import registry
from integrations.base import Integration
from users.models import Profile

api_name = RegexValidator(r"^[A-Za-z][A-Za-z0-9_]*\Z", _("Start with a letter; then letters, digits and _ only."))


class Kind(models.TextChoices):
    INTEGRATION = "integration", _("Integration")
    LOCAL = "local", _("Local")


class OnNone(models.TextChoices):
    CREATE = "create", _("Create one")
    AGENT = "agent", _("Leave to the agent")
    SKIP = "skip", _("Skip")


class OnSeveral(models.TextChoices):
    AGENT = "agent", _("Leave to the agent")
    LATEST = "latest", _("Most recently changed")


class CRM(models.Model):
    """Where cards live: at a vendor (Integration) or here (Local)."""

    name = models.CharField(_("name"), max_length=100)
    reference = models.CharField(
        _("reference"),
        max_length=100,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9_.+@-]+\Z", _("Use letters, digits and _ . + - @ only."))],
    )
    tags = TaggableManager(_("tags"), blank=True)
    kind = models.CharField(_("type"), max_length=12, choices=Kind.choices, default=Kind.INTEGRATION)
    integration = models.CharField(
        _("integration type"), max_length=40, choices=registry.choices, default=registry.DEFAULT, blank=True
    )
    method = models.ForeignKey(
        AuthenticationMethod,
        verbose_name=_("authentication method"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="crms",
    )
    department_id = models.CharField(_("department"), max_length=25, blank=True)
    on_none = models.CharField(_("when no card matches"), max_length=6, choices=OnNone.choices, default=OnNone.CREATE)
    on_several = models.CharField(
        _("when several cards match"), max_length=6, choices=OnSeveral.choices, default=OnSeveral.AGENT
    )
    profiles = models.ManyToManyField(Profile, through="ProfileAccess", related_name="crms", verbose_name=_("profiles"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("CRM")
        verbose_name_plural = _("CRMs")
        permissions = [
            ("create_card", _("Can create cards")),
            ("delete_card", _("Can delete cards")),
            ("import_crm", _("Can import CRMs")),
            ("export_crm", _("Can export CRMs")),
            ("empty_crm", _("Can empty a local CRM")),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A vendor's CRM has a method of its type, a local one has none; the type is fixed once created."""
        before = CRM.objects.filter(pk=self.pk).values_list("kind", flat=True).first()
        if before and before != self.kind:
            raise ValidationError({"kind": _("The type is fixed once created. Make another CRM instead.")})
        if self.kind == Kind.LOCAL:
            self.integration, self.method, self.department_id = "", None, ""
        elif not self.integration:
            raise ValidationError({"integration": _("Choose what the cards are integrated with.")})
        elif self.method is None:
            raise ValidationError({"method": _("Choose an authentication method; enable one if none is offered.")})
        elif self.method.integration != self.integration:
            raise ValidationError({"method": _("This authentication method is of another integration type.")})
        elif self.department_id and (problem := self.vendor.problem_of_department(self.department_id)):
            raise ValidationError({"department_id": problem})

    @property
    def vendor(self) -> Integration:
        """Of a CRM of type Integration. Raises KeyError for a local one."""
        return registry.get(self.integration)


class ProfileAccess(models.Model):
    profile = models.ForeignKey(Profile, verbose_name=_("profile"), on_delete=models.CASCADE, related_name="accesses")
    crm = models.ForeignKey(CRM, verbose_name=_("CRM"), on_delete=models.CASCADE, related_name="accesses")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    may_create = models.BooleanField(_("may create cards"), default=True)
    may_edit = models.BooleanField(_("may edit cards"), default=True)
    may_assign = models.BooleanField(_("may assign interactions"), default=True)

    class Meta:
        default_permissions = ()
        ordering = ["order", "id"]
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [models.UniqueConstraint(fields=["profile", "crm"], name="one_access_per_profile_and_crm")]

    def __str__(self) -> str:
        return str(self.profile)


class CRMObject(models.Model):
    """A kind of record: customers shown as cards (Contacts), or what is written about them (Calls)."""

    crm = models.ForeignKey(CRM, on_delete=models.CASCADE, related_name="crm_objects", verbose_name=_("CRM"))
    name = models.CharField(_("name"), max_length=100)
    api_name = models.CharField(_("API name"), max_length=60, validators=[api_name])
    is_card = models.BooleanField(_("shown as card"), default=True)
    priority = models.PositiveSmallIntegerField(_("screen-pop priority"), default=1)

    class Meta:
        default_permissions = ()
        ordering = ["priority", "id"]
        verbose_name = _("object")
        verbose_name_plural = _("objects")
        constraints = [models.UniqueConstraint(fields=["crm", "api_name"], name="one_object_per_api_name")]

    def __str__(self) -> str:
        return self.name


class FieldType(models.TextChoices):
    SHORT_TEXT = "short_text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    BOOLEAN = "boolean", _("Yes/no")
    DATE = "date", _("Date")
    DATETIME = "datetime", _("Date and time")
    TIME = "time", _("Time")
    URL = "url", _("URL")
    PHONE = "phone", _("Phone number")
    EMAIL = "email", _("E-mail address")
    LIST = "list", _("List")


class CRMField(models.Model):
    """A field of an object. `template` is what a new card, or the form of a new rule, starts with."""

    object = models.ForeignKey(CRMObject, on_delete=models.CASCADE, related_name="fields", verbose_name=_("object"))
    name = models.CharField(_("name"), max_length=100)
    api_name = models.CharField(_("API name"), max_length=60, validators=[api_name])
    type = models.CharField(_("type"), max_length=12, choices=FieldType.choices, default=FieldType.SHORT_TEXT)
    required = models.BooleanField(_("required"), default=False)
    default = models.CharField(_("default"), max_length=255, blank=True)
    pattern = models.CharField(_("pattern"), max_length=255, blank=True, validators=[validate_pattern])
    choices = models.JSONField(_("choices"), default=list, blank=True)
    in_list = models.BooleanField(_("shown in list"), default=False)
    searchable = models.BooleanField(_("searchable"), default=False)
    template = models.CharField(_("starting value"), max_length=500, blank=True, validators=[validate_template])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        default_permissions = ()
        ordering = ["position", "id"]
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        constraints = [models.UniqueConstraint(fields=["object", "api_name"], name="one_field_per_api_name")]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """A stored pattern that cannot be used any more holds up nothing else that is changed in its row."""
        kept = self.pk and self.pattern and CRMField.objects.filter(pk=self.pk, pattern=self.pattern).exists()
        super().clean_fields({*(exclude or ()), "pattern"} if kept else exclude)


class Assignment(models.Model):
    """A rule: which interactions are written into the target object. An empty condition holds for all."""

    target = models.ForeignKey(
        CRMObject, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("object")
    )
    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)
    flows = models.JSONField(_("flows"), default=list, blank=True)
    directions = models.JSONField(_("directions"), default=list, blank=True)
    statuses = models.JSONField(_("statuses"), default=list, blank=True)
    kinds = models.JSONField(_("kinds"), default=list, blank=True, db_default=[])
    queues = models.JSONField(_("queues"), default=list, blank=True)
    min_duration = models.PositiveIntegerField(_("shortest duration (seconds)"), null=True, blank=True)
    max_duration = models.PositiveIntegerField(_("longest duration (seconds)"), null=True, blank=True)
    card_objects = models.ManyToManyField(
        CRMObject, verbose_name=_("objects of the card"), blank=True, related_name="+"
    )
    identity = models.UUIDField(default=uuid4, unique=True, editable=False)
    """What stays of it through a restore; the markers of what it writes are made of it."""

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        verbose_name = _("assignment of interactions")
        verbose_name_plural = _("assign interactions")

    def __str__(self) -> str:
        return self.name


class FormValue(models.Model):
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="values")
    field = models.ForeignKey(CRMField, on_delete=models.CASCADE, related_name="+", verbose_name=_("field"))
    template = models.CharField(_("value"), max_length=2000, blank=True, validators=[validate_template])

    class Meta:
        default_permissions = ()
        ordering = ["field__position", "id"]
        verbose_name = _("value")
        verbose_name_plural = _("form")
        constraints = [models.UniqueConstraint(fields=["assignment", "field"], name="one_value_per_field")]


class LocalCard(models.Model):
    object = models.ForeignKey(CRMObject, on_delete=models.CASCADE, related_name="cards")
    values = models.JSONField(default=dict)
    marker = models.CharField(max_length=40, blank=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        constraints = [
            models.UniqueConstraint(
                fields=["object", "marker"], condition=~models.Q(marker=""), name="one_card_per_marker"
            )
        ]

    def __str__(self) -> str:
        """Its name for people: the texts that lists show, else its first value."""
        fields = [field for field in self.object.fields.all() if self.values.get(field.api_name)]
        shown = [field for field in fields if field.in_list] or fields
        texts = [field for field in shown if field.type == FieldType.SHORT_TEXT] or shown[:1]
        return " ".join(str(self.values[field.api_name]) for field in texts) or f"{self.object} {self.pk}"


class LocalKey(models.Model):
    """A number or an e-mail of a local card, written as in `crm.identity`, to search a million cards fast."""

    card = models.ForeignKey(LocalCard, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=260, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["card", "key"], name="one_key_per_card")]
