"""Articles with copies, versions and a story, some of them hostile, for the reader to show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from page_articles import HOSTILE

from search.types import Article

NINE = datetime(2022, 3, 4, 9, 0, tzinfo=UTC)
EVIL = "<img src=x onerror=alert(1)> :red[x]"

_TEXT = "\n\n".join(
    [
        "The harbour wall of Westerness gave way before dawn on Friday, the mayor said, and two "
        "boats sank at their moorings while the crew slept ashore.",
        "Divers searched the basin all day. The council had put off repairs to the wall for three "
        "years, according to minutes of its meetings that were seen by this newspaper.",
        "“We were told that it would hold,” said Ida Brandt, who has sold fish on the quay since "
        "she was a girl. Engineers will look at the foundations next week.",
        "Sign up for our newsletter to get the news delivered to your inbox.",
        "The ferry to the islands left from the old pier instead, an hour late, with half of its "
        "passengers. Nobody was hurt.",
    ]
)

WALL = Article(
    id="wall",
    title="Harbour wall gives way at Westerness",
    text=_TEXT,
    source="Tidewire",
    authors=("Jon Vik",),
    published=NINE,
    published_precision="second",
    section="Local",
    url="https://tidewire.example/wall",
    language="en",
)

COPIES = [
    replace(
        WALL,
        id=f"wall-{source.casefold()[:4]}",
        source=source,
        title=title,
        text=WALL.text + more,
        published=NINE + timedelta(hours=hours),
        url=f"https://{source[:4].casefold()}.example/wall",
    )
    for source, title, hours, more in [
        ("Gull", "Two boats sink as wall breaks", -1, ""),
        ("Post", None, 3, ""),
        ("Echo", f"Wall breaks {EVIL}", 30, "\n\nOur reporter adds that the lamp was out too."),
    ]
]

LATER_HOSTILE = replace(
    HOSTILE, title=f"Later {EVIL}", text=HOSTILE.text.replace("others", "<u>others</u>")
)
FIRST_WALL = replace(
    WALL,
    title="Harbour wall breaks",
    text=WALL.text.replace("two boats", "one boat").replace("Nobody was hurt", "All are well"),
)
VERSIONS = [LATER_HOSTILE, FIRST_WALL, WALL]

BEFORE = replace(
    WALL,
    id="before",
    title="Council puts off repairs of the harbour wall",
    text="The council of Westerness put off repairs of the harbour wall for a third year. The "
    "mayor said that the wall of the harbour would hold, and that boats were safe behind it.",
    source="Gull",
    published=NINE - timedelta(days=3),
    url="https://gull.example/before",
)
AFTER = replace(
    WALL,
    id="after",
    title="Engineers blame mayor for broken harbour wall",
    text="Engineers blamed the mayor of Westerness for the broken harbour wall. The council had "
    "put off repairs to the wall of the harbour, they said, and two boats sank when it gave way.",
    source="Post",
    published=NINE + timedelta(days=4),
    url="https://post.example/after",
)
STORIES = [*VERSIONS, *COPIES, BEFORE, AFTER]
"""Added one after the other: of those with the same id the later one is newer."""
