"""Markdown: front matter says what the article is, the text follows, read as plain paragraphs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from search.ingest.extras import MAX_DEPTH
from search.ingest.fields import Names
from search.ingest.files import FRONT_MATTER, MARKDOWN, File
from search.ingest.markdown_text import plain
from search.ingest.record import Record, Rejected, Skip

MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_FRONT_MATTER_CHARS = 32 * 1024

_KEY = re.compile(
    rb"(?:---|\+\+\+)[ \t]*\r?\n(?:#.*\n|[ \t]*\r?\n)*"
    rb"[\"']?[A-Za-z_][\w -]{0,100}[\"']?[ \t]{0,10}[:=].*\n"
    rb"(?:.*\n)*?(?:---|\.\.\.|\+\+\+)[ \t]*\r?$",
    re.MULTILINE,
)
_END = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.M),
}
_BRACKET = re.compile(r"[\[\]{}]")
_HEADING = re.compile(r"#[ \t]+([^\n]{1,1000})(?:\n|\Z)|([^\n]{1,1000})\n=+[ \t]*(?:\n|\Z)")


def claims(file: File, names: Names) -> bool:
    """Whether it begins with front matter, or its name ends as Markdown's does."""
    return file.suffix in MARKDOWN or bool(_KEY.match(file.head[:MAX_FRONT_MATTER_CHARS]))


def read(file: File, names: Names) -> Iterator[Record | Skip]:
    """The one article, unless its front matter calls it a draft."""
    with file.open() as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    flags: tuple[str, ...] = ("truncated",) if len(data) > MAX_FILE_BYTES else ()
    text, is_guessed = file.decoder.decode(data[:MAX_FILE_BYTES])
    flags += ("encoding_guessed",) * is_guessed
    about, text = _front_matter(text.replace("\r\n", "\n"))
    if about.get("draft") is True or about.get("published") is False:
        yield Skip("a draft, says its front matter")
        return
    if about.get("published") is True:
        del about["published"]
    if "title" not in names.recognised(about):
        about["title"], text = _heading(text)
    yield names.record({**about, _text_key(names): plain(text)}, raw=data, flags=flags)


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """What stands between the first two lines of `---` or `+++`, and what follows."""
    fence = text[:3]
    first, _, rest = text.partition("\n")
    if fence.encode("utf-8", "replace") not in FRONT_MATTER or first.strip() != fence:
        return {}, text
    end = _END[fence].search(rest)
    if end is None:
        return {}, text
    written = rest[: end.start()]
    if len(written) > MAX_FRONT_MATTER_CHARS:
        raise Rejected("bad_front_matter", f"over {MAX_FRONT_MATTER_CHARS >> 10} kB long")
    about = _toml(written) if fence == "+++" else _yaml(written)
    if about is None:
        return {}, rest[end.end() :]
    if not isinstance(about, dict):
        raise Rejected("bad_front_matter", "no names with values")
    return {str(key): value for key, value in about.items()}, rest[end.end() :]


def _toml(text: str) -> Any:  # noqa: ANN401  any value
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise Rejected("bad_front_matter", f"not TOML: {error}"[:200]) from error


def _yaml(text: str) -> Any:  # noqa: ANN401  any value
    """A YAML document without aliases, which multiply; dates stay as they are written."""
    import yaml

    if _depth(text) > MAX_DEPTH:  # the parser takes long over them
        raise Rejected("bad_front_matter", f"nested more than {MAX_DEPTH} levels deep")
    try:
        loader = yaml.SafeLoader(text)
        loader.yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
            for first, resolvers in loader.yaml_implicit_resolvers.items()
        }
        node = loader.get_single_node()
        if "*" in text and _repeats(node):
            raise Rejected("bad_front_matter", "it uses aliases")
        return loader.construct_document(node) if node else None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        problem = " ".join(str(error).split())
        raise Rejected("bad_front_matter", f"not YAML: {problem}"[:200]) from error


def _depth(text: str) -> int:
    """How deep brackets stand in each other, at most; those in quotes count too."""
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _repeats(node: Any) -> bool:  # noqa: ANN401  untyped library
    """Whether a node stands in more than one place: that is what an alias makes."""
    seen: set[int] = set()
    todo = [node]
    while todo:
        one = todo.pop()
        if id(one) in seen:
            return True
        seen.add(id(one))
        value = getattr(one, "value", None)
        if isinstance(value, list):
            todo += [
                part for pair in value for part in (pair if isinstance(pair, tuple) else [pair])
            ]
    return False


def _heading(text: str) -> tuple[str | None, str]:
    """A heading at the start is the title."""
    text = text.lstrip()
    found = _HEADING.match(text)
    if found is None:
        return None, text
    return plain(found[1] or found[2]).rstrip("# ") or None, text[found.end() :]


def _text_key(names: Names) -> str:
    """A name that is taken for the text whatever else the front matter has."""
    return next((key for key in ("text", "body") if names.recognised([key]) == {"text"}), "text")
