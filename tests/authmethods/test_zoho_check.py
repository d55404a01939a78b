from __future__ import annotations

import io
import json
import re
from dataclasses import asdict, dataclass

import pytest
from django.core.management import CommandError, call_command

from authmethods import status, tokens
from authmethods.models import StoredGrant
from config.paths import BASE_DIR
from integrations.zoho_desk.assumptions import Assumed, assumed
from integrations.zoho_desk.probes.own_records import RIGHTS
from integrations.zoho_desk.probes.run import ALL
from integrations.zoho_desk.scopes import OTHER_FAMILIES

pytestmark = pytest.mark.django_db


@dataclass
class Ran:
    status: int
    out: str
    err: str


@pytest.fixture
def zoho_check():
    """Run the command; gives its exit status and what it printed."""

    def zoho_check(**options) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("zoho_check", stdout=out, stderr=err, **options)
        except SystemExit as end:
            return Ran(int(end.code or 0), out.getvalue(), err.getvalue())
        except CommandError as error:
            return Ran(error.returncode, out.getvalue(), err.getvalue() + str(error))
        return Ran(0, out.getvalue(), err.getvalue())

    return zoho_check


@pytest.fixture
def may_trash(monkeypatch):
    """The operator named the rights to trash before the consent."""
    monkeypatch.setattr(assumed, "further_scopes", RIGHTS)


def written(zoho):
    return [entry for entry in zoho.asked("") if entry["method"] != "GET" and "/api/v1/" in entry["path"]]


def test_nothing_differs_from_the_stand_in_as_it_starts(zoho, ada, zoho_check):
    zoho.method(by=ada)
    ran = zoho_check()
    assert ran.status == 0, ran.out
    assert "0 different" in ran.out
    assert written(zoho) == []


def test_a_difference_is_shown_with_what_to_change_and_ends_with_1(zoho, ada, zoho_check):
    zoho.method(by=ada)
    zoho.stand_in.set_knobs(minus_sort=False)
    ran = zoho_check()
    assert ran.status == 1
    assert "different       newest-first-contacts: 422 UNPROCESSABLE_ENTITY" in ran.out
    told = "assumed: GET /contacts takes sortBy=-createdTime and gives the newest first."
    assert f"{told} (docs/zoho-facts.md 4.5, 8)" in ran.out
    assert "to change: Nothing here: the list is then read from its far end. Report it." in ran.out
    assert ran.out.rstrip().endswith(
        "assumed: newest-first-calls, newest-first-contacts.\nNothing is to be changed here."
    )


def test_of_the_differences_those_that_need_a_person_come_last(zoho, ada, zoho_check):
    zoho.method(by=ada)
    zoho.stand_in.set_knobs(count_as_text=True, call_statuses="Answered")
    ran = zoho_check()
    assert 'to change: Set further_call_statuses to ["Answered"]' in ran.out
    assert ran.out.rstrip().endswith("assumed: search-count, call-statuses.\nTo change or to report: call-statuses.")


def test_machines_get_one_object(zoho, ada, zoho_check):
    method = zoho.method(by=ada)
    zoho.stand_in.set_knobs(count_as_text=True)
    ran = zoho_check(json=True)
    data = json.loads(ran.out)
    assert ran.status == 1
    assert (data["method"], data["organisation"], data["wrote"]) == (method.name, method.organisation_id, False)
    assert data["counts"]["different"] == 1
    (found,) = [one for one in data["findings"] if one["verdict"] == "different"]
    assert found["name"] == "search-count"
    assert found["change"]


def test_write_says_so_first_and_leaves_nothing_behind(zoho, ada, zoho_check, may_trash):
    zoho.method(by=ada)
    ran = zoho_check(write=True)
    assert ran.status == 0, ran.out
    assert ran.err.startswith("--write makes up to 3 contacts and 3 calls")
    made = zoho.stand_in.records("eu", "acme", "contacts") + zoho.stand_in.records("eu", "acme", "calls")
    assert written(zoho)
    assert "zoho_check" not in json.dumps(made)


def test_without_the_right_to_trash_nothing_is_written(zoho, ada, zoho_check):
    zoho.method(by=ada)
    ran = zoho_check(write=True)
    assert ran.status == 2
    assert "Desk.calls.DELETE and Desk.contacts.DELETE" in ran.err
    assert "makes up to" not in ran.err
    assert written(zoho) == []


def test_what_could_not_be_trashed_is_named(zoho, ada, zoho_check, may_trash):
    zoho.method(by=ada)
    zoho.stand_in.fault("forbidden", "POST", "/api/v1/contacts/moveToTrash", count=9)
    ran = zoho_check(write=True)
    assert ran.status == 1
    assert "Not moved to trash, do it by hand: contacts, id " in ran.err


def test_of_several_methods_one_must_be_named(zoho, ada, zoho_check):
    zoho.method(name="Desk EU", by=ada)
    zoho.method("globex", name="Desk US", by=ada)
    ran = zoho_check()
    assert ran.status == 2
    assert "Say which with --method. Enabled: “Desk EU”, “Desk US”." in ran.err
    assert zoho_check(method="Desk US").status == 0
    assert zoho_check(method="Desk UK").status == 2


def test_without_an_enabled_method_it_says_what_to_do(zoho, zoho_check):
    zoho.disabled_method()
    ran = zoho_check()
    assert ran.status == 2
    assert "enable one in the Maker" in ran.err


def test_a_consent_that_zoho_took_back_could_not_run(zoho, ada, zoho_check):
    method = zoho.method(by=ada)
    zoho.stand_in.fault("invalid_oauth", "GET", "/api/v1/organizations", count=9)
    zoho.stand_in.fault("invalid_code", "POST", "/oauth/v2/token", count=9)
    ran = zoho_check()
    assert ran.status == 2
    assert "The check could not run." in ran.err
    method.refresh_from_db()
    assert method.status == "needs_reconnection"  # the usual verdict of the usual way to refresh


def test_where_zoho_wants_all_families_of_scopes_it_says_what_to_set(zoho, ada, zoho_check):
    zoho.method(by=ada)
    zoho.stand_in.set_knobs(scope_lists="all")
    ran = zoho_check()
    assert ran.status == 2
    assert "The check could not run. The consent lacks a right" in ran.err
    assert "name them under further_scopes" in ran.err
    (section,) = re.findall(r"docs/zoho-smoke.md, “(.*?)”", ran.err)
    assert f"\n## {section}\n" in DOCUMENT


def test_once_they_are_granted_it_tells_that_all_are_wanted(zoho, ada, zoho_check, monkeypatch):
    zoho.stand_in.set_knobs(scope_lists="all")
    monkeypatch.setattr(assumed, "further_scopes", (*OTHER_FAMILIES, *RIGHTS, "Desk.activities.calls.DELETE"))
    zoho.method(by=ada)
    ran = zoho_check(write=True)
    assert ran.status == 1
    assert "different       scope-lists: Refused though one was granted: /webhooks 403 SCOPE_MISMATCH." in ran.out
    assert ran.out.rstrip().endswith("assumed: scope-lists.\nNothing is to be changed here.")
    made = zoho.stand_in.records("eu", "acme", "contacts") + zoho.stand_in.records("eu", "acme", "calls")
    assert "zoho_check" not in json.dumps(made)


def test_a_stopped_method_is_not_found(zoho, ada, zoho_check):
    status.disable(zoho.method(by=ada))
    assert zoho_check().status == 2


@pytest.mark.parametrize("patience", ["0", "-1", "inf", "nan", "1e9", "long"])
def test_patience_is_a_number_of_seconds(zoho, ada, patience):
    zoho.method(by=ada)
    with pytest.raises(CommandError, match="--patience"):
        call_command("zoho_check", f"--patience={patience}")


def test_the_refresh_is_counted_and_the_connection_goes_on_working(zoho, ada, zoho_check):
    method = zoho.method(by=ada)
    before = StoredGrant.objects.get(method=method)
    zoho_check()
    after = StoredGrant.objects.get(method=method)
    assert after.generation == before.generation + 1
    assert len(after.requests) == len(before.requests) + 1
    assert method.vendor.directory.departments(tokens.connect(method))


@pytest.mark.parametrize("as_json", [False, True])
def test_no_secret_and_no_customer_is_ever_shown(zoho, ada, zoho_check, may_trash, as_json, caplog):
    method = zoho.method(by=ada)
    zoho.stand_in.set_knobs(phone_search="raw", duplicate_email="refuse", list_base=0, token_error_status=400)
    grant = StoredGrant.objects.get(method=method)
    canaries = [method.app().client_secret]
    canaries += [sealed.open(grant.owner) for sealed in (grant.access_token, grant.refresh_token)]
    ran = zoho_check(write=True, json=as_json)
    canaries.append(tokens.connect(method).token())
    for person in zoho.stand_in.records("eu", "acme", "contacts") + zoho.stand_in.records("eu", "acme", "agents"):
        canaries += [person.get(name) for name in ("lastName", "email", "emailId", "phone", "mobile", "zuid", "id")]
    shown = ran.out + ran.err + caplog.text
    assert ran.status == 1
    assert len(canaries) > 100
    assert [canary for canary in canaries if canary and len(canary) > 3 and canary in shown] == []


DOCUMENT = (BASE_DIR / "docs" / "zoho-smoke.md").read_text()


def test_the_document_names_every_setting_with_its_default():
    for name, value in asdict(Assumed()).items():
        default = f"{value:g}" if isinstance(value, int | float) else value or "none"
        assert f"| `{name}` | {default} |" in DOCUMENT


def test_the_document_names_only_probes_that_exist():
    mentioned = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", DOCUMENT))
    assert {"fresh-list-calls", "call-statuses"} <= mentioned <= {probe.name for probe in ALL}


def test_the_documents_files_name_the_rights_to_trash_and_the_other_families_of_scopes():
    files = [
        json.loads(text) for text in re.findall(r'^ {4}(\{"locations".*?\}\})$', DOCUMENT, re.DOTALL | re.MULTILINE)
    ]
    assert files == [
        {"locations": {}, "assumed": {"further_scopes": list(names)}} for names in (RIGHTS, OTHER_FAMILIES)
    ]
