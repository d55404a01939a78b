"""Deleting calls on the pages of the Maker."""

from __future__ import annotations

from copy import copy

from django.test import Client

from interactions.models import Interaction

LIST = "/maker/interactions/interaction/"
DELETED = "/maker/interactions/deletedinteraction/"


def delete(browser, interaction=None):
    """The deletion's page, sent."""
    interaction = interaction or Interaction.objects.get()
    return browser.post(f"{LIST}{interaction.pk}/delete/", {"post": "yes"}, follow=True)


def delete_selected(browser, *interactions):
    chosen = {"action": "delete_selected", "_selected_action": [one.pk for one in interactions], "post": "yes"}
    return browser.post(LIST, chosen, follow=True)


def told(answer):
    return answer.json()["detail"][0]


def text_of(answer):
    return " ".join(answer.content.decode().split())


def elsewhere(source):
    """The same source with a connection of its own."""
    one = copy(source)
    one.client = Client()
    return one
