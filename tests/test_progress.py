"""What is shown of how far an `add` is."""

import pytest

from search import Article, NewsIndex, Progress
from search.progress import Pace, shown_progress
from tests.unencoded import store_unencoded
from tests.words import WordEncoder

MB = 1_000_000


def test_the_time_left_is_by_the_bytes_done_so_far():
    pace = Pace()
    assert pace.seconds_left(Progress(1 * MB, 10 * MB, 100, 300, 5.0)) == pytest.approx(45)
    assert pace.seconds_left(Progress(2 * MB, 10 * MB, 200, 600, 10.0)) == pytest.approx(40)


def test_what_goes_by_unchanged_does_not_promise_an_early_end():
    pace = Pace()
    assert pace.seconds_left(Progress(50 * MB, 100 * MB, 9_000, 0, 10.0)) is None
    assert pace.seconds_left(Progress(51 * MB, 100 * MB, 9_100, 300, 20.0)) == pytest.approx(490)
    assert pace.seconds_left(Progress(90 * MB, 100 * MB, 18_000, 300, 30.0)) == pytest.approx(100)


def test_what_is_stored_and_awaits_its_vectors_is_still_to_be_done():
    pace = Pace()
    stored = Progress(1 * MB, 10 * MB, 100, 0, 1.0, awaiting=300)
    assert pace.seconds_left(stored) is None
    encoded = Progress(5 * MB, 10 * MB, 500, 300, 6.0, awaiting=1_200)
    assert pace.seconds_left(encoded) == pytest.approx((1_200 + 1_500) / 50)
    all_read = Progress(10 * MB, 10 * MB, 1_000, 600, 12.0, awaiting=2_400, bytes_awaiting=8 * MB)
    assert pace.seconds_left(all_read) == pytest.approx(2_400 / 50)
    assert all_read.share == pytest.approx(0.2)


def test_what_an_earlier_add_left_says_nothing_of_what_files_hold():
    pace = Pace()
    assert pace.seconds_left(Progress(0, 10 * MB, 0, 0, 0.0, awaiting=9_000)) is None
    stored = Progress(1 * MB, 10 * MB, 100, 0, 1.0, awaiting=9_300)
    assert pace.seconds_left(stored) is None
    encoded = Progress(1 * MB, 10 * MB, 100, 300, 6.0, awaiting=9_000)
    assert pace.seconds_left(encoded) == pytest.approx((9_000 + 2_700) / 50)


def test_time_without_anything_to_encode_does_not_count():
    pace = Pace()
    pace.seconds_left(Progress(1 * MB, 10 * MB, 9_000, 0, 100.0))
    pace.seconds_left(Progress(2 * MB, 10 * MB, 9_100, 0, 101.0, awaiting=300))
    assert pace.seconds_left(Progress(2 * MB, 10 * MB, 9_100, 300, 105.0)) == pytest.approx(
        8 * 300 / 60
    )


def test_a_line_says_how_many_passages_are_encoded_of_those_that_are_stored(capsys):
    with shown_progress(silent=False) as show:
        show(Progress(100 * MB, 100 * MB, 1_000, 750, 30.0, awaiting=2_250, bytes_awaiting=75 * MB))
    assert capsys.readouterr().err.splitlines() == [
        "1,000 articles, 750 of 3,000 passages encoded, 25%, 0:01:30 left"
    ]


def test_a_pace_that_changes_is_followed_within_a_minute_of_encoding():
    pace = Pace()
    for step in range(100):
        pace.seconds_left(Progress(step * MB, 1_000 * MB, step, step + 1, float(step)))
    for step in range(12):  # ten times slower from here on
        now = Progress((100 + step) * MB, 1_000 * MB, 100 + step, 101 + step, 100.0 + 10 * step)
        left = pace.seconds_left(now)
    assert left == pytest.approx(889 * 10)


def test_without_a_size_there_is_no_time_left():
    assert Pace().seconds_left(Progress(0, 0, 100, 300, 5.0)) is None


def test_elsewhere_than_on_a_terminal_a_line_is_printed_now_and_then(capsys):
    with shown_progress(silent=False) as show:
        for step in range(1, 101):
            show(Progress(step * MB, 100 * MB, 1_000 * step, 3_000 * step, float(step)))
    assert capsys.readouterr().err.splitlines() == [
        "30,000 articles, 90,000 passages, 30%, 0:01:10 left",
        "60,000 articles, 180,000 passages, 60%, 0:00:40 left",
        "90,000 articles, 270,000 passages, 90%, 0:00:10 left",
    ]


def test_a_long_stretch_of_unchanged_articles_is_seen_to_go_by(tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_text(
        "".join(f'{{"id": "{n}", "text": "Rates fell {n} times."}}\n' for n in range(999))
    )
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        seen = []
        index.add(path, progress=seen.append)
        assert seen[-1].articles == 999
        seen = []
        index.add(path, progress=seen.append)
    assert [one.passages for one in seen] == [0] * len(seen)
    assert len(seen) >= 8
    assert seen[-1].bytes_read == seen[-1].bytes_total == path.stat().st_size


def test_the_share_never_falls_and_what_is_unchanged_is_done(tmp_path, monkeypatch):
    monkeypatch.setattr("search.catching_up.AT_ONCE", 50)
    path = tmp_path / "articles.jsonl"
    line = '{{"id": "{}", "text": "Rates fell {} times.", "layout": "' + "x" * 3_000 + '"}}\n'
    old = "".join(line.format(n, n) for n in range(2_000))
    path.write_text(old)
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        index.add(path)
        path.write_text(old + "".join(line.format(n, n) for n in range(2_000, 2_300)))
        seen = []
        index.add(path, progress=seen.append)
    shares = [one.share for one in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    new = [one for one in seen if one.awaiting]
    assert len(new) >= 3
    assert min(one.share for one in new) > 0.8
    assert any(one.share < 0.99 for one in new)
    assert seen[-1].bytes_awaiting == 0


def test_what_an_add_before_left_is_not_done_before_it_is_encoded(tmp_path, monkeypatch):
    monkeypatch.setattr("search.catching_up.AT_ONCE", 20)
    path = tmp_path / "articles.jsonl"
    articles = [Article(str(n), (f"Rates fell {n} times. " * 30).strip()) for n in range(200)]
    path.write_text("".join(f'{{"id": "{one.id}", "text": "{one.text}"}}\n' for one in articles))
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        store_unencoded(index, articles)
        seen = []
        index.add(path, progress=seen.append)
    shares = [one.share for one in seen]
    assert shares == sorted(shares)
    assert len(set(shares)) > 5
    assert all(one.share < 1.0 for one in seen if one.awaiting)
    assert shares[-1] == 1.0


def test_reading_that_goes_before_all_else_is_told(tmp_path, capsys):
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(f'{{"id": "{n}", "text": "Rates fell."}}\n' for n in range(999)))
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        seen = []
        index.add(path, progress=seen.append, newest_first=True)
    read = [one.share_read for one in seen if one.share_read is not None]
    assert len(read) >= 7
    assert read == sorted(read)
    assert read[-1] == 1.0
    assert seen[-1].share_read is None
    with shown_progress(silent=False) as show:
        show(Progress(0, 100 * MB, 0, 0, 30.0, share_read=0.43))
    assert capsys.readouterr().err.splitlines() == [
        "reading everything before the newest is stored, 43%"
    ]


def test_progress_is_of_what_was_committed_not_of_what_was_read_ahead(tmp_path):
    path = tmp_path / "articles.jsonl"
    line = '{{"id": "{}", "text": "{}"}}\n'
    path.write_text("".join(line.format(n, f"Rates fell {n} times. " * 200) for n in range(1_500)))
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        seen = []
        index.add(path, progress=seen.append)
    first = seen[0]
    assert first.articles == 128
    assert first.bytes_read <= path.stat().st_size * 2 * 128 / 1_500
