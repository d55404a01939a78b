"""A portal of the local Zoho, connected by a consent, with the recommended objects and one rule for everything."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from django.contrib.sessions.backends.db import SessionStore

from authmethods import addresses, consent, creation
from authmethods.models import AuthenticationMethod, Kind
from crm import departments, recommended
from crm.models import CRM, Assignment, FormValue
from fakezoho.serve import StandIn
from users.models import User


def connected(zoho: StandIn, location: str, portal: str, person: str) -> CRM:
    """`person` consents at that data centre; the CRM and its portal have the same name."""
    client = zoho.register(addresses.consent_return(), addresses.sign_in_return(), dc=location)
    url = f"{zoho.world.centres[location].desk_url}/agent/{portal}"
    method = AuthenticationMethod.objects.create(name=portal, client_id=client.id, environment_url=url)
    creation.store_secret(method, client.secret)
    _consent(zoho, method, portal, person)
    crm = CRM.objects.create(name=portal, reference=portal, method=AuthenticationMethod.objects.get(pk=method.pk))
    crm.department_id = departments.of(crm).choices[0].value
    crm.save()
    recommended.add_recommended(crm)
    target = crm.crm_objects.get(is_card=False)
    rule = Assignment.objects.create(target=target, name=f"Everything to {portal}")
    for field in target.fields.all():
        FormValue.objects.create(assignment=rule, field=field, template=field.template)
    return crm


def _consent(zoho: StandIn, method: AuthenticationMethod, portal: str, person: str) -> None:
    administrator, _ = User.objects.get_or_create(username=person, is_superuser=True)
    session = SessionStore()
    session.create()
    address = consent.begin(method, Kind.PRODUCTION, administrator, session)
    answer = dict(parse_qsl(urlsplit(zoho.approve(address, person, portal)).query))
    consent.complete(
        consent.Return(
            user=administrator, session_key=session.session_key or "", state=answer["state"], code=answer["code"],
            error="", accounts_server=answer["accounts-server"],
        )
    )  # fmt: skip
