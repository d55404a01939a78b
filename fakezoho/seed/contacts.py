"""The demo's customers: numbers and names as real ones are written, in every way that trips a look-up."""

from __future__ import annotations

from fakezoho.desk.shapes import new_account, new_contact
from fakezoho.portal import Portal

HOUR = 3600.0

# first name, last name, e-mail, phone, mobile, account
ACME = [
    ("Amélie", "Poulain", "amelie.poulain@moulins.example", "+33 1 42 23 41 40", "", "Café des Deux Moulins"),
    ("Étienne", "Lefèvre", "etienne@lefevre.example", "01 44 55 66 77", "06 12 34 56 78", "Lefèvre & Fils"),
    ("Chloé", "Lefèvre", "chloe@lefevre.example", "01 44 55 66 77", "06 98 76 54 32", "Lefèvre & Fils"),
    ("Jürgen", "Müller", "j.mueller@muellerbau.example", "+49-30-901820", "+49 170 1234567", "Müller Bau"),
    ("Søren", "Østergård", "soren@ostergaard.example", "+4533121416", "", ""),
    ("Nuño", "Peña", "nuno.pena@casapena.example", "0034 91 521 25 00", "", "Casa Peña"),
    ("Zoë", "de Vries", "zoe@devries.example", "020-6241111", "+31 6 12345678", ""),
    ("Łukasz", "Żółty", "lukasz@zolty.example", "+48.22.695.1000", "", ""),
    ("Siobhán", "O'Brien", "siobhan@obrien.example", "+353 1 679 2233", "", ""),
    ("Iñaki", "Etxeberria", "inaki@etxe.example", "+34944123456", "", ""),
    ("", "Bernard", "", "", "07 11 22 33 44", ""),
    ("Marie-Thérèse", "Saint-Exupéry", "mt@saintex.example", "+33123456789", "", ""),
    ("Wolfeschlegelsteinhausen", "Bergerdorffwelchevoralternwarengewissenhaftschaferswessenschafewarenwohl"
     "gepflegeundsorgfaltigkeitbeschutzenvonangreifendurchihrraubgierigfeinde",
     "hubert@longnames.example", "+49 40 42831 0", "", "Langenamen GmbH"),
    ("Giulia", "D'Angelo", "giulia@dangelo.example", "+39 06 6982", "", ""),
    ("René", "Magritte", "rene@magritte.example", "+32 2 508 32 11", "+32470123456", ""),
    ("Björk", "Guðmundsdóttir", "bjork@island.example", "+354 551 2345", "", ""),
    ("Νίκος", "Παπαδόπουλος", "nikos@athina.example", "+30 210 3214 571", "", ""),
    ("Олена", "Коваленко", "olena@kyiv.example", "+380442790000", "", ""),
    ("İbrahim", "Çelik", "ibrahim@celik.example", "+90 212 555 00 00", "", ""),
    ("Anaïs", "Nin", "anais@nin.example", "0145678901", "0612000001", ""),
    ("John", "Smith", "john.smith@shared.example", "+44 20 7946 0958", "", "Smith Brothers"),
    ("Jack", "Smith", "jack.smith@shared.example", "+44 20 7946 0999", "", "Smith Brothers"),
    ("Priya", "Sharma", "priya@sharma.example", "+91 98765 43210", "", ""),
    ("Wei", "Chen 陈伟", "wei.chen@beijing.example", "+86 10 6552 9988", "", ""),
    ("Yuki", "Tanaka 田中", "yuki@tanaka.example", "+81-3-3224-9999", "", ""),
    ("Fatima", "Al-Zahra", "fatima@alzahra.example", "+971 4 123 4567", "", ""),
    ("Chinedu", "Okafor", "chinedu@okafor.example", "+234 1 277 3000", "", ""),
    ("Lucía", "Fernández", "lucia@fernandez.example", "915 212 500", "600 123 456", ""),
    ("Théo", "Garnier", "theo@garnier.example", "+33 3 88 00 00 00", "", ""),
    ("Camille", "Dubois", "camille@dubois.example", "01.40.20.50.50", "", "Dubois Conseil"),
    ("Léa", "Dubois", "lea@dubois.example", "01.40.20.50.51", "", "Dubois Conseil"),
    ("Hugo", "Moreau", "hugo@moreau.example", "+33140205317", "", ""),
    ("Manon", "Petit", "manon@petit.example", "+33 6 00 00 00 01", "", ""),
    ("Louis", "Roux", "louis@roux.example", "0033 1 40 20 53 17", "", ""),
    ("Inès", "Fontaine", "ines@fontaine.example", "", "+33 7 66 55 44 33", ""),
    ("Noah", "Chevalier", "noah@chevalier.example", "+33 1 70 36 39 50 ext 12", "", ""),
    ("<b>Robert</b>", "'); DROP TABLE contacts;--", "bobby@tables.example", "+1 202 555 0143", "", ""),
    ("Emma", "Blanc", "EMMA.BLANC@BLANC.EXAMPLE", "+33 2 99 00 00 00", "", ""),
    ("Gabriel", "Rousseau", "gabriel@rousseau.example", "+33 4 91 00 00 00", "", ""),
    ("Jade", "Simon", "", "+33 5 56 00 00 00", "", ""),
]  # fmt: skip

GLOBEX = [
    ("Homer", "Simpson", "homer@springfield.example", "+1 939 555 0113", "", ""),
    ("Frank", "Grimes", "frank@grimes.example", "+1-555-0100", "", ""),
    ("Marge", "Bouvier", "marge@bouvier.example", "939-555-0113", "", ""),
    ("Lenny", "Leonard", "lenny@leonard.example", "+19395550199", "+1 939 555 0198", "Globex Plant"),
    ("Carl", "Carlson", "carl@carlson.example", "939.555.0197", "", "Globex Plant"),
]


def acme(portal: Portal, birth: float) -> None:
    _sow(portal, ACME, birth)


def globex(portal: Portal, birth: float) -> None:
    _sow(portal, GLOBEX, birth)


WITH_SECOND_ADDRESS = {0}


def _sow(portal: Portal, rows: list[tuple[str, str, str, str, str, str]], birth: float) -> None:
    accounts: dict[str, str] = {}
    for number, (first, last, email, phone, mobile, company) in enumerate(rows):
        at = birth + number * HOUR
        if company and company not in accounts:
            account = new_account(portal, company, at)
            portal.modules["accounts"].put(account, at)
            accounts[company] = account["id"]
        given = {"firstName": first, "lastName": last, "email": email, "phone": phone, "mobile": mobile}
        values = {name: value for name, value in given.items() if value}
        if number in WITH_SECOND_ADDRESS:
            values["secondaryEmail"] = f"private.{email}".lower()
        if company:
            values["accountId"] = accounts[company]
        portal.modules["contacts"].put(new_contact(portal, values, at), at)
