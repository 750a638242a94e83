"""Makes the samples that no editor writes: Parquet, a web archive, ZIP and tar.

    python tests/make_packed_samples.py

Every article is fiction. The bytes are the same each time, but for the Parquet file, which names
the version of its library.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

FORMATS = Path(__file__).parents[1] / "samples" / "formats"
NOON = (2026, 9, 30, 12, 0, 0)

ROWS: list[dict[str, object]] = [
    {
        "title": "Rope maker Hallin finds a second life in footbridges",
        "content": (
            "For two centuries Hallin & Daughters of Port Ansel made rope for ships, and "
            "for a decade it made almost none. This year its order book is full again, "
            "and not one customer has a boat.\n\n"
            "The rope now holds up bridges. A walkway for people and bicycles weighs "
            "little enough to hang from plaited flax and steel, which can be carried in "
            "on a cart and tensioned by hand. Eleven councils in the Ambry valley lost a "
            "crossing in February; seven have bought one, at 340,000 crowns apiece, a "
            "quarter of the price of concrete.\n\n"
            "Greta Hallin, who runs the walk, has taken on nine apprentices and had the "
            "roof raised. Sales will reach 6m crowns, she expects, up from 1.1m. The one "
            "thing she cannot buy is length: the longest bridge she can lay is the length"
            " of the shed."
        ),
        "author": "Ferdinand Loake",
        "date": "2026-03-12",
        "source": "Ledger & Exchange",
        "url": "https://ledger-exchange.example/companies/2026/03/12/hallin-rope-bridges",
        "section": "business",
        "fiction": True,
    },
    {
        "title": "Salt pans change hands for the price of a flat",
        "content": (
            "The salt pans of Isla Garza, worked since the fourteenth century, were sold "
            "at auction in Almadía on Monday for 212,000 crowns, less than a two-room "
            "flat within sight of them.\n\n"
            "The buyer is a cooperative of 26 islanders who used to rake them for wages. "
            "They outbid a hotel group by 2,000 crowns, raised, according to their "
            "treasurer, in the café opposite during the pause. The pans yield some 300 "
            "tonnes in a dry summer and nothing in a wet one.\n\n"
            "Table salt fetches almost nothing. The cooperative plans to sell the crust "
            "that forms on windless evenings, by the spoonful, to restaurants that do not"
            " ask what it costs."
        ),
        "author": "",
        "date": "2026-08-04",
        "source": "Ledger & Exchange",
        "url": "https://ledger-exchange.example/news/2026/08/04/isla-garza-salt",
        "section": "business",
        "fiction": True,
    },
]
LETTERS = {
    "letters/fiction-letter-umbrella.txt": (
        " date 2026-03-08 The content originally appeared on: The Meridian Post\n\n"
        "Sir, Your correspondent complains that nobody in the capital gives up a seat any"
        " more. On Tuesday, on the number 12, I was offered four. I am 43 and had merely "
        "sat down on the stairs to tie a lace.\n\n"
        "I accepted the nearest, which belonged to a boy with a cello. He stood for nine "
        "stops holding it by the neck like a drunken uncle, and when he got off he "
        "thanked me. I have been wondering what for, and whether I am now old. Yours "
        "faithfully, Ottoline Prewett, Halmere."
    ),
    "letters/fiction-letter-cheese.txt": (
        " date 2026-07-15 The content originally appeared on: The Meridian Post\n\n"
        "Sir, May I correct the obituary of Sir Lorcan Teale? He did not lose the "
        "Fisheries portfolio over a speech. He lost it because of a cheese, which he had "
        "left in the minister’s car in June and denied.\n\n"
        "I was the driver. The windows of that model do not open. I was asked at the time"
        " to say nothing and was given a watch; it stopped last week, and I consider the "
        "matter closed on both sides. Yours faithfully, D. Quill (retired), Corriden."
    ),
}
CARTA = {
    "id": "da-20260527-farola",
    "title": "La farola que se enciende cuando quiere",
    "text": (
        "En la calle del Almirez hay una farola que lleva ocho meses decidiendo por su "
        "cuenta. Se apaga cuando pasa el alcalde, se enciende para los gatos y parpadea, "
        "según varios testigos, si alguien dice una mentira debajo.\n\n"
        "El Ayuntamiento ha enviado a tres electricistas. El primero cambió la bombilla; "
        "el segundo, el cable; el tercero, Evaristo Lomas, se quedó un rato mirándola y "
        "pidió el traslado. «Funciona perfectamente», escribió en el parte, «el problema "
        "son los demás».\n\n"
        "Los vecinos se oponen a que la retiren. Desde que corre la historia hay quien "
        "baja a pedir matrimonio, y el bar de la esquina ha puesto dos mesas más."
    ),
    "source": "Diario de Almadía",
    "author": "Inés Valdovinos",
    "published": "2026-05-27T08:00:00+02:00",
    "url": "https://www.diario-almadia.example/2026/05/27/farola-calle-almirez",
    "section": "culture",
    "language": "es",
    "fiction": True,
}


def main() -> None:
    """Write all of them."""
    for name, content in packed().items():
        (FORMATS / name).write_bytes(content)


def packed() -> dict[str, bytes]:
    """Their contents by name."""
    page = (FORMATS / "fiction-night-bus.html").read_bytes()
    letters = {name: text.encode() for name, text in LETTERS.items()}
    line = json.dumps(CARTA, ensure_ascii=False).encode() + b"\n"
    return {
        "fiction-exchange.parquet": parquet_of(ROWS),
        "fiction-night-bus.warc.gz": warc_of(page),
        "fiction-letters.zip": zip_of(letters),
        "fiction-farola.tar.gz": tar_of({"fiction-farola.jsonl": line}),
    }


def parquet_of(rows: list[dict[str, object]]) -> bytes:
    """One row group, as small as it gets."""
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), out, compression="zstd")
    return out.getvalue()


def warc_of(page: bytes) -> bytes:
    """The page as a crawler received it: chunked, and after a request for it."""
    url = "https://www.meridian-post.example/2026/05/19/night-bus-fennick"
    half = len(page) // 2
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (page[:half], page[half:]))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    response = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    request = (
        b"GET /2026/05/19/night-bus-fennick HTTP/1.1\r\nHost: www.meridian-post.example\r\n\r\n"
    )
    records = [
        _record("warcinfo", None, b"description: fiction; the page was never on any server\r\n"),
        _record("request", url, request),
        _record("response", url, response),
    ]
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def _record(kind: str, url: str | None, content: bytes) -> bytes:
    mime = "application/warc-fields" if url is None else f"application/http; msgtype={kind}"
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        *([f"WARC-Target-URI: {url}"] if url else []),
        "WARC-Date: 2026-05-20T04:00:00Z",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{len(kind):012}>",
        f"Content-Type: {mime}",
        f"Content-Length: {len(content)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n\r\n"


def zip_of(files: dict[str, bytes]) -> bytes:
    """Deflated, all of one noon."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, NOON)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def tar_of(files: dict[str, bytes]) -> bytes:
    """Gzipped."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return gzip.compress(out.getvalue(), mtime=0)


if __name__ == "__main__":
    main()
