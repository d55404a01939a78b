from __future__ import annotations

import sys
from pathlib import Path

from config.paths import BASE_DIR
from demo.stack.plan import Plan

PEOPLE = (("ada@acme.example", "administrator"), ("omar@acme.example", "operator"), ("vera@acme.example", "viewer"))
FIRST_STEPS = (
    "Register a client in the local Zoho's API console; paste what the setup page shows.",
    "Maker > Authentication methods: add one with Acme's company URL (above), the client's ID and secret; "
    "click its status, choose Production and consent as Ada.",
    "Maker > SSO connectors: add one; in Maker > Users, in the card of grace@acme.example, choose it.",
    "Its cogwheel copies the SSO login URL: open it in a private window and pick Grace at the local Zoho.",
    "Maker > CRM v2: add one of type Integration, its recommended objects, and the profile Support.",
    "Post a call with an API key (see the API page) and watch it arrive in the local Zoho.",
)


def say(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def show(plan: Plan, password: str) -> None:
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
            "Acme's company URL": f"{plan.zoho_url}/eu/desk/agent/acme",
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
        say(f"Zoho away, for a try:  {_control(plan)} stop zoho   (and: start zoho)")
        say("Without it, for real:  FAKEZOHO_PORT=0 make run")
    say(f"Logs: {plan.logs}. Ctrl-C ends everything.")


def _control(plan: Plan) -> str:
    return f"{_short(Path(sys.executable))} -m supervisor.supervisorctl -c {_short(plan.var / 'supervisord.conf')}"


def _short(path: Path) -> str:
    return str(path.relative_to(BASE_DIR) if path.is_relative_to(BASE_DIR) else path)


def _first_steps() -> None:
    say("Try first, by hand:")
    for number, step in enumerate(FIRST_STEPS, 1):
        say(f"  {number}. {step}")
    say("or let it be done, in another terminal:  make demo")
    say()
