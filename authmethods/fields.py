from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django.db import models
from django.db.models.expressions import BaseExpression, Combinable
from fernet_fields import EncryptedTextField


class SecretUnreadable(Exception):
    """A stored secret cannot be opened: its key is gone, or it belongs to another row."""


class SealedSecret:
    """An encrypted value as read from the database, opened only for its owner; never shows itself."""

    def __init__(self, envelope: str | None) -> None:
        self._envelope = envelope

    @property
    def is_readable(self) -> bool:
        return self._envelope is not None

    def open(self, owner: str) -> str:
        """The secret, if it was sealed for `owner`. Raises SecretUnreadable."""
        if self._envelope is None:
            raise SecretUnreadable("None of FERNET_KEYS opens this secret; restore its key, or enter it anew.")
        content = json.loads(self._envelope)
        if content["owner"] != owner:
            raise SecretUnreadable("This secret was sealed for another row; enter it anew.")
        return str(content["secret"])

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


def seal(owner: str, secret: str) -> SealedSecret:
    """Bind a secret to the row that owns it, so that a ciphertext copied to another row opens nothing."""
    return SealedSecret(json.dumps({"owner": owner, "secret": secret}))


if TYPE_CHECKING:

    class Encrypted(models.Field[SealedSecret, SealedSecret]):
        fernet: Any
        fernet_keys: list[bytes]

else:
    Encrypted = EncryptedTextField


class SealedField(Encrypted):
    """Refuses expressions: django-fernet-fields-v2 0.9 would store the text of the SQL. What no key opens loads as an
    unreadable SealedSecret.
    """

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, (BaseExpression, Combinable)) or hasattr(value, "as_sql"):
            raise TypeError("A secret is saved on its own row, never through an expression or bulk_update.")
        if isinstance(value, SealedSecret):
            if value._envelope is None:
                raise TypeError("A secret that cannot be read must not be saved again.")
            value = value._envelope
        elif value is not None:
            raise TypeError("A secret is saved sealed: use authmethods.fields.seal().")
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any, *args: Any) -> SealedSecret | None:
        if value is None:
            return None
        try:
            return SealedSecret(self.fernet.decrypt(bytes(value)).decode())
        except InvalidToken:
            return SealedSecret(None)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return ""
