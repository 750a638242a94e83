"""What a reader had to guess, and why a record could not be read: every name, with its meaning."""

from __future__ import annotations

FLAGS = {
    "no_header": "a text file without the line that names its date and outlet",
    "title_inferred": "no title; pages show the first sentence instead",
    "no_date": "no date of publication",
    "bad_date": "the date of publication cannot be one; kept in raw_date",
    "date_ambiguous": "day and month cannot be told apart; kept in raw_date",
    "bad_updated": "the date of the update cannot be read; kept in raw_updated",
    "naive_time": "a time without a zone, taken as UTC",
    "no_source": "no outlet and no link to name one",
    "source_from_url": "the outlet is the host of the link",
    "bad_url": "not an http or https link; kept in raw_url",
    "bad_language": "not a language tag; kept in raw_language",
    "language_guessed": "detected; its probability is in language_confidence",
    "odd_id": "the id was replaced by its hash; kept in original_id",
    "stub": "under 60 words, a summary, or cut by a paywall",
    "fuller_text": "a page with far more paragraphs than were found at first: all of them",
    "truncated": "longer than is kept; the rest is dropped",
    "extras_dropped": "a value too large to keep was dropped; named in dropped_fields",
    "fixed_encoding": "mojibake was repaired; raw_sha256 is the hash of what was read",
    "encoding_guessed": "not UTF-8; raw_sha256 is the hash of what was read",
    "ill_formed": "a feed that is not well-formed XML, read leniently",
    "many_lines": "a CSV row over more than 200 lines: its opening quote may lack an end",
}
"""Names that may stand in `article.extras["flags"]`."""

CODES = {
    "empty_body": "an article without text",
    "no_text": "no field that holds an article's text",
    "binary": "more than one character in a hundred is a control character",
    "bad_json": "not JSON, or not a JSON object",
    "bad_row": "a CSV row that does not fit its header, or a Parquet row that cannot be read",
    "bad_xml": "not well-formed XML",
    "bad_front_matter": "the lines before a Markdown text cannot be read",
    "unsafe_xml": "XML that declares entities",
    "too_deep": "JSON nested deeper than is read",
    "truncated_archive": "compressed data that ends early or is damaged",
    "unsafe_archive": "an archive that grows beyond reason, or a member that has no place in one",
    "too_large": "a feed, page, item or answer larger than is read at once",
    "embargoed": "not to be used before a time that has not come",
    "withdrawn": "its publisher's notice that it is withdrawn was read before it",
    "unreadable": "not a regular file, no permission, or changed while it was read",
    "bad_address": "not an http or https address, or one with a name and password in it",
    "private_address": "an address within a private network; --allow-private lets it be asked",
    "refused_by_robots": "the site's robots.txt asks programs not to fetch it, or cannot be read",
    "unreachable": "a server that cannot be reached, breaks off, or takes too long",
    "bad_status": "a server that answers with an error",
    "wrong_type": "an answer that is no text: a picture, a film, a program",
    "unknown_format": "no reader knows this content",
}
"""Values of `Reject.code`."""
