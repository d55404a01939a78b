"""Zoho Desk as one of our vendors: every capability, each in the module that knows it."""

from __future__ import annotations

from integrations.base import Integration
from integrations.types import Environment
from integrations.zoho_desk import company_url, datacentres
from integrations.zoho_desk.client import ID, Desk
from integrations.zoho_desk.directory import Directory
from integrations.zoho_desk.fields import Fields
from integrations.zoho_desk.limits import PortalLimits
from integrations.zoho_desk.lookup import Look
from integrations.zoho_desk.oauth import Accounts
from integrations.zoho_desk.records import Reader, Writer
from integrations.zoho_desk.sign_in import ZohoSignIn
from outbound import http


class ZohoDesk(Integration):
    key = "zoho_desk"
    label = "Zoho Desk"
    environment_label = "Zoho Desk company URL"
    environment_help = (
        "The address that your browser shows when you work in Zoho Desk, for example "
        "https://desk.zoho.eu/agent/yourcompany. It tells the data centre and the portal; without it, "
        "desk.zoho.com is used and the portal is chosen after the consent."
    )
    secret_help = "Zoho shows it beside the client ID."  # noqa: S105

    oauth: Accounts
    sign_in: ZohoSignIn
    directory: Directory
    schema: Fields
    reader: Reader
    writer: Writer
    look_up: Look
    limits: PortalLimits

    def __init__(self, client: http.Client = http.client, centres: datacentres.DataCentres = datacentres.table) -> None:
        self._centres = centres
        desk = Desk(client, centres)
        fields = Fields(desk)
        reader = Reader(desk)
        self.oauth = Accounts(client, centres)
        self.sign_in = ZohoSignIn(client, centres)
        self.directory = Directory(desk)
        self.schema = fields
        self.reader = reader
        self.writer = Writer(desk, fields, reader)
        self.look_up = Look(desk, fields)
        self.limits = PortalLimits()

    def read_environment(self, url: str) -> Environment:
        return company_url.read(url, self._centres)

    def problem_of_department(self, department_id: str) -> str:
        return "" if ID.fullmatch(department_id) else "The id of a department is digits only."
