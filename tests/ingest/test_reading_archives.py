"""ZIP and tar: members read where they lie, nothing extracted, nothing trusted."""

import bz2
import gzip
import io
import json
import lzma
import os
import stat
import tarfile
import zipfile

import pytest

from search import NewsIndex
from search.types import Article, Reject
from tests.ingest.wire_items import TEXT, message, news_item
from tests.words import WordEncoder

LINES = "".join(json.dumps({"id": str(i), "text": f"{TEXT} {i}"}) + "\n" for i in range(3))
FILES = {
    "a/articles.jsonl": LINES,
    "a/page.txt": "Rain fell.",
    "wire.xml": message(news_item(guid="urn:1")),
    "README.md": "# About",
    "notes.md": "no front matter",
    "post.md": "---\ntitle: Rain\n---\nIt rained.",
    ".hidden": "x",
    "__MACOSX/._page.txt": "x",
    "photo.jpg": b"\xff\xd8\xff" * 50,
}
READ = ["0", "1", "2", "Rain fell.", "urn:1", "It rained."]


def in_bytes(files):
    return [(n, c.encode() if isinstance(c, str) else c) for n, c in files.items()]


def zipped(files, compression=zipfile.ZIP_DEFLATED, stream=None):
    out = stream or io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in in_bytes(files):
            archive.writestr(name, content)
    return out.getvalue()


def tarred(files, mode="w", layout=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=layout) as archive:
        for name, content in in_bytes(files):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def tar_of(*infos):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(b"x" * info.size))
    return out.getvalue()


def summary(items):
    return [
        (item.member, item.code)
        if isinstance(item, Reject)
        else item.id
        if len(item.id) < 32
        else item.text
        for item in items
    ]


class Unseekable(io.BytesIO):
    """Written to like a pipe: sizes follow the members."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise OSError

    def tell(self):
        raise OSError


PACKED = {
    "zip": zipped(FILES),
    "stored zip": zipped(FILES, zipfile.ZIP_STORED),
    "piped zip": zipped(FILES, stream=Unseekable()),
    "tar": tarred(FILES),
    "gnu tar": tarred(FILES, layout=tarfile.GNU_FORMAT),
    "ustar": tarred(FILES, layout=tarfile.USTAR_FORMAT),
    "tar.gz": tarred(FILES, "w:gz"),
    "tar.bz2": tarred(FILES, "w:bz2"),
    "tar.xz": tarred(FILES, "w:xz"),
    "zip.gz": gzip.compress(zipped(FILES)),
}


@pytest.mark.parametrize("kind", PACKED)
def test_members_are_read_in_order_as_files_are(reading_of, kind):
    reading = reading_of(PACKED[kind])
    items = list(reading)
    assert summary(items) == [*READ, ("photo.jpg", "unknown_format")]
    assert [line.rpartition("articles: ")[2] for line in reading.skipped] == [
        "a member that is about the folder",
        "a member that is Markdown without front matter",
        "2 times a member that is hidden",
    ]


@pytest.mark.parametrize("kind", PACKED)
def test_an_archive_adds_like_the_files_in_it(tmp_path, kind):
    (tmp_path / "archive").write_bytes(PACKED[kind])
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        report = index.add(tmp_path / "archive")
        assert (report.added, report.rejected) == (len(READ), 1)
        assert index.add(tmp_path / "archive").unchanged == len(READ)


def test_rejects_name_the_member_and_the_line(read_as):
    inner = zipped({"b.jsonl": "{broken\n"})
    for content in (zipped({"a/in.zip": inner}), tarred({"a/in.zip": inner})):
        [reject] = read_as(content, "x.zip")
        assert (reject.member, reject.line, reject.code) == ("a/in.zip, b.jsonl", 1, "bad_json")
        assert "x.zip!a/in.zip, b.jsonl:1: bad_json" in str(reject)


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gz", "bz2", "xz"]
)
def test_single_files_may_be_packed_in_any_way(read_as, pack):
    assert summary(read_as(pack(LINES.encode()), "a.jsonl.packed")) == ["0", "1", "2"]
    twice = pack(LINES.encode()) + pack(b'{"id": "3", "text": "More."}\n')
    assert summary(read_as(twice)) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress], ids=["bz2", "xz"])
def test_damaged_bzip2_and_xz_yield_what_decodes(read_as, pack):
    lines = [
        json.dumps({"id": str(i), "text": os.urandom(300).hex(), "language": "en"})
        for i in range(3_000)
    ]
    packed = pack("\n".join(lines).encode())
    for broken in (packed[: len(packed) // 2], packed[:-9]):
        *articles, reject = read_as(broken, "a.jsonl")
        assert [one.id for one in articles[:100]] == [str(i) for i in range(len(articles[:100]))]
        assert reject.code == "truncated_archive"


def test_names_long_and_odd_are_shown(read_as):
    name = "é" * 90 + "/" + "b" * 150 + "/\n.jsonl"
    shown = name.replace("\n", "\\n")
    for content in (
        zipped({name: "{broken"}),
        tarred({name: "{broken"}),
        tarred({name: "{broken"}, layout=tarfile.GNU_FORMAT),
    ):
        assert summary(read_as(content)) == [(shown, "bad_json")]


# What does not belong in an archive


@pytest.mark.parametrize(
    "name",
    [
        *("/etc/passwd.txt", "../up.txt", "a/../../up.txt", "..", "a\\..\\..\\up.txt"),
        *("C:/x.txt", "c:\\x.txt", "\\\\server\\x.txt"),
    ],
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_that_lead_out_are_refused(read_as, tmp_path, pack, name):
    before = sorted(tmp_path.iterdir())
    items = read_as(pack({name: "Gone astray.", "good.txt": "Rain fell."}))
    assert [item.code if isinstance(item, Reject) else item.text for item in items] == [
        "unsafe_archive",
        "Rain fell.",
    ]
    assert sorted(tmp_path.iterdir()) == [*before, tmp_path / "articles"]


def special(name, kind, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def test_links_devices_and_pipes_in_tar_are_refused(read_as):
    good = tarfile.TarInfo("good.txt")
    good.size = 9
    content = tar_of(
        special("folder", tarfile.DIRTYPE),
        special("soft.txt", tarfile.SYMTYPE, "/etc/passwd"),
        special("hard.txt", tarfile.LNKTYPE, "good.txt"),
        special("null.txt", tarfile.CHRTYPE),
        special("disk.txt", tarfile.BLKTYPE),
        special("pipe.txt", tarfile.FIFOTYPE),
        good,
    )
    *rejects, article = read_as(content)
    assert [reject.message for reject in rejects] == [
        "a link, which is not read",
        "a link, which is not read",
        "a device, which is not read",
        "a device, which is not read",
        "a pipe, which is not read",
    ]
    assert {reject.code for reject in rejects} == {"unsafe_archive"}
    assert article.text == "x" * 9


def test_links_encrypted_and_oddly_packed_members_of_zip_are_refused(read_as):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bz.txt", "Rain.", zipfile.ZIP_BZIP2)
        archive.writestr("folder/", "")
        archive.writestr("good.txt", "Rain fell.")
        secret = zipfile.ZipInfo("secret.txt")
        archive.writestr(secret, "Rain.")
        secret.flag_bits |= 1
    items = read_as(out.getvalue())
    assert [item.message if isinstance(item, Reject) else item.text for item in items] == [
        "a link or a device, which is not read",
        "it is packed in a way that is not read",
        "Rain fell.",
        "it is encrypted",
    ]


# Bombs


@pytest.fixture
def _strict(monkeypatch):
    monkeypatch.setattr("search.ingest.stream.FREE_OF_RATIO_BYTES", 1_000_000)


BIG = b" " * 20_000_000


@pytest.mark.parametrize(
    "content",
    [
        zipped({"a.txt": BIG}),
        tarred({"a.txt": BIG}, "w:gz"),
        tarred({"a.txt": BIG}, "w:bz2"),
        tarred({"a.txt": BIG}, "w:xz"),
        bz2.compress(BIG),
        lzma.compress(BIG),
        zipped({"a.zip": zipped({"b.txt": BIG})}),
        zipped({f"{i}.txt": b"a" * 900_000 for i in range(9)}),
    ],
    ids=["zip", "tar.gz", "tar.bz2", "tar.xz", "bz2", "xz", "zip in zip", "many"],
)
@pytest.mark.usefixtures("_strict")
def test_bombs_are_refused(read_as, content):
    *_, reject = read_as(content)
    assert reject.code == "unsafe_archive"


@pytest.mark.usefixtures("_strict")
def test_members_that_overlap_cannot_multiply(read_as):
    kernel = zipped({"a.txt": b"a" * 900_000})
    end = kernel.index(b"PK\1\2")
    entry, tail = (
        kernel[end : kernel.index(b"PK\5\6")],
        bytearray(kernel[kernel.index(b"PK\5\6") :]),
    )
    tail[8:12] = (200).to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * 200).to_bytes(4, "little")
    items = read_as(kernel[:end] + entry * 200 + bytes(tail))
    assert len(items) < 5
    assert items[-1].code in ("unsafe_archive", "truncated_archive")


def test_members_are_counted_and_measured(read_as, monkeypatch):
    monkeypatch.setattr("search.ingest.members.MAX_MEMBERS", 3)
    for pack in (zipped, tarred):
        items = read_as(pack({f"{i}.txt": f"Rain {i}." for i in range(5)}))
        assert [type(item) for item in items] == [Article, Article, Article, Reject]
        assert items[3].code == "unsafe_archive"
    monkeypatch.setattr("search.ingest.members.MAX_BYTES", 20)
    assert read_as(tarred({"a.txt": "Rain fell on the hills."}))[0].code == "unsafe_archive"


def test_a_large_member_is_kept_on_disk_and_then_gone(read_as, monkeypatch, tmp_path):
    monkeypatch.setattr("search.ingest.spool.MAX_IN_MEMORY_BYTES", 100)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for kind in ("zip", "tar.gz", "zip.gz"):
        assert summary(read_as(PACKED[kind]))[: len(READ)] == READ
    assert [path.name for path in tmp_path.iterdir()] == ["articles"]
    monkeypatch.setattr("search.ingest.spool.MAX_MEMBER_BYTES", 1_000)
    [reject] = read_as(tarred({"a.txt": "x" * 2_000}))
    assert reject.code == "unsafe_archive"


def test_a_directory_too_large_for_memory_is_refused(read_as, monkeypatch):
    monkeypatch.setattr("search.ingest.zipped.MAX_DIRECTORY_BYTES", 200)
    [reject] = read_as(PACKED["zip"])
    assert (reject.code, "directory" in reject.message) == ("unsafe_archive", True)


def test_a_note_in_tar_too_long_for_memory_is_refused(read_as):
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 10_000_000
    [reject] = read_as(info.tobuf(tarfile.GNU_FORMAT) + b"9" * 10_000_000)
    assert reject.code == "unsafe_archive"


def test_archives_in_archives_end_somewhere(read_as):
    content = b"Rain fell."
    for depth in range(3):
        content = zipped({f"{depth}.txt": content})
    assert summary(read_as(content)) == ["Rain fell."]
    [reject] = read_as(zipped({"3": content}))
    assert (reject.code, "more than 3 times" in reject.message) == ("unsafe_archive", True)


# Damage


@pytest.mark.parametrize("kind", ["zip", "stored zip", "tar", "tar.gz"])
def test_what_stands_before_the_damage_is_read(read_as, kind):
    content = PACKED[kind]
    whole = summary(read_as(content))
    at = len(content) - 700 if kind != "tar" else content.index(b"photo.jpg") + 530
    items = read_as(content[:at])
    read = [one for one in summary(items) if one in READ]
    assert read == whole[: len(read)]
    assert len(read) >= 3
    assert items[-1].code == "truncated_archive"
    assert "damaged at byte" in items[-1].message


def test_a_piped_zip_that_is_cut_is_read_up_to_the_cut(read_as):
    content = PACKED["piped zip"]
    items = read_as(content[: content.index(b"PK\1\2")])
    assert [one for one in summary(items) if one in READ] == READ
    assert items[-1].code == "truncated_archive"


def test_a_member_with_a_wrong_sum_is_reported(read_as):
    content = bytearray(zipped({"a.jsonl": LINES, "b.txt": "Rain."}, zipfile.ZIP_STORED))
    at = content.index(b"failed")
    content[at : at + 6] = b"FAILED"
    items = read_as(bytes(content))
    assert [type(item) for item in items] == [Article] * 3 + [Reject, Article]
    assert (items[3].code, items[3].member) == ("truncated_archive", "a.jsonl")
