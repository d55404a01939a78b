"""What the contract needs of a vendor under test: one customer of ours there, and the ways to make it misbehave."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from integrations.types import App, Connection, Grant


@dataclass(frozen=True)
class Consent:
    """What a person's consent brings back: a code, where it is to be redeemed, and with what."""

    location: str
    code: str
    redirect_uri: str
    verifier: str


class Harness(ABC):
    """One customer at a running vendor. `renewals` lists the tokens that the connection had to renew."""

    vendor: Any
    """An `Integration`, with every capability that the contract is about."""
    app: App
    grant: Grant
    connection: Connection
    renewals: list[str]
    card_module: str
    log_module: str
    elsewhere: str
    """Another data centre of the vendor."""
    subject: str
    email: str
    """The person who consented, an agent of the portal."""

    # Access
    @abstractmethod
    def consent(self) -> Consent:
        """A person consents anew."""

    @abstractmethod
    def profile(self) -> dict[str, Any]:
        """The same person signs in: the vendor's profile answer."""

    @abstractmethod
    def with_grant(self, grant: Grant) -> Connection:
        """A connection by that grant, which renews nothing."""

    @abstractmethod
    def without_right_to_log(self) -> Connection:
        """A connection whose consent does not include writing records of the log module."""

    @abstractmethod
    def pass_time(self, seconds: float) -> None:
        """Let time pass at the vendor."""

    @abstractmethod
    def drop_next_token_request(self) -> None:
        """The next request for a token is cut."""

    @abstractmethod
    def throttle_next_token_request(self) -> None:
        """The next request for a token is one too many."""

    # Limits
    @abstractmethod
    def most_at_once(self) -> int:
        """Requests at once that the portal's edition includes."""

    @abstractmethod
    def crowd(self) -> AbstractContextManager[bool]:
        """As many requests run as the vendor takes at once; False when it takes any number."""

    @abstractmethod
    def spend_the_day(self) -> None:
        """The portal's requests of today are used up."""

    # Records
    @abstractmethod
    def card(self, **values: object) -> dict[str, object]:
        """Values of a new customer's card; `phone`, `email`, `name` as given."""

    @abstractmethod
    def log(self, card_id: str) -> dict[str, object]:
        """Values of a record about that customer, with all that the portal requires."""

    @abstractmethod
    def settle_search(self) -> None:
        """Wait until searches show what was written."""

    @abstractmethod
    def settle_lists(self) -> None:
        """Wait as long as lists lag behind a write: at most `vendor.reader.settle_seconds`."""

    @abstractmethod
    def bury(self, number: int) -> None:
        """Others write so many records of the log module."""

    @abstractmethod
    def lose_next_answer(self) -> None:
        """The next write is carried out, and its answer never arrives."""

    @abstractmethod
    def drop_next_write(self) -> None:
        """The next write is cut before anything is done."""

    @abstractmethod
    def drop_next_reading(self) -> None:
        """The next reading is cut."""

    @abstractmethod
    def refuse_next_token(self) -> None:
        """The next request is refused for its token."""

    @abstractmethod
    def remove_card(self, card_id: str) -> None:
        """A person at the vendor trashes or merges the card."""

    @abstractmethod
    def count(self, module: str) -> int:
        """Records of the module at the vendor."""
