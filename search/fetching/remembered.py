"""What servers called the answers that were read, kept beside the index between runs."""

from __future__ import annotations

import json
from pathlib import Path

from search.fetching.answer import Seen

FILE = "fetched.json"


class Remembered:
    """By address; a file that cannot be read is as good as none, since all it saves is sending."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._seen = self._read()

    def seen(self, url: str) -> Seen | None:
        """What was read from there last, if the server gave it a name or a date."""
        return self._seen.get(url)

    def note(self, seen: dict[str, Seen]) -> None:
        """Remember what was read and committed.

        Raises:
            OSError: the file cannot be written.
        """
        if not seen:
            return
        self._seen = {**self._read(), **seen}
        kept = {url: one._asdict() for url, one in self._seen.items() if one[1:] != (None, None)}
        unfinished = self._path.with_name(f"{FILE}.unfinished")
        unfinished.write_text(json.dumps(kept, indent=1) + "\n", encoding="ascii")
        unfinished.replace(self._path)

    def _read(self) -> dict[str, Seen]:
        try:
            kept = json.loads(self._path.read_text(encoding="ascii"))
            return {url: _seen_of(**one) for url, one in kept.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def _seen_of(**values: object) -> Seen:
    """What was written; it comes from a file that anybody may have edited."""
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    if not all(text.isprintable() and text.isascii() for text in texts.values()):
        raise ValueError("no header can hold this")
    return Seen(**texts)
