"""Variables of the environment, each of which may also be given as NAME_FILE, the path of a file with the value."""

from __future__ import annotations

from environ.fileaware_mapping import FileAwareMapping


class CannotBeRead(Exception): ...


class Variables(FileAwareMapping):
    """What an editor adds at the end of a file, a line break, is no part of a token or an address."""

    def __getitem__(self, key: str) -> str:
        path = self.env.get(f"{key}_FILE")
        try:
            value = str(super().__getitem__(key))
        except (OSError, UnicodeDecodeError):
            raise CannotBeRead(f"{key}_FILE names {path!r}, which cannot be read.") from None
        return value.strip() if path else value
