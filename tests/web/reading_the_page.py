"""What a reader finds on a page that was drawn without a browser."""

from search import NewsIndex


def html(page):
    return "\n".join(element.proto.body for element in page.get("html"))


def cards(page):
    return [
        element.proto.body
        for element in page.get("html")
        if element.proto.body.startswith("<article")
    ]


def labels(page):
    return [button.label for button in page.button]


def button(page, key):
    return next(found for found in page.button if found.key.startswith(key))


def shown(page):
    """The page drew without an error."""
    assert not page.exception
    assert not page.error
    return page


def passage_id(path, article_id, number=0):
    with NewsIndex.open(path) as index:
        return index.passages(article_id)[number].id
