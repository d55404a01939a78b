"""The Maker's pages of this room; Django finds them by importing this package."""

from crm.admin import assignments, crms, local_cards, objects, profiles

__all__ = ["assignments", "crms", "local_cards", "objects", "profiles"]
