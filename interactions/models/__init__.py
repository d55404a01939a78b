from interactions.models.api_keys import ApiKey
from interactions.models.delivery import (
    Attempt,
    Delivery,
    DeliveryRows,
    DeliveryState,
    StateIsNotYours,
)
from interactions.models.installation import Installation
from interactions.models.interaction import CardChoice, Channel, DeletedInteraction, Interaction, OpenForm

__all__ = [
    "ApiKey",
    "Attempt",
    "CardChoice",
    "Channel",
    "DeletedInteraction",
    "Delivery",
    "DeliveryRows",
    "DeliveryState",
    "Installation",
    "Interaction",
    "OpenForm",
    "StateIsNotYours",
]
