"""What a person needs once all runs: addresses, accounts, and what to try first."""

from __future__ import annotations

import sys

from demo.stack.plan import Plan

PEOPLE = (("ada@acme.example", "administrator"), ("omar@acme.example", "operator"), ("vera@acme.example", "viewer"))
FIRST_STEPS = (
    "Register a client in the local Zoho's API console; paste what the setup page shows.",
    "Maker > Authentication methods: add one with its ID and secret, then click its status to enable it.",
    "Maker > SSO connectors: add one; in Maker > Users give it to grace@acme.example.",
    "Open the connector's SSO login URL in a private window and sign in as Grace.",
    "Maker > CRM v2: add one of type Integration, its recommended objects, and the profile Support.",
    "Post a call with an API key (see the API page) and watch it arrive in the local Zoho.",
)


def say(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def show(plan: Plan, password: str) -> None:
    """The table, in plain text that survives any terminal."""
    url = plan.public_url
    addresses = {
        "Maker (administrators)": f"{url}/maker/",
        "Setup page for Zoho": f"{url}/maker/setup/zoho-desk/",
        "Banner (agents)": f"{url}/banner/",
        "API, to read and try": f"{url}/api/v1/docs",
    }
    if plan.own_zoho:
        addresses |= {
            "Local Zoho": f"{plan.zoho_url}/",
            "Its API console": f"{plan.zoho_url}/eu/accounts/developerconsole",
        }
    say("Deskline runs.")
    say()
    for name, address in addresses.items():
        say(f"  {name:<24} {address}")
    say()
    for name, role in PEOPLE:
        say(f"  {role.capitalize():<24} {name}   password: {password}")
    say("  Agents                   grace, alan, linus @acme.example: they sign in with Zoho")
    say()
    if plan.own_zoho:
        _first_steps()
    say(f"Logs: {plan.logs}. Ctrl-C ends everything.")


def _first_steps() -> None:
    say("Try first, by hand:")
    for number, step in enumerate(FIRST_STEPS, 1):
        say(f"  {number}. {step}")
    say("or let it be done, in another terminal:  make demo")
    say()
