"""Which names and hosts are one outlet: what `outlets.toml` knows, and a user's own file.

A name that is not known is left as it is, but for `www.` and words that only say "on the web".
"""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Self

from search.errors import InputError

SETTING = "NEWS_SEARCH_OUTLETS"
"""The environment variable that names a user's file."""
TABLES = ("outlets", "agencies")

_KNOWN = Path(__file__).with_name("outlets.toml")
_HOST = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})/?", re.IGNORECASE)
_FRONT = re.compile(r"^(?:www|m|mobile|amp)\.")
_SILENT = re.compile(r"['’.!]")
_BETWEEN = re.compile(r"[\W_]+")
_PARTS = re.compile(r"\s*[(\[|–—»>:]\s*|\s+-\s+")
_DOT_COM = re.compile(r"(?<=\w)\.(?:com|org|net)$", re.IGNORECASE)
_ONLINE = frozenset("online web website digital www rss feed feeds homepage".split())
_OF_ANY_OUTLET = _ONLINE | frozenset(
    "news newsroom latest breaking top stories story headlines home page front site official and"
    " the all updates live today video videos channel edition international world us uk usa"
    " europe africa asia americas australia canada india china middle east national local"
    " politics business technology tech science health entertainment arts culture".split()
)
"""What a name may be followed by and still be that outlet; opinion, sport and blogs are others."""


class _Entry(NamedTuple):
    """An outlet as it is shown, and whether it is an agency."""

    name: str
    is_agency: bool


class Outlets:
    """Outlets under all their names."""

    def __init__(self, entries: Mapping[str, _Entry], names: Mapping[str, tuple[str, ...]]) -> None:
        self._entries, self._names = entries, names

    @classmethod
    def of(cls, path: str | Path | None = None) -> Self:
        """What is known by itself, and what the file at `path` says, which comes first.

        Without a path, that of the environment variable NEWS_SEARCH_OUTLETS, if there is one.

        Raises:
            InputError: the file cannot be read, or gives one name to two outlets.
        """
        entries, names = dict[str, _Entry](), dict[str, tuple[str, ...]]()
        own = path or os.environ.get(SETTING)
        for file in (_KNOWN, Path(own)) if own else (_KNOWN,):
            more = _read(file)
            entries |= {key: entry for key, entry, _ in more}
            for _, entry, spelled in more:
                names[entry.name] = (*names.get(entry.name, ()), spelled)
        return cls(entries, names)

    def unified(self, name: str) -> str:
        """The name under which the outlet is shown; the name itself where nothing is known of it.

        Unified again, it stays as it is.
        """
        if known := self._entry(name):
            return known.name
        head, *tail = [part for part in _PARTS.split(name) if part] or [name]
        words = set(_key(" ".join(tail)).split())
        if tail and words <= _OF_ANY_OUTLET and (known := self._entry(head)):
            return known.name
        if tail and words <= _ONLINE | {"news"} and words & _ONLINE:
            return head.strip()
        bare = _FRONT.sub("", name) if _HOST.fullmatch(name) else name
        return bare or name

    def knows(self, name: str) -> bool:
        """Whether it is a name of an outlet or an agency."""
        return self._entry(name) is not None

    def is_agency(self, name: str) -> bool:
        """Whether it is a name of a news agency."""
        known = self._entry(name)
        return known is not None and known.is_agency

    def names_of(self, name: str) -> tuple[str, ...]:
        """Every known name of this outlet, hosts left out."""
        return tuple(
            other for other in self._names.get(self.unified(name), ()) if not _HOST.fullmatch(other)
        )

    def likeness(self, name: str) -> str:
        """Equal for names that look like one outlet's, those too that are not held for one."""
        shown = self.unified(name)
        host = _HOST.fullmatch(shown)
        return (
            _key(host[1].rpartition(".")[0] if host else shown)
            .removeprefix("the ")
            .replace(" ", "")
        )

    def _entry(self, name: str) -> _Entry | None:
        found = next((e for key in _keys(name) if (e := self._entries.get(key))), None)
        # a user's file may give an outlet that is known another name
        return found and self._entries.get(_key(found.name), found)


@lru_cache(8)
def _outlets(path: str | None) -> Outlets:
    return Outlets.of(path)


def default_outlets() -> Outlets:
    """What holds where no file is named: see `Outlets.of`."""
    return _outlets(os.environ.get(SETTING))


def _keys(name: str) -> Iterator[str]:
    """The forms in which a name may be known, the closest first."""
    if host := _HOST.fullmatch(name.strip()):
        yield _FRONT.sub("", host[1].casefold())
        return
    for spelled in (name, _DOT_COM.sub("", name)):
        key = _key(spelled)
        yield from _with_article(key)
        if len(offline := [word for word in key.split() if word not in _ONLINE]) < len(key.split()):
            yield from _with_article(" ".join(offline))


def _with_article(key: str) -> Iterator[str]:
    """Before two words or more, "the" makes no difference: The Times is not any Times."""
    yield key
    bare = key.removeprefix("the ")
    if " " in bare:
        yield bare if bare != key else f"the {key}"


def _key(name: str) -> str:
    """A name without what spellings of it differ in; a host without `www.`."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    return _BETWEEN.sub(" ", _SILENT.sub("", folded)).strip()


def _read(path: Path) -> list[tuple[str, _Entry, str]]:
    """Every name in a file: its key, its outlet, and as it is spelled."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; no file of outlets") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not TOML: {error}") from error
    found: dict[str, tuple[_Entry, str]] = {}
    for table, outlets in tables.items():
        if table not in TABLES or not isinstance(outlets, dict):
            raise InputError(f"{path}: {table!r} is none of the tables {', '.join(TABLES)}")
        for name, others in outlets.items():
            entry = _Entry(name, table == "agencies")
            for spelled in (name, *_texts(path, name, others)):
                key = next(_keys(spelled))
                taken, _ = found.setdefault(key, (entry, spelled))
                if taken.name != name:
                    raise InputError(f"{path}: {spelled!r} is given to {taken.name!r} and {name!r}")
    return [(key, entry, spelled) for key, (entry, spelled) in found.items()]


def _texts(path: Path, name: str, others: object) -> list[str]:
    if isinstance(others, list) and all(isinstance(one, str) and one.strip() for one in others):
        return others
    raise InputError(f'{path}: write "{name}" = ["another name", "its.host"], not {others!r:.80}')
