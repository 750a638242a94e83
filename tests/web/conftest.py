from pathlib import Path

import pytest
from page_articles import ARTICLES

from search import NewsIndex


@pytest.fixture(scope="session")
def index_path(tmp_path_factory) -> Path:
    """An index of the page's articles, made with the real encoder, for all tests."""
    path = tmp_path_factory.mktemp("page") / "index"
    with NewsIndex.open(path) as index:
        index.add(ARTICLES)
    return path
