"""A few articles for the page to show: two pages of them, some hostile, some undated."""

from datetime import date, timedelta

from search.types import Article

HOSTILE = Article(
    id="hostile",
    title='<img src=x onerror="document.title=1"> **bold** :red[x] $x^2$',
    text=(
        "<script>document.title='taken'</script> The lighthouse <a href='https://evil.example'>"
        "keeper</a> said AT&T &amp; others **must** pay. [link](https://evil.example)"
    ),
    source=":red[Evil] **Times** <i>",
    authors=("<u>A. Hacker</u>",),
    section="`code` $a$ --",
    published=date(2022, 3, 1),
    published_precision="day",
    url="javascript:alert(1)",
    language="en",
)

UNDATED = Article(
    id="undated",
    title="Ferry timetable without a date",
    text="The ferry leaves the harbour twice a day. Nobody knows since when.",
    source="Daily Gull",
    section="Local",
    language="en",
)

UNTITLED = Article(
    id="untitled",
    text="Harbour seals came back to the bay this week. Children counted eleven of them.",
    source="Daily Gull",
    section="Science",
    published=date(2022, 5, 1),
    published_precision="month",
    language="en",
)

ARABIC = Article(
    id="arabic",
    title="الميناء يفتح أبوابه من جديد",
    text="فتح الميناء أبوابه من جديد بعد العاصفة. وعاد الصيادون إلى البحر.",
    source="صوت المرفأ",
    section="World",
    published=date(2022, 6, 1),
    published_precision="day",
    language="ar",
)

LONG = Article(
    id="long",
    title="How the storm of March took the harbour wall",
    text="\n\n".join(
        [
            "The storm came in the night. Nobody slept.",
            *(f"Paragraph {n} tells of roofs, boats and fences that the wind took. " * 6
              for n in range(1, 12)),
            "In the end the harbour wall gave way before dawn, the mayor said. Two boats sank.",
            *(f"Paragraph {n} tells of those who came to help with pumps and sand. " * 6
              for n in range(12, 20)),
        ]
    ),
    source="Northern Echo & Post",
    authors=("Ida Brandt", "Jon Vik"),
    section="World",
    published=date(2022, 3, 4),
    published_precision="day",
    url="https://www.northern.example/storm?a=1&b=2",
    language="en",
)  # fmt: skip

SHORT = [
    Article(
        id=f"short-{n}",
        title=f"Harbour council meets for the {n + 1}. time",
        text=f"The council met about the harbour for the {n + 1}. time. It voted on the wall.",
        source="Daily Gull" if n % 2 else "Northern Echo & Post",
        authors=("Ida Brandt",),
        section="Local",
        published=date(2022, 1, 10) + timedelta(days=20 * n),
        published_precision="day",
        url=f"https://gull.example/{n}",
        language="en",
    )
    for n in range(9)
]

ARTICLES = [HOSTILE, UNDATED, UNTITLED, ARABIC, LONG, *SHORT]
