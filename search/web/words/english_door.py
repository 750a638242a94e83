"""What the page says at the door, in English."""

from __future__ import annotations


class EnglishDoor:
    """Signing in and out; a part of `English`."""

    SIGN_IN = "Sign in"
    SIGN_IN_FIRST = "Sign in to search this archive."
    SIGN_OUT = "Sign out"

    def signed_in_as(self, name: str) -> str:
        """Whose session this is."""
        return f"Signed in as {name}"

    def may_not_read(self, name: str) -> str:
        """Says to who is signed in that this is not enough."""
        return f"You are signed in as {name}, who may not read this archive."
