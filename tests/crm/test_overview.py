"""The first steps that CRM v2 adds to the Maker's first page."""

from __future__ import annotations

import pytest

from crm.models import ProfileAccess
from maker import home
from users.models import Profile

CREATE, ASSIGN = "Create the CRM", "Assign interactions"


@pytest.fixture
def steps(rf):
    def of(user):
        request = rf.get("/maker/")
        request.user = user
        return {step.label: step for step in home.steps(request)}

    return of


def test_the_steps_stand_between_single_sign_on_and_the_api_key(steps, ada):
    labels = list(steps(ada))
    assert labels[labels.index("Set up Single Sign-On") :] == [
        "Set up Single Sign-On", CREATE, ASSIGN, "Let interactions in",
    ]  # fmt: skip


def test_a_crm_is_done_once_a_profile_shows_it(steps, ada, local):
    assert not steps(ada)[CREATE].done
    ProfileAccess.objects.create(profile=Profile.objects.create(name="Support"), crm=local)
    assert steps(ada)[CREATE].done


def test_assigning_leads_to_the_only_crm_and_is_done_with_the_first_rule(steps, ada, local, request):
    assert steps(ada)[ASSIGN].url == f"/maker/crm/crm/{local.pk}/change/"
    assert not steps(ada)[ASSIGN].done
    request.getfixturevalue("rule")
    assert steps(ada)[ASSIGN].done


def test_a_viewer_is_not_asked_for_what_he_may_not_do(steps, vera):
    assert not {CREATE, ASSIGN} & steps(vera).keys()
