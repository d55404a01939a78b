"""Whatever a view of the Banner touches is fetched through the agent's context, or is not found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from banner.assigned import Assigned, assigned_card
from crm.customers.cards import card_objects
from crm.models import CRMObject, ProfileAccess
from interactions.models import Interaction
from users.models import Profile, User
from users.session_middleware import is_unattended


@dataclass(frozen=True)
class AgentContext:
    user: User

    @cached_property
    def profiles(self) -> list[Profile]:
        return list(self.user.profiles.all())

    @cached_property
    def profile(self) -> Profile | None:
        """The profile in use. One that was taken away no longer counts; whoever has only one need not choose."""
        chosen = [profile for profile in self.profiles if profile.pk == self.user.active_profile_id]
        if chosen:
            return chosen[0]
        return self.profiles[0] if len(self.profiles) == 1 else None

    @cached_property
    def accesses(self) -> list[ProfileAccess]:
        if self.profile is None:
            return []
        return list(ProfileAccess.objects.filter(profile=self.profile).select_related("crm__method"))

    def access(self, crm_id: int) -> ProfileAccess:
        for access in self.accesses:
            if access.crm_id == crm_id:
                return access
        raise Http404

    def interaction(self, interaction_id: int) -> Interaction:
        found = Interaction.objects.filter(pk=interaction_id, agent=self.user).select_related("agent").first()
        if found is None:
            raise Http404
        return found


@dataclass(frozen=True)
class CardContext:
    """Where an agent acts: one of their interactions, in a CRM that their profile grants."""

    agent: AgentContext
    interaction: Interaction
    access: ProfileAccess

    @cached_property
    def objects(self) -> list[CRMObject]:
        """Those whose records are cards: the only ones that an agent reads or writes."""
        return card_objects(self.access.crm)

    @cached_property
    def assigned(self) -> Assigned | None:
        """The card to which the interaction belonged when first asked. Before a write, ask `assigned_card` again."""
        return assigned_card(self.interaction, self.access.crm)

    @property
    def belongs(self) -> str:
        return ":".join(self.assigned or ())

    def object(self, object_id: int) -> CRMObject:
        for found in self.objects:
            if found.pk == object_id:
                return found
        raise Http404


def for_agents(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, or shown the door; never cached, for these pages hold customers' data."""

    @never_cache
    @wraps(view)
    def with_agent(request: HttpRequest, **names: Any) -> HttpResponse:
        if isinstance(request.user, User):
            return view(request, AgentContext(request.user), **names)
        if is_unattended(request):  # the page stays as it is, with what was typed, and says so
            return HttpResponse(status=401)
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse("home"))
        return redirect("home")

    return with_agent
