"""CRMs in and out of CSV files."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.models import CRM
from tests.cpu import within

IMPORT = "/maker/crm/crm/csv/import/"
HEADERS = "reference,name,tags,kind,integration,method,department_id,on_none,on_several"


@pytest.fixture
def browser(client, ada):
    client.force_login(ada)
    return client


def runs(cell):
    """Whether a spreadsheet might: it looks for the sign behind what cannot be seen, too."""
    seen = "".join(sign for sign in cell if sign.isprintable() and not sign.isspace())
    return unicodedata.normalize("NFKC", seen).startswith(("=", "+", "-", "@")) or cell.startswith(("\t", "\r"))


def send(browser, text, headers=HEADERS):
    content = text if isinstance(text, bytes) else f"{headers}\n{text}".encode()
    return browser.post(IMPORT, {"file": SimpleUploadedFile("crms.csv", content)})


def validation_errors(response):
    return [(c["line"], c["column"]) for c in response.context["validation_errors"]]


def test_a_file_makes_and_changes_crms(zoho, browser, ada, local):
    zoho.method(by=ada)
    done = send(
        browser,
        'desk,Desk,"europe, sales",integration,zoho_desk,Zoho Desk,123,create,latest\n'
        "here,Renamed,,local,,,,skip,agent\n",
    )
    assert done.status_code == 302, done.context["validation_errors"]
    desk = CRM.objects.get(reference="desk")
    assert (str(desk.method), desk.department_id, desk.on_several) == ("Zoho Desk", "123", "latest")
    assert sorted(tag.name for tag in desk.tags.all()) == ["europe", "sales"]
    local.refresh_from_db()
    assert (local.name, local.on_none) == ("Renamed", "skip")
    assert local.crm_objects.count() == 2


def test_one_bad_row_is_named_by_line_and_column_and_nothing_is_imported(zoho, browser, ada):
    zoho.method(by=ada)
    refused = send(
        browser,
        "good,Good,,integration,zoho_desk,Zoho Desk,,create,agent\n"
        "bad ref,Bad,,integration,zoho_desk,Zoho Desk,,create,agent\n"
        "third,Third,,integration,zoho_desk,No such method,,create,agent\n"
        "fourth,Fourth,,integration,zoho_desk,Zoho Desk,,perhaps,agent\n",
    )
    assert refused.status_code == 200
    assert {(3, "reference"), (4, "method"), (5, "on_none")} <= set(validation_errors(refused))
    page = refused.content.decode()
    assert "Line 3, column reference" in page
    assert CRM.objects.count() == 0


def test_a_choice_that_there_is_not_is_told_with_those_that_there_are(browser, local):
    refused = send(browser, "here,Here,,local,,,,perhaps,agent\n")
    assert "“perhaps” is none of: create, agent, skip." in refused.content.decode()


def test_one_imported_crm_is_told_as_one(browser, local):
    send(browser, "here,Renamed,,local,,,,skip,agent\n")
    assert "1 CRM was imported." in browser.get("/maker/crm/crm/").content.decode()


def test_the_type_of_a_known_crm_is_not_changed_by_a_file(zoho, browser, ada, local):
    zoho.method(by=ada)
    refused = send(browser, "here,Here,,integration,zoho_desk,Zoho Desk,,create,agent\n")
    assert (2, "kind") in validation_errors(refused)
    local.refresh_from_db()
    assert local.kind == "local"


def test_a_disabled_method_cannot_be_taken(zoho, browser):
    zoho.disabled_method()
    assert (2, "method") in validation_errors(send(browser, "a,A,,integration,zoho_desk,Zoho Desk,,create,agent\n"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"name\nx\n",
        b"reference,name,client_secret\na,A,x\n",
        b"reference,name\na,b,c\n",
        b"\x00" * 99,
        b"reference,name\na," + b"x" * 131_073 + b"\n",
        b"x" * 131_073,
        b'reference,name\na,"never closed' + b"x" * 200_000,
        b"reference,name\na,caf\xe9\n",
        "reference,name\na,b\n".encode("utf-16"),
        b"reference,name\na,\xed\xa0\x80\n",
        b"reference,name,name\na,b,c\n",
        b"reference,name," + b"," * 200_000 + b"\n",
        b"reference,name\n" + b"," * 100_000 + b"\n",
        b"PK\x03\x04" + bytes(range(256)) * 40,
        b"\r" * 1_000,
        b'"' * 100_001,
    ],
    ids=lambda content: ascii(content[:25]),
)
def test_a_file_that_is_no_such_table_is_refused_in_a_sentence(browser, content):
    refused = send(browser, content)
    assert refused.status_code == 200
    assert refused.context["form"].errors["file"]


@pytest.mark.parametrize(
    ("row", "place", "told"),
    [
        ("b,in\0side", "Line 3, column name", "character"),
        ("b\0,x", "Line 3, column reference", "character"),
        (f"b,{'x' * 131_073}", "Line 3", "131072"),
        ("b,x,y", "Line 3", "columns"),
        (f"b,{'x' * 5_000}", "Line 3, column name", "100 characters"),
    ],
    ids=["inside", "reference", "long", "wide", "name"],
)
def test_what_cannot_be_read_or_kept_is_named_by_its_place(browser, row, place, told):
    refused = send(browser, f"a,fine\n{row}\nc,fine\n", headers="reference,name")
    assert refused.status_code == 200
    page = refused.content.decode()
    assert place in page
    assert told in page[page.index(place) :]
    assert CRM.objects.count() == 0


def test_the_place_of_a_mistake_counts_empty_lines_and_those_within_a_cell(browser):
    refused = send(browser, 'a,"two\nlines"\n\nbad ref,x\n', headers="reference,name")
    assert "Line 5, column reference" in refused.content.decode()


def test_a_cell_of_a_hundred_thousand_tags_is_refused_at_once(browser):
    line = f'a,A,"{",".join(f"t{number}" for number in range(20_000))}",local,,,,skip,agent\n'
    refused = within(2, lambda: send(browser, line))
    assert "A CRM has at most 50 tags." in refused.content.decode()


def test_a_file_that_is_too_large_or_too_long_is_refused(browser):
    for content in (b"reference,name\n" + b"a" * 1_000_001, b"reference,name\n" + b"a,b\n" * 1_001):
        assert "Split it" in str(send(browser, content).context["form"].errors["file"])


def test_a_tag_that_is_too_long_is_named_by_its_line(browser, local):
    refused = send(browser, f"here,Here,{'t' * 101},local,,,,skip,agent\n")
    assert validation_errors(refused) == [(2, "")]
    assert "A tag has at most 100 characters." in refused.content.decode()


def test_the_template_is_a_file_that_the_import_understands(zoho, browser, ada):
    zoho.method(by=ada)
    template = browser.get("/maker/crm/crm/csv/template/")
    assert template.headers["Content-Disposition"] == 'attachment; filename="crms-template.csv"'
    assert send(browser, template.content).status_code == 302
    assert CRM.objects.get().reference == "zoho"


def test_an_export_can_be_imported_again_and_holds_no_formula(browser, local):
    CRM.objects.update(name='=HYPERLINK("http://evil.example")')
    local.tags.set(["a b", "c"])
    exported = browser.get("/maker/crm/crm/csv/export/").content.decode()
    [row] = csv.DictReader(io.StringIO(exported))
    assert not row["name"].startswith("=")
    assert set(row) == set(HEADERS.split(","))
    assert send(browser, exported.encode()).status_code == 302
    assert sorted(tag.name for tag in local.tags.all()) == ["a b", "c"]


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "==1+1",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "'=1",
        "''",
        "'tis plain",
        "a=b",
        "–",
        "\n=1",
        "\r=1",
        "\r\n=1",
        " =1",
        "\t=1",
        " \n\t =1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
        "\x0b=1",
        "\x1f=1",
        "' =1",
        " '=1",
        "'\n'=1",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "\n",
        "\ta",
        "two\nlines",
        "two\r\nlines",
        " x ",
        "\u2028=1",
    ],
    ids=ascii,
)
def test_no_cell_of_an_export_begins_like_a_formula_and_every_text_comes_back(browser, local, name):
    CRM.objects.update(name=name)
    exported = browser.get("/maker/crm/crm/csv/export/").content
    [row] = csv.DictReader(io.StringIO(exported.decode()))
    assert not any(runs(cell) for cell in row.values())
    CRM.objects.update(name="changed")
    assert send(browser, exported).status_code == 302
    assert CRM.objects.get().name == name


def test_each_right_opens_its_own_action(client, vera, omar, local):
    for person, allowed in ((vera, 403), (omar, 403)):
        client.force_login(person)
        for action in ("import", "template", "export"):
            assert client.get(f"/maker/crm/crm/csv/{action}/").status_code == allowed, (person, action)
        assert client.post(IMPORT, {}).status_code == allowed
