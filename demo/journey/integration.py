"""Step 4. The CRM of type Integration, its department, and the profile whose Banner shows it."""

from __future__ import annotations

from demo.journey.traveller import CRM, METHOD, PROFILE, Traveller

TITLE = "CRM v2 integration"
PART = "crm/crm"
NAME = "Zoho Desk (demo)"
DEPARTMENT = "Support"


def run(traveller: Traveller) -> str:
    traveller.crm_page = traveller.row(PART, NAME) or _create(traveller)
    traveller.browser.open(traveller.crm_page)
    values = {"department_id": traveller.option("select[name=department_id]", DEPARTMENT), "on_none": "create"}
    traveller.save({**values, **_profile(traveller)})
    return f"“{NAME}” writes into the department {DEPARTMENT}, and the profile {PROFILE} shows it"


def _create(traveller: Traveller) -> str:
    traveller.browser.open(traveller.maker(f"{PART}/add/"))
    method = traveller.option("select[name=method]", METHOD)
    traveller.save(
        {"name": NAME, "reference": CRM, "kind": "integration", "integration": "zoho_desk", "method": method}
    )
    return traveller.row(PART, NAME)


def _profile(traveller: Traveller) -> dict[str, str | bool]:
    chosen = traveller.browser.page.select("select[name^=accesses-]:not([name*=__prefix__]) option[selected]")
    if any(option.get_text(strip=True) == PROFILE for option in chosen):
        return {}
    count = int(traveller.browser.value("[name=accesses-TOTAL_FORMS]", "the profiles of the CRM"))
    line = f"accesses-{count}"
    return {
        "accesses-TOTAL_FORMS": str(count + 1),
        f"{line}-profile": traveller.option("select[name=accesses-__prefix__-profile]", PROFILE),
        f"{line}-order": "0",
        f"{line}-may_create": "on",
        f"{line}-may_edit": "on",
        f"{line}-may_assign": "on",
    }
