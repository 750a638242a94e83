"""One part of a byline: a person, an outlet, or what a person does."""

from __future__ import annotations

import re
from typing import NamedTuple

from search.outlet_names import Outlets

_AROUND = ' ,;|·•/"“”-–—'
_ADDRESS = re.compile(
    r"[<(\[]?(?:(?<![\w.+-])[\w.+-]++@[\w.-]++|(?<!\w)@\w++)[>)\]]?"
    r"|^\S+\s[\w-]+\.(?:com|org|net|co\.uk)$",  # what some extractors leave of an address
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"_|://|^www\.|^edit(?:ed|ing) by\b|^(?:and|by)$|^team\s|^guest post$"
    r"|\s(?:about|at|in|of|on|since)$"  # what is left of a sentence: "author of", "follow Jane on"
    r"|^in (?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:dr|prof|professor|mr|mrs|ms|sir|dame|sen|senator|rep|gov|rev)\b\.?\s+(?=\S+\s+\S)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:analysis|opinion|commentary|story|text|photos?|illustrations?|graphics?|video)"
    r"(?:\s+by)?:?\s+(?=\S+\s+\S)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\s+in\s+[^\W\d_a-z][^,;]*$")
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]$")
_FOR = re.compile(r"(?:^special to|\s(?:for|of|from|at))\s+(.+)$", re.IGNORECASE)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|co\.uk|de|fr|tv|news)", re.IGNORECASE)

_ROLES = frozenset(
    "editor editors editor-at-large reporter reporters correspondent correspondents writer writers"
    " producer producers contributor contributors columnist columnists commentator analyst anchor"
    " journalist journalists photographer spokesman spokeswoman chairman director redakteur"
    " redakteurin korrespondent korrespondentin reporterin journaliste rédacteur rédactrice"
    " redactor redactora corresponsal redattore admin administrator webmaster anonymous"
    " columnista critic critics intern interns fellow author authors".split()
)
_BEFORE_ROLES = frozenset(
    "senior chief political politics white house staff special national foreign business world news"
    " deputy associate assistant managing executive contributing general assignment breaking auto"
    " technology science health education legal justice investigative economics diplomatic sports"
    " security home affairs environment video digital congressional freelance europe africa asia"
    " middle east north south america american polling department state medical media religion"
    " climate energy royal city arts culture former guest the our a by desk bureau critic".split()
)
_NOT_A_NAME = frozenset("at covering for in of on to".split())
_HOUSES = frozenset("agency agencies media network newswire inc ltd gmbh database".split())
_PAPERS = frozenset("news times tribune gazette chronicle herald".split())
"""Last words of outlets that nobody has as a surname; Post and Globe are left out."""
_STAFF = _HOUSES | frozenset(
    "staff wire wires bureau newsroom desk team service services redaktion redacción rédaction"
    " redazione board".split()
)


class Part(NamedTuple):
    """A name or none, and outlets; `is_trimmed`: something besides was cut."""

    name: str | None = None
    credits: tuple[str, ...] = ()
    is_trimmed: bool = False


def read_part(text: str, known: Outlets, own: frozenset[str] = frozenset()) -> Part:
    """Who one part of a byline names; `own` are folded names of the article's outlet."""
    return _Reading(known, own).part(text)


class _Reading:
    """Takes off what is no name, step by step, and keeps the outlets met."""

    def __init__(self, known: Outlets, own: frozenset[str]) -> None:
        self._known, self._own = known, own
        self._credits: list[str] = []

    def part(self, text: str) -> Part:
        name = self._name(text.strip(_AROUND))
        is_trimmed = name != text.strip(_AROUND) and not (name is None and self._credits)
        return Part(name or None, tuple(self._credits), is_trimmed)

    def _name(self, text: str) -> str | None:
        text = _ADDRESS.sub("", text).strip(_AROUND)
        text = self._without_carrier(text)
        if not text or _NO_NAME.search(text) or self._takes_any_outlet(text):
            return None
        text = self._without_outlet(_TITLE.sub("", _LABEL.sub("", text)))
        return text and self._without_role(_PLACE.sub("", text))

    def _takes_outlet(self, text: str) -> bool:
        """Whether the text names an outlet; it is credited then."""
        is_own = text.casefold() in self._own
        if is_own or self._known.knows(text):
            self._credits.append(self._known.unified(text))
            return True
        return False

    def _without_carrier(self, text: str) -> str:
        """`Jane Doe/AP` without what stands beside the stroke, where one side is an outlet."""
        sides = text.split("/")
        if len(sides) == 1 or not any(map(self._known.knows, sides)):
            return text
        return "/".join(side for side in sides if not self._takes_outlet(side))

    def _without_outlet(self, text: str) -> str:
        """`Jane Doe for CNN`, `Jane Doe (AP)`, `Jane Doe BBC News` without the outlet."""
        if (behind := _IN_BRACKETS.search(text)) and (
            self._takes_outlet(behind[1]) or self._without_role(behind[1]) is None
        ):
            return self._without_outlet(text[: behind.start()])
        if (behind := _FOR.search(text)) and self._takes_any_outlet(behind[1]):
            return text[: behind.start()]
        words = text.split()
        for count in (3, 2, 1):
            last = " ".join(words[-count:])
            if len(words) >= count + 2 and self._is_plainly_outlet(last):
                self._takes_outlet(last)
                return " ".join(words[:-count])
        return text

    def _takes_any_outlet(self, text: str) -> bool:
        """Whether it is one, known or by its address."""
        text = text.removeprefix("the ").removeprefix("The ")
        if self._takes_outlet(text):
            return True
        if is_host := _HOST.fullmatch(text) is not None:
            self._credits.append(text)
        return is_host

    def _is_plainly_outlet(self, text: str) -> bool:
        """Not where it is a word besides, as Time and Reason are."""
        return self._known.knows(text) and (" " in text or self._known.unified(text).isupper())

    def _without_role(self, text: str) -> str | None:
        words = text.split()
        folded = [word.casefold().strip(".,:") for word in words]
        if len(words) in (2, 3) and folded[-1] in _PAPERS:
            self._credits.append(text)
            return None
        at = [place for place, word in enumerate(folded) if word in _ROLES]
        if at:
            before, after = words[: at[0]], words[at[-1] + 1 :]
            if len(after) >= 2 and folded[at[-1] + 1] not in _NOT_A_NAME:
                self._rest_of_role(before)
                return " ".join(after)
            return self._rest_of_role(before)
        if folded and (folded[-1] in _STAFF or folded[-1].endswith("-redaktion")):
            rest = [w for w, low in zip(words, folded, strict=True) if low not in _STAFF]
            is_house = folded[-1] in _HOUSES
            if not is_house and all(word.casefold() in _BEFORE_ROLES for word in rest):
                return None  # nobody in particular
            if not self._takes_outlet(" ".join(rest)):
                self._credits.append(text)
            return None
        return text

    def _rest_of_role(self, words: list[str]) -> str | None:
        """The name before a role; an outlet there is credited."""
        while words and words[-1].casefold() in _BEFORE_ROLES:
            words = words[:-1]
        text = " ".join(words)
        if not text or self._takes_outlet(text):
            return None
        text = self._without_outlet(text)
        return text if len(words) > 1 else None
