"""Every translation says all that the English page says, and says it safely."""

import ast
import inspect
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.delta_generator import DeltaGenerator

from search import web
from search.types import AddReport, Article, Chip, IndexStats, Why
from search.web.words import LANGUAGES
from search.web.words import words as words_of_the_page

ENGLISH = LANGUAGES["en"]
TRANSLATIONS = [words for tag, words in LANGUAGES.items() if tag != "en"]
SAME_IN_ALL = {"NAME", "bar", "calendar", "language"}
"""The name of the program; and functions that join what a language says elsewhere, or ask for names
in its own locale."""

DAY, OTHER_DAY, MOMENT = (
    date(2022, 10, 6),
    date(2021, 3, 1),
    datetime(2022, 10, 6, 9, 12, tzinfo=UTC),
)
ARTICLES = [
    Article(id="a", text="a", published=MOMENT, published_precision="second"),
    Article(id="a", text="a", published=DAY, published_precision="day"),
    Article(id="a", text="a", published=DAY, published_precision="month"),
    Article(id="a", text="a", published=DAY, published_precision="year"),
    Article(id="a", text="a"),
]
WHYS = [
    Why(cosine=0.5, bm25=3.0, semantic_rank=2, keyword_rank=1305),
    Why(cosine=0.5, bm25=0.0, semantic_rank=11, is_excerpt=True),
    Why(bm25=3.0, keyword_rank=3, is_lifted=True),
    Why(),
]
HOLDINGS = [
    IndexStats(1312, 5000, 12, 7, OTHER_DAY, DAY, "model", 3, MOMENT, 9, 5000),
    IndexStats(1312, 5000, 1, 0, OTHER_DAY, DAY, "model", 3, MOMENT, 9, 5000),
    IndexStats(1312, 5000, 1, 1312, None, None, "model", 3, MOMENT, 9, 5000),
]
COUNTS = [(1,), (2,), (1312,)]
CALLS = {
    "accessed": [(DAY,)],
    "add_place_hint": [("Tidewire",)],
    "add_refused": [
        *((reason, "") for reason in ENGLISH.ADD_REFUSED),
        *((reason, "Tidewire") for reason in ENGLISH.ADD_REFUSED),
    ],
    "added": [
        (AddReport(added=1312, updated=2, unchanged=3),),
        (AddReport(added=1, withdrawn=4),),
    ],
    "adding": [(1312, None), (1312, 0.43)],
    "also_reported": [(1, 4), (3, 4), (0, 1), (0, 1312)],
    "and_more": COUNTS,
    "any_of": [(20, 20), (300, 1312)],
    "articles": COUNTS,
    "bar": [(DAY, 1), (DAY, 1312)],
    "as_read": [(Chip("field", "Tidewire", "Tidewire"),)],
    "changed": [(1, 2), (1312, 1)],
    "chosen": [("source", 2), ("author", 1312)],
    "counted_back": [(DAY,)],
    "counted_over": [(500, 1312)],
    "date_and_time": [(article,) for article in ARTICLES],
    "day": [(DAY,), (MOMENT,)],
    "download": [(name,) for name in ENGLISH.FORMATS],
    "dropped": [
        *((param, ("Tidewire",), 0) for param in ENGLISH.PARAMS),
        ("src", ("Tidewire", "Gull"), 0),
        ("src", ("Tidewire", "Gull"), 1312),
    ],
    "exports": [(1000,)],
    "holdings": [(stats,) for stats in HOLDINGS],
    "language": [("en",), ("en-GB",), ("tlh",)],
    "line": COUNTS,
    "meaning_covers": [(1, 1312), (12_345, 311_843)],
    "may_not_read": [("Tidewire",)],
    "more_left": COUNTS,
    "moment_in_zone": [(None,), (DAY,), (DAY, "month"), (DAY, "year"), (MOMENT,)],
    "number": COUNTS,
    "number_of_characters": COUNTS,
    "number_of_words": COUNTS,
    "on_this_story": COUNTS,
    "only": [("Tidewire",)],
    "ordinal": [(1,), (22,), (113,)],
    "passages": COUNTS,
    "place_among": [(1, 1), (2, 5), (None, 1), (None, 1312)],
    "published": [(article,) for article in ARTICLES],
    "quoted": [("Tidewire",)],
    "rejected": COUNTS,
    "reference": [("Tidewire",)],
    "score": [(0.5321,)],
    "search_among": COUNTS,
    "reading_first": [(0.0,), (0.43,)],
    "searchable": [(0,), *COUNTS],
    "share": [(0.125,)],
    "signed_in_as": [("Tidewire",)],
    "similar_to": [("Tidewire",)],
    "stories_ranked": COUNTS,
    "surplus": [("src", 50)],
    "timeline": [(OTHER_DAY, DAY, MOMENT.date(), 1312)],
    "took": [(0.0384,), (1.3124,)],
    "unchanged": COUNTS,
    "undated_left_out": COUNTS,
    "version": [(3, None, None), (2, MOMENT, None), (1, MOMENT, 7)],
    "why": [(why,) for why in WHYS],
    "without": [("Tidewire", 1), ("Tidewire", 1312)],
}
"""Arguments for every function, for each of its branches."""


def names(words):
    return {name for name in dir(words) if not name.startswith("_")}


FUNCTIONS = sorted(
    name for name in names(ENGLISH) - {"calendar"} if callable(getattr(ENGLISH, name))
)


def sayings(words):
    """Everything the page can say in a language, each under its name."""
    for name in sorted(names(words) - {"calendar"}):
        value = getattr(words, name)
        if callable(value):
            for number, call in enumerate(CALLS[name]):
                yield f"{name}-{number}", value(*call) or ""
        elif isinstance(value, str):
            yield name, value
        else:
            yield from ((f"{name}-{key}", said) for key, said in value.items())


def test_every_function_is_called():
    assert sorted(CALLS) == FUNCTIONS


@pytest.mark.parametrize("words", TRANSLATIONS)
def test_a_translation_has_the_names_of_english_and_inherits_none_of_its_words(words):
    own = [kind for kind in type(words).__mro__ if not kind.__name__.startswith(("English", "obj"))]
    said = {name for kind in own for name in vars(kind) if not name.startswith("_")}
    assert said == names(ENGLISH) - SAME_IN_ALL


@pytest.mark.parametrize("words", TRANSLATIONS)
def test_a_translation_names_each_choice_that_english_names(words):
    for name in names(ENGLISH):
        value = getattr(ENGLISH, name)
        if isinstance(value, dict):
            assert list(getattr(words, name)) == list(value), name


@pytest.mark.parametrize("words", TRANSLATIONS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_a_translation_takes_what_the_english_takes(words, name):
    own, english = (inspect.signature(getattr(one, name)) for one in (words, ENGLISH))
    assert own == english


def digits(said):
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d)", "", said)))


@pytest.mark.parametrize("words", TRANSLATIONS)
def test_a_translation_says_every_number_and_name_that_english_says(words):
    english, own = dict(sayings(ENGLISH)), dict(sayings(words))
    for key, said in english.items():
        assert digits(own[key]) == digits(said), key
        assert ("Tidewire" in own[key]) == ("Tidewire" in said), key
        assert bool(own[key]) == bool(said), key


@pytest.mark.parametrize("words", LANGUAGES.values())
def test_words_hold_nothing_that_html_would_read(words):
    for key, said in sayings(words):
        assert not set(said) & set("<>&\"'"), key


WEB = Path(web.__file__).parent
NO_WORD = re.compile(r"<[^<>]*>|https://")
ELEMENTS = {name for name in dir(DeltaGenerator) if not name.startswith("_")}
SHOWN = {"label", "placeholder", "help", "body", "alt"}


def written_in(path):
    """Every string of a module that is HTML, and every one that an element of Streamlit shows."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [one.value if isinstance(one, ast.Constant) else "{}" for one in node.values]
            yield from ["".join(parts)] if "<" in "".join(parts) else []
        elif isinstance(node, ast.Call) and is_shown(node.func):
            for said in [*node.args[:1], *(key.value for key in node.keywords if key.arg in SHOWN)]:
                yield from constants(said)


def is_shown(function):
    """Whether a call of it may draw an element, whatever it is drawn in; logs are English."""
    return getattr(function, "attr", "") in ELEMENTS and ast.unparse(function.value) != "_log"


def constants(said):
    """The strings that an expression may be, each as it is written."""
    match said:
        case ast.Constant(value=str(value)):
            yield value
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, op=ast.Add(), right=other):
            yield from (*constants(one), *constants(other))
        case ast.BoolOp(values=values):
            yield from (found for value in values for found in constants(value))


def test_words_are_found_in_whatever_element_shows_them(tmp_path):
    module = tmp_path / "module.py"
    module.write_text(
        """
left.text_input("Headline", key="a", placeholder="Optional")
st.sidebar.button(words.ADD, help="Only here" if narrow else words.HELP)
st.columns(2)[0].caption(found or "Nothing")
room.container(key="unseen").markdown("One " + more)
st.html(f"<b>{told}</b> told")
asked.get("start")
_log.exception("failed")
""",
        encoding="utf-8",
    )
    found = ["<b>{}</b> told", "Headline", "Nothing", "One ", "Only here", "Optional"]
    assert sorted(written_in(module)) == found


def test_no_module_of_the_page_has_words_of_its_own():
    found = {
        (path.name, said)
        for path in sorted(WEB.glob("*.py"))
        for said in written_in(path)
        if re.search(r"[^\W\d]{2}", NO_WORD.sub("", said))
    }
    assert found == set()


def test_what_a_link_asked_for_in_vain_is_said_by_name_up_to_a_point():
    one, more = [("src", ("Tidewire",), 0), ("src", ("Tidewire", "Gull"), 7)]
    assert [ENGLISH.dropped(*one), ENGLISH.dropped(*more)] == [
        "This link asked for outlet “Tidewire”, which is not here; it was left out.",
        "This link asked for outlet “Tidewire”, “Gull” and 7 more, which are not here;"
        " they were left out.",
    ]
    german = LANGUAGES["de"]
    assert [german.dropped(*one), german.dropped(*more)] == [
        "Aus diesem Link weggelassen, da hier nicht vorhanden: Medium „Tidewire“.",
        "Aus diesem Link weggelassen, da hier nicht vorhanden:"
        " Medium „Tidewire“, „Gull“ und 7 weitere.",
    ]


def test_german_as_it_is_written():
    german = LANGUAGES["de"]
    assert german.number(1312) == "1.312"
    assert german.day(DAY) == "6. Okt. 2022"
    assert german.published(ARTICLES[2]) == "Okt. 2022"
    assert german.date_and_time(ARTICLES[2]) == "Okt. 2022 (Tag unbekannt)"
    assert german.moment_in_zone(MOMENT) == "6. Okt. 2022, 09:12 UTC"
    assert german.ordinal(22) == "22."
    assert german.why(WHYS[0]) == "2. nach Bedeutung, 1.305. nach Stichwörtern."
    assert [german.passages(1), german.passages(1312)] == ["1 Textstelle", "1.312 Textstellen"]
    assert german.place_among(1, 1) == "1 von 1 passenden Textstelle"
    assert german.also_reported(1, 4) == "Auch bei 1 weiteren Medium"
    assert german.undated_left_out(1) == "1 undatierter ausgelassen: einbeziehen"
    assert german.share(0.125) == "12\N{NO-BREAK SPACE}%"
    assert german.score(0.5321) == "0,532"
    assert german.quoted("Die „Wache“ floh") == "„Die ‚Wache‘ floh“"
    assert [german.language(tag) for tag in ("en", "en-GB", "tlh")] == [
        "Englisch",
        "Englisch (GB)",
        "tlh",
    ]


@pytest.mark.parametrize(
    ("set_for_all", "locale"),
    [
        (None, "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("de_DE", "de"),
        (" DE_de.UTF-8", "de"),
        ("tlh", "en"),
        ("den", "en"),
    ],
)
def test_one_language_can_be_set_for_all_readers(monkeypatch, set_for_all, locale):
    if set_for_all:
        monkeypatch.setenv("NEWS_SEARCH_LANGUAGE", set_for_all)
    assert locale == words_of_the_page.LOCALE
