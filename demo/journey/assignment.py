"""Step 6. Assign interactions: the conditions, and the form that gives each field of a call its value."""

from __future__ import annotations

from demo.journey.browser import StepFailed, Value
from demo.journey.traveller import Traveller

TITLE = "Assign interactions"
NAME = "Write interactions as calls (demo)"
SUBJECT = "{{interaction.subject|default('Call')}} [{{interaction.reference}}]"
"""The reference tells us afterwards which record is whose."""


def run(traveller: Traveller) -> str:
    traveller.browser.open(traveller.crm_page)
    page = traveller.browser.page
    rule = next((link for link in page.select("a.crm-rule") if link.get_text(strip=True) == NAME), None)
    link = rule or traveller.browser.find("a.crm-add", "“Assign interactions”")
    traveller.browser.open(str(link["href"]))
    values: dict[str, Value] = {
        "name": NAME,
        "is_active": True,
        "flows": ["voice", "email", "messaging"],
        "directions": ["inbound", "outbound"],
        "card_objects": [_contacts(traveller)],
        "value_subject": SUBJECT,
    }
    traveller.save(values)
    return f"“{NAME}”: voice, e-mail and messaging, both directions, on contacts"


def _contacts(traveller: Traveller) -> str:
    for box in traveller.browser.page.select("input[name=card_objects]"):
        label = box.find_parent("label") or traveller.browser.page.select_one(f"label[for={box.get('id')}]")
        if label and "Contacts" in label.get_text():
            return str(box["value"])
    raise StepFailed("The rule does not offer Contacts as object of the card.", look=traveller.browser.url)
