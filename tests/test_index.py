from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from search import (
    Article,
    ArticleNotFound,
    Count,
    IndexNotFound,
    IndexRefused,
    InputError,
    NewsIndex,
    QueryError,
)
from search.passages import encoded_text
from tests.words import WordEncoder

SYRIA = Article(
    id="syria",
    title="Two leaders killed",
    text="US forces killed two leaders in an airstrike in Syria.\n\nNo civilians were harmed.",
    source="CNN",
    authors=("Ann Lee", "Bo Ray"),
    published=date(2022, 10, 6),
    section="World",
    language="en",
)
RATES = Article(
    id="rates",
    title="Bank cuts rates",
    text="The central bank cut its rate by half a point. Markets rose.",
    source="BBC",
    authors=("Ann Lee",),
    published=date(2021, 3, 1),
    section="Business",
    language="en-GB",
    url="https://bbc.example/rates",
)
FLOOD = Article(id="flood", text="Der Fluss trat über die Ufer.", source="ARD", language="de")
NEWSROOM = (SYRIA, RATES, FLOOD)


@pytest.fixture
def index(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as opened:
        opened.add(NEWSROOM)
        yield opened


def ids(results):
    return [hit.article.id for hit in results.hits]


def test_an_encoder_that_lacks_something_is_told_before_anything_is_added(tmp_path):
    class Old:
        """As one could be written before queries were encoded many at once."""

    for name in ("adds_up", "dim", "encode_parts", "encode_passages", "encode_query"):
        setattr(Old, name, getattr(WordEncoder(), name))
    with pytest.raises(TypeError, match=r"Old is no Encoder: it has no encode_queries, finger"):
        NewsIndex.open(tmp_path / "new", encoder=Old())


def test_an_index_is_made_by_the_first_add(tmp_path):
    with NewsIndex.open(tmp_path / "new", encoder=WordEncoder()) as index:
        with pytest.raises(IndexNotFound, match="make one with: news-search add"):
            index.search("anything")
        report = index.add(NEWSROOM)
        assert (report.added, report.updated, report.unchanged, report.rejected) == (3, 0, 0, 0)
        assert index.stats().articles == 3


def test_what_is_read_back_is_what_was_added(index):
    found = index.article("syria")
    assert replace(found, extras={}) == replace(
        SYRIA,
        extras={},
        published_from=found.published_from,
        published_precision=found.published_precision,
    )
    passages = index.passages("syria")
    assert all(found.text[one.start : one.end] == one.text for one in passages)
    assert index.passage(passages[0].id) == (found, passages[0])


def test_adding_again_changes_nothing(index):
    generation = index.stats().generation
    report = index.add(NEWSROOM)
    assert (report.added, report.unchanged, report.passages) == (0, 3, 0)
    assert index.stats().generation == generation


def test_a_changed_article_replaces_the_old_one(index):
    report = index.add([replace(SYRIA, text="The strike was in Iraq.")])
    assert (report.added, report.updated) == (0, 1)
    assert index.search("airstrike", mode="keyword").hits == ()
    assert ids(index.search("Iraq", mode="keyword")) == ["syria"]


def test_an_article_that_comes_again_in_one_call_is_unchanged(tmp_path):
    newer = replace(SYRIA, text="The strike was in Iraq.")
    others = [replace(FLOOD, id=f"flood{number}") for number in range(400)]
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        report = index.add([SYRIA, SYRIA, newer, SYRIA, *others[:200], SYRIA, *others, newer])
        assert (report.added, report.updated, report.unchanged) == (401, 1, 204)
        assert index.article("syria").text == newer.text


def test_the_same_url_replaces_too(index):
    report = index.add([replace(RATES, id="other", text="The bank waited.")])
    assert report.updated == 1
    with pytest.raises(ArticleNotFound):
        index.article("rates")


def test_removed_articles_are_gone_and_can_come_back(index):
    assert index.remove("syria", "nowhere") == 1
    assert "syria" not in ids(index.search("airstrike"))
    with pytest.raises(ArticleNotFound, match="no article or passage 'syria'"):
        index.article("syria")
    assert index.add([SYRIA]).added == 1
    assert ids(index.search("airstrike Syria"))[0] == "syria"


def test_semantic_scores_are_cosines_with_the_encoded_passages(index):
    encoder = WordEncoder()
    results = index.search("the bank rate", mode="semantic")
    query = encoder.encode_query("the bank rate")
    for hit in results.hits:
        (vector,) = encoder.encode_passages([encoded_text(hit.article, hit.passage)])
        assert hit.why.cosine == pytest.approx(float(vector @ query), abs=2e-3)
        lowered = 0.97 if hit.why.is_excerpt else 1
        assert hit.score == pytest.approx(hit.why.cosine * lowered)
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)
    assert len(results.hits) == results.matched.passages == index.stats().passages


def test_hits_carry_their_evidence_and_their_reasons(index):
    hit = index.search("airstrike in Syria").hits[0]
    assert hit.article.id == "syria"
    start, end = hit.evidence.best
    assert hit.text[start:end] == "US forces killed two leaders in an airstrike in Syria."
    assert [hit.text[a:b] for a, b in hit.evidence.words] == ["airstrike", "Syria"]
    assert (hit.why.semantic_rank, hit.why.keyword_rank) == (1, 1)
    assert hit.why.bm25 > 0


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"source": "cnn"}, ["syria"]),
        ({"source": ["CNN", "BBC"]}, ["syria", "rates"]),
        ({"author": "ann lee"}, ["syria", "rates"]),
        ({"author": "Bo Ray"}, ["syria"]),
        ({"section": "BUSINESS"}, ["rates"]),
        ({"language": "en"}, ["syria", "rates"]),
        ({"language": "en-gb"}, ["rates"]),
        ({"after": "2022"}, ["syria"]),
        ({"before": date(2022, 10, 6)}, ["rates"]),
        ({"after": "2021-03-01", "before": "2021-03-02"}, ["rates"]),
        ({"after": "2022", "include_undated": True}, ["syria", "flood"]),
        ({"source": "nobody"}, []),
        ({"text": '"half a point"'}, ["rates"]),
        ({"text": "-airstrike -ufer"}, ["rates"]),
        ({"text": "-source:ARD lang:en"}, ["syria", "rates"]),
    ],
)
@pytest.mark.parametrize("mode", ["hybrid", "semantic"])
def test_filters_admit_exactly_what_they_say(index, options, expected, mode):
    results = index.search(**options, mode=mode)
    assert sorted(set(ids(results))) == sorted(expected)
    assert results.matched.articles == len(expected)
    assert len(results.hits) == results.total


def test_undated_articles_left_out_are_counted(index):
    assert index.search("flood", after="2020").undated == 1
    assert index.search("flood", after="2020", language="en").undated == 0
    assert index.search("flood").undated == 0
    assert index.search("flood", after="2020", include_undated=True).undated == 0


@pytest.mark.parametrize(
    ("text", "undated"),
    [
        ("(source:ARD after:2020) OR title:Bank", 1),
        ("(source:ARD after:2020) OR Ufer", 0),
        ("(source:BBC after:2020) OR title:Bank", 0),
        ("-(-date:2021 source:ARD)", 1),
        ("-date:2021", 0),
    ],
)
def test_undated_articles_are_counted_wherever_the_date_stands(index, text, undated):
    assert index.search(text).undated == undated


def test_undated_articles_that_are_left_out_anyway_are_not_counted(index):
    assert index.search("airstrike", after="2020", mode="keyword").undated == 0
    assert index.search("Ufer", after="2020", mode="keyword").undated == 1
    assert index.similar("flood", after="2020").undated == 0
    assert index.similar("syria", after="2020").undated == 1


def test_without_words_everything_is_listed_newest_first_undated_last(index):
    results = index.search()
    assert ids(results) == ["syria", "rates", "flood"]
    assert ids(index.search(sort="oldest")) == ["rates", "syria", "flood"]
    assert results.matched == results.ranked == Count(index.stats().passages, 3)
    assert [(one.value, one.articles) for one in results.facets["author"]] == [
        ("Ann Lee", 2),
        ("Bo Ray", 1),
    ]
    assert [one.value for one in results.facets["year"]] == ["2021", "2022"]
    assert sum(bucket.articles for bucket in results.timeline) == 2


def test_facets_count_every_article_with_one_of_the_words(tmp_path, monkeypatch):
    monkeypatch.setattr("search.ranking.DEPTH", 2)
    outlets = ["CNN"] * 5 + ["BBC"] * 3
    raids = [
        Article(id=f"raid-{n}", text=f"Raid number {n}.", source=outlet, published=date(2022, 1, n))
        for n, outlet in enumerate(outlets, 1)
    ]
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        index.add([*raids, SYRIA])
        results = index.search("raid", k=1, mode="keyword")
        assert (results.counted, results.ranked.articles) == (Count(8, 8), 2)
        assert [one[:2] for one in results.facets["source"]] == [("CNN", 5), ("BBC", 3)]
        assert sum(bucket.articles for bucket in results.timeline) == 8
        for value, articles, share in results.facets["source"]:
            alone = index.search("raid", mode="keyword", source=value)
            assert alone.matched.articles == articles == 8 * share
        by_meaning = index.search("raid", k=1)
        assert by_meaning.counted == by_meaning.ranked
        assert by_meaning.counted.articles < by_meaning.matched.articles
        monkeypatch.setattr("search.searching.COUNTED", 7)
        few = index.search("raid", k=1, mode="keyword")
        assert few.counted == few.ranked


def test_spellings_that_a_filter_takes_for_one_are_one_in_the_facets(index):
    index.add([replace(SYRIA, id="iraq", source="cnn", authors=("ann lee", "Ann Lee"), url=None)])
    for text in ("", "leaders", '"leaders"'):
        facets = index.search(text, after="2022").facets
        assert [(one.value, one.articles) for one in facets["source"]] == [("CNN", 2)]
        assert [(one.value, one.articles) for one in facets["author"]] == [
            ("Ann Lee", 2),
            ("Bo Ray", 1),
        ]


def test_sorting_by_date_keeps_the_hits(index):
    assert ids(index.search("bank leaders Ufer", sort="newest")) == ["syria", "rates", "flood"]
    assert ids(index.search("bank leaders Ufer", sort="oldest")) == ["rates", "syria", "flood"]


def test_paging_reaches_every_passage_once(tmp_path):
    long = Article(id="long", text="\n\n".join(f"Paragraph {n} " + "word " * 150 for n in range(9)))
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        index.add([long, SYRIA])
        everything = index.search("airstrike word", k=100)
        paged = [
            hit.passage.id
            for offset in range(0, everything.total, 3)
            for hit in index.search("airstrike word", k=3, offset=offset).hits
        ]
        assert paged == [hit.passage.id for hit in everything.hits]
        assert len(set(paged)) == everything.total == index.stats().passages
        assert sorted(ids(everything)[:3]) == ["long", "long", "syria"]
        browsed = [
            hit.passage.id
            for offset in range(0, everything.total, 2)
            for hit in index.search(k=2, offset=offset).hits
        ]
        assert sorted(browsed) == sorted(paged)


def test_similar_leaves_its_own_article_out(index):
    results = index.similar("syria", k=5)
    assert "syria" not in ids(results)
    assert (
        results.total == len(results.hits) == index.stats().passages - len(index.passages("syria"))
    )
    narrowed = index.similar(index.passages("rates")[0].id, source="CNN")
    assert ids(narrowed) == ["syria"] * narrowed.total
    with pytest.raises(ArticleNotFound):
        index.similar("nowhere")


def test_the_plan_says_what_ran(index):
    plan = index.search("bank").plan
    assert (plan.mode, plan.sort, plan.strategy) == ("hybrid", "relevance", "flat")
    assert plan.admitted == index.stats().passages
    assert set(plan.seconds) >= {"encode", "keywords", "neighbours", "total"}
    assert index.search("bank", source="BBC").plan.strategy == "exact"
    assert index.search("bank", mode="keyword").plan.strategy == "none"


@pytest.mark.parametrize("wrong", [{"k": 0}, {"offset": -1}, {"mode": "magic"}, {"sort": "best"}])
def test_wrong_arguments_are_value_errors(index, wrong):
    with pytest.raises(ValueError, match=r"k is at least 1|mode is one of"):
        index.search("bank", **wrong)


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "keyword"])
def test_bytes_that_are_no_text_are_no_characters_to_search_for(index, mode):
    results = index.search('bank caf\udce9 "rate\ud800" -x\udfff', source="\udce9", mode=mode)
    assert (results.query.words, results.total) == ("bank caf\ufffd rate\ufffd", 0)
    assert ids(index.search('\udce9 "rate\ud800"', mode=mode)) == ["rates"]


def test_an_id_that_is_no_text_is_not_there(index):
    asked = (index.article, index.passages, index.passage, index.similar)
    for ask in asked:
        with pytest.raises(ArticleNotFound):
            ask("syria\udce9")
    assert index.remove("syria\udce9") == 0


def test_a_bad_query_points_at_the_fault(index):
    with pytest.raises(QueryError, match="there is no field 'colour'"):
        index.search("bank colour:red")


def test_reopened_it_answers_the_same(index):
    before = index.search("bank airstrike ufer")
    with NewsIndex.open(index.path, encoder=WordEncoder()) as again:
        after = again.search("bank airstrike ufer")
    assert (after.hits, after.facets, after.timeline) == (
        before.hits,
        before.facets,
        before.timeline,
    )


def test_the_doctor_repairs_what_it_names(index):
    assert index.doctor() == []
    (owners,) = index.path.glob("g*/owners.u32")
    owners.write_bytes(bytes(owners.stat().st_size))
    assert index.doctor() == [f"{owners} is wrong for 3 articles"]
    assert index.doctor(repair=True) == index.doctor() == []
    assert sorted(ids(index.search("airstrike bank"))) == ["flood", "rates", "syria"]


def test_another_model_is_refused(index):
    with pytest.raises(IndexRefused, match="made with the model"):
        NewsIndex.open(index.path, encoder=WordEncoder(dim=32))


def test_a_missing_path_is_fatal_and_a_bad_article_is_not(index, tmp_path):
    with pytest.raises(InputError):
        index.add(tmp_path / "nowhere.jsonl")
    report = index.add([Article(id="empty", text=" "), replace(SYRIA, id="twin", url=None)])
    assert (report.added, report.rejected) == (1, 1)
    assert report.rejects[0].code == "empty_body"


def test_paths_and_articles_do_not_mix(index):
    with pytest.raises(TypeError, match="cannot be added together"):
        index.add([SYRIA, "articles/"])


def test_progress_ends_with_everything(index, tmp_path):
    lines = [f'{{"id": "n{n}", "text": "Story {n} of many."}}' for n in range(300)]
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(lines))
    seen = []
    report = index.add(path, progress=seen.append)
    assert report.added == 300
    assert len(seen) == 6  # three commits of articles, three of vectors
    assert (seen[-1].articles, seen[-1].passages, seen[-1].awaiting) == (300, 300, 0)
    assert seen[-1].bytes_read == seen[-1].bytes_total == path.stat().st_size
    assert np.diff([one.articles + one.passages for one in seen]).min() > 0


def test_a_word_too_long_to_be_kept_stands_nowhere(index):
    word = "a" * 101
    assert index.search(f'bank "{word}"').total == 0
    assert index.search(f"bank -{word}").total == index.stats().passages


def test_neither_path_nor_article_says_what_to_make(index):
    with pytest.raises(TypeError, match=r"neither a path nor an Article\(id=…, text=…\): 3"):
        index.add([3])


def test_no_filter_may_be_written_as_none(index):
    assert index.search("bank", source=None, after=None).total == index.stats().passages


def test_a_rare_name_is_on_the_first_page_whatever_its_meaning(tmp_path):
    plain = [
        Article(id=f"p{n}", text=f"The minister spoke about the budget vote of week {n}. " * 3)
        for n in range(60)
    ]
    rare = Article(id="rare", text="Rain and hail fell. Quillfeather stayed at home all day long.")
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        index.add([*plain, rare])
        text = "the minister spoke about the budget vote with Quillfeather"
        assert "rare" in ids(index.search(text))
        assert "rare" in ids(index.search(text + " week 3 and the budget of the week"))


def test_newer_articles_count_more_when_asked(index, tmp_path):
    days = {"old": date(2020, 1, 1), "new": date(2026, 11, 1), "undated": None}
    text = "The council voted on the bridge."
    with NewsIndex.open(tmp_path / "other", encoder=WordEncoder()) as other:
        other.add([Article(id=name, text=text, published=day) for name, day in days.items()])
        found = other.search(
            "council bridge vote recency:30d group:none", now=date(2026, 11, 1)
        ).hits
    assert found[0].article.id == "new"
    fresh = {hit.article.id: hit.why.freshness for hit in found}
    assert fresh == {"new": 1, "old": pytest.approx(0.5), "undated": 0.5}
    assert index.search("airstrike").hits[0].why.freshness is None


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "keyword"])
def test_of_two_equal_texts_the_whole_article_is_before_the_excerpt(tmp_path, mode):
    text = "The council voted on the bridge. " * 12
    excerpt = Article("a", text, extras={"flags": ["stub"]})
    with NewsIndex.open(tmp_path / "other", encoder=WordEncoder()) as other:
        other.add([excerpt, Article("b", text)])
        first, second = other.search("council bridge vote group:none", mode=mode).hits
        assert other.search("council", mode=mode).matched.articles == 2
    assert (first.article.id, second.article.id) == ("b", "a")
    assert (first.why.is_excerpt, second.why.is_excerpt) == (False, True)
    assert (first.why.cosine, first.why.bm25) == (second.why.cosine, second.why.bm25)


def test_background_is_earlier_and_follow_ups_are_later(tmp_path):
    days = {f"d{day}": date(2024, 5, day) for day in (1, 2, 3)} | {"undated": None}
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        index.add(
            [Article(id=name, text="The dam broke.", published=day) for name, day in days.items()]
        )
        assert ids(index.background("d2")) == ["d1"]
        assert ids(index.follow_ups("d2")) == ["d3"]
        assert sorted(ids(index.similar("d2"))) == ["d1", "d3", "undated"]
        assert ids(index.background("undated")) == ids(index.follow_ups("undated")) == []


def test_an_outlet_that_is_named_is_suggested(index):
    results = index.search("what did CNN report about the airstrike")
    ((label, text),) = results.suggestions
    assert (label, text) == ("source CNN", "what did CNN report about the airstrike source:CNN")
    assert set(ids(index.search(text))) == {"syria"}
    assert index.search(text).suggestions == ()


def test_settings_in_the_text_come_first(index):
    assert index.search("rate mode:keyword", mode="semantic").plan.mode == "keyword"
    assert index.search("rate sort:oldest").plan.sort == "oldest"
    assert "rates" not in ids(index.search("like:rates"))


def test_words_beside_an_article_to_be_like_are_searched_as_keywords(index):
    """Each of the two leads to its own: by meaning to what is like it, by keywords to the words."""
    both = index.search("rate like:syria")
    assert both.query.notes == ()
    by_article = {hit.article.id: hit for hit in both.hits}
    assert "syria" not in by_article
    assert by_article["rates"].why.bm25 > 0
    alone = {hit.article.id: hit.why for hit in index.similar("syria").hits}
    assert all(why.bm25 is None for why in alone.values())
    for name, hit in by_article.items():
        assert hit.why.cosine == pytest.approx(alone[name].cosine)


@pytest.mark.parametrize(
    ("text", "options", "note"),
    [
        ("source:CNN recency:30d", {}, "recency: has nothing to weigh"),
        ("source:CNN mode:semantic", {}, "mode:semantic has no effect without words"),
        ("like:syria mode:keyword", {}, "mode:keyword has no effect on what is similar"),
        ("rate like:syria mode:semantic", {}, "“rate” is not searched"),
        ("rate like:syria", {"mode": "semantic"}, "“rate” is not searched"),
    ],
)
def test_what_has_no_effect_is_said(index, text, options, note):
    (said,) = index.search(text, **options).query.notes
    assert said.startswith(note)


def test_similar_takes_no_other_article_in_its_text(index):
    for ask in (index.similar, index.background, index.follow_ups):
        with pytest.raises(QueryError, match="like: cannot stand here"):
            ask("syria", text="rate like:rates")


def test_a_list_without_words_ends_where_what_is_admitted_ends(tmp_path):
    """Many articles of one outlet and few in the period: paging on costs nothing more."""
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        index.add(
            Article(f"a{n}", "The dam broke. " * 90, source="CNN", published=date(2020, 1 + n, 1))
            for n in range(9)
        )
        few = index.search("source:CNN after:2020-08", k=100)
        assert len(few.hits) == few.matched.passages > few.matched.articles == 2
        places = [(hit.article.id, hit.passage.number) for hit in few.hits]
        assert [number for _, number in places[:2]] == [0, 0]
        assert places[2:] == sorted(places[2:], key=lambda place: (place[0] == "a7", place[1]))
        rest = [
            hit
            for start in (3, 5)
            for hit in index.search("source:CNN after:2020-08", k=2, offset=start).hits
        ]
        assert [(hit.article.id, hit.passage.number) for hit in rest] == places[3:7]
        assert index.search("source:CNN after:2021").hits == ()


@pytest.fixture
def carried(tmp_path):
    """One story carried by three outlets, one of them with a line of its own, and another story."""
    story = " ".join(f"The dam of valley {n} broke on night {n}." for n in range(40))
    with NewsIndex.open(tmp_path / "carried", encoder=WordEncoder()) as opened:
        opened.add(
            [
                Article("wire", story, "Dam breaks", "AP", published=date(2024, 3, 1)),
                Article("late", f"{story} A ferry sank.", "Dam", "BBC", published=date(2024, 3, 3)),
                Article("cut", story[200:], "Night", "CNN", published=date(2024, 3, 2)),
                Article("other", "The bank cut rates that night. " * 9, "Rates", "CNN"),
            ]
        )
        yield opened


def test_copies_make_one_hit_that_names_the_others(carried):
    results = carried.search("dam valley broke", k=50)
    stories = {hit.article.id for hit in results.hits} - {"other"}
    assert len(stories) == 1
    (shown,) = stories
    for hit in results.hits:
        copies = [copy.article_id for copy in hit.copies]
        assert copies == ([] if hit.article.id == "other" else sorted_by_date(shown))
    assert results.folded.articles == 2
    assert len(results.hits) == results.ranked.passages - results.folded.passages == results.total
    apart = carried.search("dam valley broke group:none", k=50)
    assert {hit.article.id for hit in apart.hits} == {"wire", "late", "cut", "other"}
    assert len(apart.hits) == apart.total == apart.matched.passages
    assert apart.folded.passages == 0
    assert all(hit.copies == () for hit in apart.hits)
    assert results.matched == apart.matched


def sorted_by_date(left_out):
    return [name for name in ("wire", "cut", "late") if name != left_out]


def test_the_copy_that_answers_best_stands_for_all(carried):
    assert carried.search("ferry sank", k=1).hits[0].article.id == "late"
    assert carried.search("dam night source:CNN", k=1).hits[0].article.id == "cut"


def test_a_list_by_date_shows_one_of_the_copies(carried):
    assert list(dict.fromkeys(ids(carried.search("", k=50)))) == ["late", "other"]
    assert list(dict.fromkeys(ids(carried.search("sort:oldest", k=50)))) == ["wire", "other"]
    assert set(ids(carried.search("", k=50, group="none"))) == {"wire", "late", "cut", "other"}


def test_pages_of_folded_hits_follow_each_other(carried):
    for text in ("dam valley broke", "", "dam*"):
        whole = [hit.passage.id for hit in carried.search(text, k=50).hits]
        pages = [
            hit.passage.id
            for start in range(0, len(whole), 2)
            for hit in carried.search(text, k=2, offset=start).hits
        ]
        assert pages == whole


def test_no_copy_of_an_article_is_similar_to_it(carried):
    results = carried.similar("cut", k=50)
    assert set(ids(results)) == {"other"}
    assert results.matched.articles == 1
    assert ids(carried.follow_ups("wire")) == ids(carried.background("late")) == []


def test_an_unknown_group_is_refused(index):
    with pytest.raises(ValueError, match="group one of copies, story, none"):
        index.search("flood", group="stories")


@pytest.mark.parametrize("name", ["CNN", "cnn.com", "Cable News Network", "www.cnn.com"])
def test_an_outlet_is_found_by_its_other_names(index, name):
    index.add([Article("web", "The airstrike, on the web.", source="cnn (online)")])
    assert set(ids(index.search(source=name))) == {"syria", "web"}
    assert set(ids(index.search(f'-outlet:"{name}"'))) == {"rates", "flood"}


def test_names_in_a_users_file_are_one_outlet(index, tmp_path):
    own = tmp_path / "outlets.toml"
    own.write_text('[outlets]\n"Valley Gazette" = ["VG"]\n', encoding="utf-8")
    index.add([Article("valley", "A gate broke.", source="VG")], outlets=own)
    assert index.article("valley").source == "Valley Gazette"
    with pytest.raises(InputError, match=r"none\.toml: No such file"):
        index.add([Article("valley", "A gate broke.", source="VG")], outlets=tmp_path / "none.toml")
