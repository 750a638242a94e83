"""The door: what is drawn for whom, without a browser."""

import pytest
from conftest import APP
from reading_the_page import cards, html, labels, shown
from streamlit.testing.v1 import AppTest

from search.web import archive, sign_in
from search.web.sign_in import chosen

pytestmark = pytest.mark.model
ADA = {"is_logged_in": True, "email": "ada@paper.example", "email_verified": True}
HOSTILE = '<b>:red[Ada]</b> & "co"'


@pytest.fixture
def draw_for(index_path, monkeypatch):
    """Draws the page for what is known of a reader, over an index that was not opened yet."""

    def draw(signing_in, **user):
        sign_in.use(signing_in)
        monkeypatch.setenv(archive.PATH_VARIABLE, str(index_path))
        page = AppTest.from_file(str(APP), default_timeout=30)
        page.user = user
        page.query_params["q"] = "harbour"
        return page.run()

    yield draw
    sign_in.use(None)
    archive.close()


def texts(page):
    return [text.value for text in page.text]


def test_who_is_not_signed_in_sees_one_button_and_no_index_is_opened(draw_for):
    page = shown(draw_for(chosen("oidc", (), (), None), is_logged_in=False))
    assert labels(page) == ["Sign in"]
    assert texts(page) == ["Sign in to search this archive."]
    assert cards(page) == []
    assert len(page.get("text_input")) == 0
    assert archive._opened == {}


def test_who_is_signed_in_and_may_not_read_is_told_as_whom(draw_for):
    page = shown(draw_for(chosen("oidc", ("elsewhere.example",), (), None), **ADA))
    assert labels(page) == ["Sign out"]
    assert texts(page) == ["You are signed in as ada@paper.example, who may not read this archive."]
    assert archive._opened == {}


def test_a_reader_sees_the_archive_their_name_and_the_way_out(draw_for):
    page = shown(draw_for(chosen("oidc", ("paper.example",), (), None), **ADA))
    assert len(cards(page)) == 10
    assert "Signed in as ada@paper.example" in html(page)
    assert "Sign out" in labels(page)


def test_a_name_stays_text(draw_for):
    page = shown(draw_for(chosen("oidc", (), (), None), is_logged_in=True, name=HOSTILE))
    assert "Signed in as &lt;b&gt;:red[Ada]&lt;/b&gt; &amp; &quot;co&quot;" in html(page)


def test_whom_the_proxy_names_reads_and_signs_out_there(draw_for):
    signing_in = chosen("header", (), ("127.0.0.1",), None)
    page = shown(draw_for(signing_in, proxy_user="Zoë".encode().decode("latin-1")))
    assert len(cards(page)) == 10
    assert "Signed in as Zoë" in html(page)
    assert "Sign out" not in labels(page)


def test_where_nobody_is_asked_nobody_is_named(draw_for):
    page = shown(draw_for(None))
    assert len(cards(page)) == 10
    assert "Signed in" not in html(page)
    assert "Sign out" not in labels(page)
