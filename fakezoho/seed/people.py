from __future__ import annotations

from fakezoho.clock import timestamp
from fakezoho.identities import Person
from fakezoho.module import Record

ADA = Person("eu", "20071000001", "ada@acme.example", "Ada", "Lovelace")
GRACE = Person("eu", "20071000002", "grace@acme.example", "Grace", "Hopper")
ALAN = Person("eu", "20071000003", "alan@acme.example", "Alan", "Turing")
LINUS = Person("eu", "20071000004", "linus@acme.example", "Linus", "Torvalds")
DENNIS = Person("eu", "20071000005", "dennis@acme.example", "Dennis", "Ritchie")
MALLORY = Person("eu", "20071000099", "mallory@elsewhere.example", "Mallory", "Elsewhere")
HANK = Person("us", "60071000001", "hank@globex.example", "Hank", "Scorpio")
MINDY = Person("us", "60071000002", "mindy@globex.example", "Mindy", "Simmons")
RAVI = Person("in", "90071000001", "ravi@nowhere.example", "Ravi", "Kumar")
PEOPLE = [ADA, GRACE, ALAN, LINUS, DENNIS, MALLORY, HANK, MINDY, RAVI]

ACME = [
    (ADA, "Admin", "ACTIVE"),
    (GRACE, "AgentPublic", "ACTIVE"),
    (ALAN, "AgentPublic", "ACTIVE"),
    (LINUS, "AgentPublic", "ACTIVE"),
    (DENNIS, "AgentPublic", "DISABLED"),
]
GLOBEX = [(HANK, "Admin", "ACTIVE"), (MINDY, "AgentPublic", "ACTIVE")]


def agent(agent_id: str, person: Person, role: str, status: str, departments: list[str]) -> Record:
    return {
        "id": agent_id,
        "zuid": person.zuid,
        "emailId": person.email,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "name": person.name,
        "status": status,
        "isConfirmed": True,
        "rolePermissionType": role,
        "roleId": None,
        "profileId": None,
        "associatedDepartmentIds": departments,
        "associatedChatDepartmentIds": [],
        "phone": "",
        "mobile": "",
        "extn": "",
        "timeZone": "Europe/Paris" if person.dc == "eu" else "America/Los_Angeles",
        "langCode": "en_US",
        "countryCode": "en_US",
        "photoURL": None,
        "aboutInfo": None,
        "channelExpert": [],
        "cf": {},
    }


def department(department_id: str, name: str, default: bool, at: float) -> Record:
    return {
        "id": department_id,
        "name": name,
        "nameInCustomerPortal": name,
        "sanitizedName": name.lower(),
        "description": None,
        "isEnabled": True,
        "isDefault": default,
        "isAssignToTeamEnabled": True,
        "isVisibleInCustomerPortal": True,
        "hasLogo": False,
        "chatStatus": "NOT_CREATED",
        "creatorId": None,
        "createdTime": timestamp(at),
    }
