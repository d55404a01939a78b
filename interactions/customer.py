from __future__ import annotations

from crm import identity
from integrations.types import Search
from interactions.models import Interaction


def search_for(interaction: Interaction) -> Search:
    """By number and e-mail. Not by name: two people called the same are two people."""
    number = interaction.customer_phone
    return Search(phone=identity.international(number) or number, email=interaction.customer_email)
