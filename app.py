"""The page: `streamlit run app.py`, or `news-search serve`."""

from search.web import (
    add_view,
    bar,
    cards,
    coverage_note,
    door,
    home,
    reader,
    session,
    sidebar,
    states,
    theme,
    timeline,
    underway_note,
)
from search.web.archive import open_archive
from search.web.asking import ask

theme.apply()
door.admit()
sidebar.wordmark()
door.signed_in()
add_view.button()

with states.told():
    archive = open_archive()
    stats = archive.index.stats()
    view = session.start(archive)
    bar.search_field(view)
    underway_note.draw()
    answer = ask(archive, view)
    view = session.settle(answer.view)
    results = answer.results

    bar.notes(archive, answer)
    if not stats.articles:
        states.empty()
    elif view.is_home:
        home.draw(results, stats)
    else:
        bar.options(answer)
        bar.chips_row(archive, answer)
        bar.suggestions(answer)
        ways_out = states.place_ways_out(archive, answer)
        bar.counts(archive, answer)
        coverage_note.draw(answer)
        if results.hits:
            chart = timeline.place(results.timeline)
            cards.draw(archive, answer)
            cards.pages(answer)
            # After the hits, which are waited for.
            states.draw_ways_out(ways_out, archive, answer)
            timeline.draw(chart, results.timeline)
        else:
            states.nothing(archive, answer)
    sidebar.draw(archive, answer, stats)
    if view.open and not add_view.is_open():
        reader.show(archive, answer)
add_view.show()
