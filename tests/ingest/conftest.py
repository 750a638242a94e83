"""Reading what a test makes up."""

import pytest

from search.ingest import Rules, read


@pytest.fixture
def reading_of(tmp_path):
    """A file with this content, and the reading of it."""

    def reading(content, name="articles", mapping=None):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read([path], Rules.of(mapping))

    return reading


@pytest.fixture
def read_as(reading_of):
    """What comes of a file with this content."""
    return lambda *content_and_name, **options: list(reading_of(*content_and_name, **options))
