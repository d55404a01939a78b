"""`manage.py load_demo_company`: Acme's people, roles and profiles on a server that is to be tried."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from demo import company


class Command(BaseCommand):
    help = (
        "Load the demo company (its people, roles and profiles) into this server's database, which must be empty or "
        "the demo's own. Its administrators sign in with DEMO_PASSWORD. Running it again changes nothing but that."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        password = company.password()
        try:
            validate_password(password)  # a superuser comes with it, on an address that strangers may reach
            company.load_with(password)
        except ValidationError as weak:
            raise CommandError(f"DEMO_PASSWORD is too easily guessed. {' '.join(weak.messages)}") from None
        except company.NotLoaded as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write("The demo company is there. With DEMO_PASSWORD sign in:")
        for name, (_full_name, role) in company.PASSWORD_HOLDERS.items():
            self.stdout.write(f"  {company.email(name)}  {role}")
        self.stdout.write("Its agents sign in with Zoho, once a connector is chosen in their cards.")
