"""What a site asks of programs that fetch: its robots.txt, asked for once a day."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.robotparser import RobotFileParser

from search.fetching.refusal import Refused

NAME = "news-search"
"""What we answer to in a robots.txt."""
MAX_BYTES = 512 * 1024

_KEPT_SECONDS = 24 * 3600.0
_CANNOT_BE_READ = (429, *range(500, 600))


@dataclass(frozen=True)
class _Rules:
    parser: RobotFileParser | None
    problem: str | None
    read_at: float


class Robots:
    """The rules of every site that was asked.

    As RFC 9309 has it: a site without a robots.txt (a status from 400 to 499) allows everything,
    one whose robots.txt cannot be read (500 and above, no answer) nothing for now.
    """

    def __init__(self, ask: Callable[[str], tuple[int, bytes]]) -> None:
        self._ask = ask
        self._rules: dict[str, _Rules] = {}

    def delay(self, origin: str, target: str) -> float:
        """The seconds that the site asks for between requests, 0 where it does not.

        Raises:
            Refused: it asks not to fetch this at all, or its robots.txt cannot be read.
        """
        rules = self._of(origin)
        if rules.problem:
            raise Refused("refused_by_robots", f"{origin}/robots.txt: {rules.problem}")
        if rules.parser is None:
            return 0.0
        if not rules.parser.can_fetch(NAME, origin + target):
            raise Refused("refused_by_robots", f"{origin}/robots.txt asks programs not to fetch it")
        rate = rules.parser.request_rate(NAME)
        by_rate = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(float(rules.parser.crawl_delay(NAME) or 0), by_rate)

    def _of(self, origin: str) -> _Rules:
        rules = self._rules.get(origin)
        if rules is None or time.monotonic() - rules.read_at > _KEPT_SECONDS:
            rules = self._rules[origin] = self._read(origin)
        return rules

    def _read(self, origin: str) -> _Rules:
        parser, problem = None, None
        try:
            status, content = self._ask(f"{origin}/robots.txt")
        except Refused as why:
            if why.code == "private_address":
                raise
            problem = f"{why.message}; without it nothing is fetched"
        else:
            if status in _CANNOT_BE_READ:
                problem = f"status {status}; without it nothing is fetched"
            elif status == 200:
                parser = RobotFileParser()
                parser.parse(content.decode("utf-8-sig", "replace").splitlines())
        now = time.monotonic()
        # what could not be read is asked for again soon
        return _Rules(parser, problem, now - _KEPT_SECONDS + 60 if problem else now)
