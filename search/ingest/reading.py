"""Reading: paths in, articles, withdrawals and rejects out, one at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from search.ingest.article import article_of, prepared_or_rejected, withdrawal_of
from search.ingest.extras import encodable
from search.ingest.files import File, FoundFile, Listing, Sent, changed, reason
from search.ingest.formats import format_of
from search.ingest.guesses import guess_in
from search.ingest.record import Record, Rejected, Skip, reject
from search.ingest.rules import Rules
from search.types import Article, Reject, Withdrawal

MAX_NESTING = 3

Item = Article | Withdrawal | Reject


def read(
    paths: Iterable[str | Path],
    rules: Rules | None = None,
    sent: Sequence[Sent] = (),
    within: Path | None = None,
) -> Reading:
    """The articles in files and folders of files, told apart by their content; then those `sent`.

    With `within`, links in folders that lead out of it are left out.

    Raises:
        InputError: a path that does not exist, or no file to read.
    """
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    listing = Listing.of(paths, within) if paths or not sent else Listing()
    return Reading(rules or Rules(), listing, sent)


def prepared_all(articles: Iterable[Article], rules: Rules) -> Iterator[Article | Reject]:
    """Articles made in code, each under the rules that hold for files."""
    for one in articles:
        item = prepared_or_rejected(one, rules.outlets)
        told = item if isinstance(item, Reject) else guess_in(item, "")
        if told:
            rules.note(told)
        yield item


class Reading:
    """Articles, withdrawals and rejects in the order of the files; to be iterated once.

    `bytes_total` is the size of all files and is known before the first article; nobody knows that
    of what servers will send. Notices read before are in `withdrawn`; those read now come into it.
    """

    def __init__(
        self,
        rules: Rules,
        listing: Listing,
        sent: Sequence[Sent] = (),
        withdrawn: dict[str, Withdrawal] | None = None,
    ) -> None:
        self._rules, self._listing, self._sent = rules, listing, sent
        self._bytes_done = 0
        self._current: FoundFile | None = None
        self._skips: Counter[tuple[str, str]] = Counter()
        self._withdrawn = {} if withdrawn is None else withdrawn
        self._items = self._read_files()
        self.bytes_total = sum(found.size_bytes for found in listing.files)

    @property
    def bytes_read(self) -> int:
        """How much of `bytes_total` was read so far; of compressed files, compressed bytes."""
        return self._bytes_done + (self._current.bytes_read if self._current else 0)

    @property
    def skipped(self) -> tuple[str, ...]:
        """What was left out on purpose so far (hidden files, a README, pictures), and why."""
        within = (
            f"{path}: {why}" if count == 1 else f"{path}: {count:,} times {why}"
            for (path, why), count in self._skips.items()
        )
        return (*self._listing.skipped, *within)

    def __iter__(self) -> Iterator[Item]:
        for item in self._items:
            if isinstance(item, Reject):
                self._rules.note(item)
            yield item

    def note(self, article: Article) -> None:
        """Tell what had to be guessed in an article after it was read."""
        if guess := guess_in(article, ""):
            self._rules.note(guess)

    def _read_files(self) -> Iterator[Item]:
        yield from self._listing.rejects
        for found in self._listing.files:
            self._current = found
            yield from self._read(found.file())
            if why := changed(found):
                yield found.file().reject(Rejected("unreadable", why))
            self._bytes_done, self._current = self._bytes_done + found.size_bytes, None
        for sent in self._sent:
            yield from self._read_sent(sent)

    def _read_sent(self, sent: Sent) -> Iterator[Item]:
        try:
            file = sent.file()
        except Rejected as why:
            yield reject(sent.path, why)
            return
        if file is None:
            self._skips[sent.path, "not modified since it was read"] += 1
        else:
            yield from self._read(file)

    def _read(self, file: File, nesting: int = 0) -> Iterator[Item]:
        """What a file holds; one that cannot be read (on) ends in a reject."""
        try:
            _require_content(file, nesting)
            for item in format_of(file, self._rules.names).read(file, self._rules.names):
                if isinstance(item, File):
                    yield from self._read(item, nesting + 1)
                elif isinstance(item, Record):
                    yield self._item(item, file)
                elif isinstance(item, Skip):
                    self._skips[file.path, encodable(item.why)] += 1
                else:
                    yield item
        except Rejected as why:
            yield file.reject(why)
        except OSError as error:
            yield file.reject(Rejected("unreadable", reason(error)))

    def _item(self, record: Record, file: File) -> Item:
        try:
            if record.withdrawn:
                return self._notice(record, file)
            article = self._article(record)
        except Rejected as why:
            return file.reject(why, raw=record.quoted(), line=record.line, member=record.member)
        if guess := guess_in(article, file.path, record.line, file.place(record.member)):
            self._rules.note(guess)
        return article

    def _notice(self, record: Record, file: File) -> Withdrawal:
        notice = withdrawal_of(record)
        self._withdrawn[notice.article_id] = notice
        return replace(notice, path=file.path, member=file.place(record.member))

    def _article(self, record: Record) -> Article:
        """The article, unless a notice read before, perhaps from a file before its own, kills it.

        Raises:
            Rejected: one does; or it cannot be an article.
        """
        article = article_of(record, self._rules.orders, self._rules.outlets)
        notice = self._withdrawn.get(article.id)
        if notice and not _is_newer(article, notice):
            version = "" if notice.version is None else f" up to version {notice.version}"
            message = f"{article.id} is {notice.reason}{version}, says a notice read before it"
            raise Rejected("withdrawn", message)
        return article


def _is_newer(article: Article, notice: Withdrawal) -> bool:
    if article.version is None or notice.version is None:
        return False
    return article.version > notice.version


def _require_content(file: File, nesting: int) -> None:
    if nesting > MAX_NESTING:
        raise Rejected("unsafe_archive", f"packed more than {MAX_NESTING} times")
    if not file.head:
        raise Rejected("empty_body", "the file is empty")
