"""What the page says at the door, in German."""

from __future__ import annotations

from search.web.words.english_door import EnglishDoor


class GermanDoor(EnglishDoor):
    """Signing in and out; a part of `German`."""

    SIGN_IN = "Anmelden"
    SIGN_IN_FIRST = "Wer dieses Archiv durchsuchen will, muss sich anmelden."
    SIGN_OUT = "Abmelden"

    def signed_in_as(self, name: str) -> str:
        """Whose session this is."""
        return f"Angemeldet als {name}"

    def may_not_read(self, name: str) -> str:
        """Says to who is signed in that this is not enough."""
        return f"Angemeldet als {name}. Dieses Konto darf dieses Archiv nicht lesen."
