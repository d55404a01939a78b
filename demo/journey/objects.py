"""Step 5. The recommended objects and fields, in one click."""

from __future__ import annotations

from demo.journey.browser import StepFailed
from demo.journey.traveller import Traveller

TITLE = "Recommended objects and fields"
WANTED = {"Contacts", "Calls"}


def run(traveller: Traveller) -> str:
    traveller.dialog(f"{traveller.crm_page.rpartition('/change/')[0]}/recommended/")
    traveller.browser.open(traveller.crm_page)
    rows = {}
    for row in traveller.browser.page.select(".crm-table tbody tr"):
        name, count, *_ = row.select("th a, td")
        rows[name.get_text(strip=True)] = count.get_text(strip=True)
    if not set(rows) >= WANTED:
        raise StepFailed("The recommended objects are not there.", said=", ".join(rows), look=traveller.browser.url)
    return ", ".join(f"{name} with {count} fields" for name, count in rows.items())
