"""Files of every format, small enough to be read thousands of times, and ways to damage them."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

MAX_SEED_BYTES = 300_000
PIECE_BYTES = 6_000
"""Of larger seeds the beginning and one piece, a different one each time."""

_BY_ENDING = {
    ".txt": "plain text", ".jsonl": "JSON Lines", ".json": "JSON", ".csv": "CSV", ".md": "Markdown",
    ".html": "HTML", ".warc": "WARC", ".arc": "WARC", ".parquet": "Parquet",
}  # fmt: skip
_BY_FOLDER = {
    "ninjs": "ninjs", "newsml-g2": "NewsML-G2", "nitf-in-newsml-g2": "NITF",
    "rss-atom": "RSS, Atom", "rss-atom-illformed": "RSS, Atom", "warc": "WARC",
}  # fmt: skip


def _tokens(text: str) -> list[str]:
    return text.replace("\n", "|").split("|")


_MARKED_UP = r"""<|>|&|&a;|&amp;amp;|&#0;|&#x110000;|&#xD800;|]]>|<![CDATA[|<!--|-->|<!DOCTYPE x [
<!ENTITY a "b">|<!ENTITY % a SYSTEM "file:///etc/passwd">|]>|<?xml version="1.0" encoding="utf-7"?>
<?xml version="1.0" encoding="utf-16"?>|xmlns="x"|<p>|</p>|<br/>|<pre>|<table><tr><td>|<script>
</script>|<svg>|<a href="javascript:x">|<time datetime="06/10/2022">|<div>|</div>|<ul><li>|"|'|="
|"""
_JSON = r"""{|}|[|]|,|:|"|\\|\ud800|\u0000|\udc00\ud800|null|true|-0|1e999|NaN|Infinity|12
"id":|"text":|"title":|"body":|"date":|"url":|"authors":|"uri":|"extras":|"flags":|{"a":|[[[[|"text":"<p>|</p>"|"""
_WORDS = """\x1b[31m|\ufeff|\u202e|\u2066|\u2028|\u00a0|\u00ad|Ã©|â€™|\t|0000-00-00|2022-13-45
06/10/2022|20221006T182300Z|Thu, 06 Oct 2022 99:99:99 ET|Oct 6|1970-01-01T00:00:00Z|9999-12-31
99999999999999999999|-1|http://[|https://a@b:99999/|javascript:alert(1)|=cmd|urn:a|en-|\ud800
 date 2022-10-06 The content originally appeared on: CNN|subscribe to continue|By |a and b, AP"""
_ANY = [*_tokens(_WORDS), "\0", "\r", "\r\n", "\n", "\n\n", "\U0001f600"]
_STORABLE = [token for token in _ANY if token != "\ud800"]
TOKENS = {
    "NewsML-G2": _MARKED_UP
    + """<newsItem>|</newsItem>|<itemSet>|stat:canceled|<inlineXML>|<inlineData>|<contentSet>|<nitf>
<embargoed>2999-01-01T00:00:00Z</embargoed>|<contentMeta>|<language tag=""",
    "NITF": _MARKED_UP + """<nitf>|<body.content>|<hedline>|ed-type="cancel"|<media>|<hl1>""",
    "RSS, Atom": _MARKED_UP
    + """<item>|</item>|<entry>|<content type='xhtml'>|<rss>|<content:encoded>|<pubDate>|<feed>
<dc:date>|<georss:point>1|<media:content>|<summary>|<guid>|<source>|xml:base="http://[""",
    "HTML": _MARKED_UP
    + """<script type="application/ld+json">|"@type":"NewsArticle"|<html>|<h1>
<meta charset="utf-7">|<meta property="og:title" content=|<article>|<blockquote>
"datePublished":|"@graph":[|"articleBody":""",
    "JSON": _JSON,
    "JSON Lines": _JSON + "|}|{",
    "ninjs": _JSON
    + """|"pubstatus":"canceled"|"embargoed":|"bodies":[{"value":|"body_html":"<p>
"associations":{""",
    "CSV": """"|""|,|;|"|,,,,|id,text|=HYPERLINK("a")|"a"b""",
    "Markdown": """---|+++|- |: |!!python/object:os.system |&a |*a|<<: *a|[|{|# |```|> |![](|](
<div>|date: 2022-13-45|title: [|title: |[[a]]|a = 1979-05-27T07:32:00Z|- [ ] |---- """,
    "WARC": """WARC/1.0\r|Content-Length: 9999999\r|Content-Length: -1\r|\r\r|HTTP/1.1 200|0\r
ffffffff\r|Transfer-Encoding: chunked\r|Content-Encoding: gzip\r|Content-Encoding: br\r
WARC-Type: response\r|WARC-Type: revisit\r|Content-Type: text/html; charset=x\r
Content-Type: text/html\r""",
}  # fmt: skip
_DICTIONARIES = {name: _tokens(text) for name, text in TOKENS.items()}
_BYTES = [b"\0", b"\xff", b"\xff\xfe", b"\xfe\xff", b"\xed\xa0\x80", b"\x80", b"\x7f\xff\xff\xff"]
_BYTES += [
    b"\xff" * 8,
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x01\x02",
    b"\x1f\x8b\x08",
    b"BZh9",
    b"PAR1",
    b"ustar",
]
_NAMES = [
    "../out.txt",
    "/etc/out.txt",
    "C:\\out.txt",
    "a\\..\\..\\b",
    ".hidden",
    "x" * 300,
    "a/b.jsonl",
]
_NAMES += ["\x1b[2J.txt", "e\u0301.csv", "README", "a.zip", "", ".", "con", "a\nb", "\u202egnp.txt"]
_KINDS = [tarfile.REGTYPE] * 6 + [
    tarfile.SYMTYPE,
    tarfile.LNKTYPE,
    tarfile.CHRTYPE,
    tarfile.FIFOTYPE,
]


class Seed(NamedTuple):
    """The content of a file that can be read, and the ending of its name."""

    content: bytes
    ending: str


Seeds = dict[str, list[Seed]]


def seeds_in(folders: list[Path]) -> Seeds:
    """The seeds by format, those of containers made of the others."""
    seeds: Seeds = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.is_file() and path.stat().st_size <= MAX_SEED_BYTES and path.stem != "README":
            name, content = _format(path), path.read_bytes()
            if name and path.name != "ground-truth.json":
                content = gzip.decompress(content) if path.suffix == ".gz" else content
                seeds.setdefault(name, []).extend(_parts(name, content, path.suffix))
    return seeds


def _format(path: Path) -> str | None:
    if path.name.endswith((".tar.gz", ".zip", ".bad")):
        return None
    for ending, name in (
        ("newsml.xml", "NewsML-G2"),
        ("nitf.xml", "NITF"),
        ("rss.xml", "RSS, Atom"),
    ):
        if path.name.endswith(ending):
            return name
    if path.name.endswith("ninjs.json"):
        return "ninjs"
    return _BY_FOLDER.get(path.parent.name) or _BY_ENDING.get(path.suffix)


def _parts(name: str, content: bytes, ending: str) -> Iterator[Seed]:
    """Long lists of articles in short ones: what is wrong with one record shows in two."""
    if name == "JSON Lines":
        lines = content.splitlines(keepends=True)
        for at in range(0, len(lines), 2):
            yield Seed(b"".join(lines[at : at + 2]), ending)
    elif name == "CSV":
        columns, *rows = csv.reader(content.decode().splitlines(keepends=True))
        for at in range(0, len(rows), 2):
            out = io.StringIO()
            csv.writer(out).writerows([columns, *rows[at : at + 2]])
            yield Seed(out.getvalue().encode(), ending)
    elif name == "JSON" and isinstance(articles := json.loads(content), list):
        for at in range(0, len(articles), 2):
            yield Seed(json.dumps(articles[at : at + 2]).encode(), ending)
    else:
        yield Seed(content, ".warc" if name == "WARC" else ending)


class Mutator:
    """One file after the other, each told by its number alone."""

    def __init__(self, seeds: Seeds) -> None:
        self._seeds = seeds
        self._containers: dict[str, Callable[[random.Random], bytes]] = {
            "gzip, bzip2, xz": self._packed,
            "ZIP": self._zip,
            "tar": self._tar,
            "Parquet": self._table,
        }
        self.formats = sorted({*seeds, *self._containers})

    def mutated(self, number: int) -> tuple[str, str, bytes]:
        """Format, ending and content of the file of a number; formats take turns."""
        chance = random.Random(number)
        name = self.formats[number % len(self.formats)]
        if make := self._containers.get(name):
            content, ending = make(chance), ""
            if chance.random() < 0.5:
                content = _damaged(content, chance, name, [content])
        else:
            content, ending = self._one(name, chance)
        return name, "" if chance.random() < 0.2 else ending, content

    def _one(
        self, name: str, chance: random.Random, *, is_damaged: bool = True
    ) -> tuple[bytes, str]:
        content, ending = chance.choice(self._seeds[name])
        if len(content) > 3 * PIECE_BYTES:
            at = chance.randrange(PIECE_BYTES, len(content) - PIECE_BYTES)
            content = content[:PIECE_BYTES] + content[at : at + PIECE_BYTES]
        if is_damaged:
            others = [seed.content for seed in chance.choices(self._seeds[name], k=2)]
            content = _damaged(content, chance, name, others)
        if chance.random() < 0.03:
            return content.decode("utf-8", "replace").encode(
                chance.choice(["utf-16", "utf-8-sig", "utf-32"])
            ), ending
        return content, ending

    def _any(self, chance: random.Random) -> tuple[bytes, str]:
        content, ending = self._one(
            chance.choice(sorted(self._seeds)), chance, is_damaged=chance.random() < 0.5
        )
        return content, ending

    def _packed(self, chance: random.Random) -> bytes:
        content = self._any(chance)[0]
        packed = chance.choice([gzip.compress, bz2.compress, lzma.compress])(content)
        return packed * 2 if chance.random() < 0.1 else packed

    def _zip(self, chance: random.Random) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(
            out, "w", chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
        ) as archive:
            for name, content in self._members(chance):
                info = zipfile.ZipInfo(name or "empty")
                info.compress_type = archive.compression
                info.external_attr = chance.choice([0, 0, 0o100644 << 16, 0o120777 << 16])
                archive.writestr(info, content)
        return out.getvalue()

    def _tar(self, chance: random.Random) -> bytes:
        out = io.BytesIO()
        mode = chance.choice(["w", "w", "w:gz", "w:xz"])
        with tarfile.open(fileobj=out, mode=mode, format=chance.choice([0, 1, 2])) as archive:  # type: ignore[call-overload]
            for name, content in self._members(chance):
                info = tarfile.TarInfo(name.replace("\n", "_"))
                info.type, info.size, info.linkname = chance.choice(_KINDS), len(content), "../out"
                try:
                    archive.addfile(info, io.BytesIO(content))
                except ValueError:  # a name too long for this kind of tar
                    continue
        return out.getvalue()

    def _members(self, chance: random.Random) -> Iterator[tuple[str, bytes]]:
        for count in range(chance.randint(1, 3)):
            content, ending = self._any(chance)
            name = chance.choice(_NAMES) if chance.random() < 0.3 else f"{count}{ending}"
            yield name if count == 0 else f"{count}/{name}", content

    def _table(self, chance: random.Random) -> bytes:
        import pyarrow as pa
        from pyarrow import parquet

        rows = chance.randint(1, 4)
        values: list[Callable[[], object]] = [
            lambda: chance.choice(_STORABLE),
            lambda: [chance.choice(_STORABLE)],
            lambda: {"name": chance.choice(_STORABLE)},
            lambda: chance.choice(_BYTES),
            lambda: chance.randint(-(2**63), 2**63 - 1),
            lambda: chance.random() < 0.5,
            lambda: float("nan"),
            chance.random,
            lambda: None,
        ]
        columns: dict[str, list[object]] = {"text": [self._text(chance) for _ in range(rows)]}
        for name in chance.sample(
            ["id", "title", "published", "url", "authors", "source", "x", "language"], 4
        ):
            value = chance.choice(values)
            columns[name] = [value() for _ in range(rows)]
        if chance.random() < 0.2:
            unit = chance.choice(["s", "ms", "us", "ns"])
            big = [chance.randint(-(2**50), 2**50) for _ in range(rows)]
            columns["published"] = pa.array(big, pa.timestamp(unit))
        out = io.BytesIO()
        codec = chance.choice(["none", "snappy", "gzip", "zstd"])
        parquet.write_table(
            pa.table(columns),
            out,
            compression=codec,
            version="2.6",
        )
        return out.getvalue()

    def _text(self, chance: random.Random) -> str:
        content = _damaged(
            chance.choice(self._seeds["plain text"]).content, chance, "plain text", []
        )
        return content.decode("utf-8", "replace")


def _damaged(content: bytes, chance: random.Random, name: str, others: list[bytes]) -> bytes:
    """The content after one to eight changes, few more often than many."""
    data = bytearray(content)
    for _ in range(min(chance.choices(range(1, 9), [9, 7, 5, 4, 3, 2, 1, 1])[0], 8)):
        kind = chance.choices(
            ["flip", "token", "drop", "double", "splice", "cut", "swap", "repeat"],
            [5, 6, 4, 3, 3, 1, 2, 0.3],
        )[0]
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + int(chance.paretovariate(0.7)))
        if kind == "flip" and at < len(data):
            data[at] = chance.choice([data[at] ^ (1 << chance.randrange(8)), chance.randrange(256)])
        elif kind == "token":
            data[at : chance.choice([at, end])] = _token(chance, name)
        elif kind == "drop":
            del data[at:end]
        elif kind == "double":
            data[at:at] = data[at:end] * chance.choice([1, 2, 8])
        elif kind == "splice" and others:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            data[at : chance.choice([at, end])] = other[start : start + chance.randrange(2_000)]
        elif kind == "cut":
            del data[at:]
        elif kind == "swap":
            data[at:end], data[:1] = data[:1], data[at:end]
        elif kind == "repeat":
            data[at:at] = _token(chance, name) * chance.choice([50, 500, 3_000])
        del data[400_000:]
    return bytes(data)


def _token(chance: random.Random, name: str) -> bytes:
    if chance.random() < 0.3:
        return chance.choice(_BYTES)
    token = chance.choice([*_DICTIONARIES.get(name, []), *_ANY])
    if name == "WARC":
        token = token.replace("\r", "\r\n")
    return token.encode("utf-8", "surrogatepass")
