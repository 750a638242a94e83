"""Links to the same article are one, and links to different articles never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.links import canonical_url, web_link

BASE = "https://example.org/news/dam"


def canonical(url):
    return canonical_url(web_link(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/news/dam",
        "HTTPS://WWW.EXAMPLE.ORG/news/dam",
        "https://example.org:443/news/dam",
        "http://example.org:80/news/dam",
        "https://example.org./news/dam",
        "https://example.org/news/dam/",
        "https://example.org/news//dam//",
        "https://example.org/news/dam/index.html",
        "https://example.org/news/dam/index.php",
        "https://example.org/news/dam#comments",
        "https://example.org/news/dam?",
        "https://example.org/news/dam?utm_source=a&UTM_Medium=b&fbclid=c&gclid=d&_ga=e",
        "https://example.org/news/dam?at_medium=RSS&amp;utm_source=x",
        "https://example.org/news/dam?hp",
        "https://m.example.org/news/dam",
        "https://mobile.example.org/news/dam",
        "https://www.m.example.org/news/dam",
        "https://amp.example.org/news/dam",
        "https://example.org/amp/news/dam",
        "https://example.org/news/dam/amp",
        "https://example.org/news/dam/amp/",
        "https://example.org/news/dam.amp",
        "https://example.org/news/dam?amp",
        "https://example.org/news/dam?amp=1",
        "https://example.org/news/dam?outputType=amp",
        "https://example.org/news/dam;jsessionid=4F",
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/news/dam",
        "https://cdn.ampproject.org/v/s/example.org/news/dam?amp_js_v=1".replace("amp_js_v", "amp"),
        "https://www.google.com/amp/s/www.example.org/news/dam/amp",
    ],
)
def test_forms_of_one_link_are_one(url):
    assert canonical(url) == canonical(BASE) == "example.org/news/dam"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("?id=1", "?id=2"),
        ("?p=1", "?p=2"),
        ("?12345", "?12346"),
        ("?page=1", "?page=2"),
        ("?id=1", ""),
        ("?a=1&b=2", "?a=2&b=1"),
        ("?id=a%26b", "?id=a&b"),
        ("#!/story/1", "#!/story/2"),
        ("/A", "/a"),
        ("/ample", "/"),
        ("/index", "/"),
        ("/b%2Fc", "/b/c"),
        ("?id=", "?no="),
    ],
)
def test_links_to_different_articles_stay_apart(one, other):
    assert canonical(BASE + one) != canonical(BASE + other)


def test_hosts_of_two_parts_stay_whole():
    assert canonical("https://m.com/a") != canonical("https://amp.com/a")
    assert canonical("https://www.com/a") == "www.com/a"


def test_letters_are_one_with_their_escapes():
    assert canonical("https://example.org/crue-é") == canonical("https://example.org/crue-%c3%a9")


paths = st.lists(
    st.sampled_from("a B é amp index.html %c3 .amp .html m ;x ;jsessionid=1 c s google.com".split())
    | st.text("abcß%./ ;&?=", max_size=4),
    max_size=6,
).map("/".join)
queries = st.lists(
    st.tuples(
        st.sampled_from(["id", "p", "utm_source", "amp", "amp;id", "?x", ""]), st.text(max_size=3)
    ),
    max_size=4,
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
hosts = st.sampled_from(
    "example.org www.m.example.org m.co cdn.ampproject.org www.google.com 10.0.0.1 [::1]".split()
)


@given(hosts, paths, queries, st.text(max_size=3))
def test_a_canonical_link_is_its_own_canonical_form(host, path, query, fragment):
    link = web_link(f"https://{host}/{path}?{query}#{fragment}")
    once = link and canonical_url(link)
    if once:
        assert canonical_url(web_link(f"https://{once}")) == once


@given(st.integers(), st.integers(), st.sampled_from(["id", "p", "article", "story_id", "nid"]))
def test_ids_in_parameters_are_never_lost(one, other, name):
    links = [f"https://m.example.org/index.php?utm_source=x&{name}={n}" for n in (one, other)]
    assert (canonical(links[0]) == canonical(links[1])) == (one == other)
