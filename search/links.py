"""Links: which are kept, which outlet they name, and when two of them lead to the same article."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

MAX_URL_CHARS = 4_000

_DEFAULT_PORTS = {"http": 80, "https": 443}
_URL = re.compile("https?://", re.IGNORECASE)
_TRACKING = re.compile(
    r"(?:utm_|pk_|mtm_|hsa_|_hs|at_|xtor|wt\.)"
    r"|(?:fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|mc_[ce]id|cmpid|cmp|icid|ncid|smid|smtyp"
    r"|ocid|sr_share|s_cid|ns_\w+|ref|ref_src|referrer|via|feedtype|feedname|partner|emc|hp"
    r"|action|clicksource|pgtype|module|region|spm|share|outputtype|amp)$",
    re.IGNORECASE,
)
_AMP_ENDING = re.compile(r"(?:/amp|\.amp)(?=(?:\.html?)?/?$)", re.IGNORECASE)
_WITHOUT_MEANING = re.compile(r"^(?:www|amp|m|mobile)\.")


def is_url(text: str) -> bool:
    """Whether a place to read from is an address rather than a path."""
    return _URL.match(text) is not None


def web_link(url: str) -> SplitResult | None:
    """The parts of an http or https link that a page may offer; None for any other text."""
    if len(url) > MAX_URL_CHARS or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _DEFAULT_PORTS and parts.hostname and parts.port != 0
    except ValueError:  # a port or an address that cannot be one
        return None
    return parts if usable else None


def host(parts: SplitResult) -> str:
    """The host that names an outlet, such as `cnn.com` for `https://www.cnn.com/…`."""
    return (parts.hostname or "").removeprefix("www.")


def canonical_url(parts: SplitResult) -> str | None:
    """Equal for links to the same article; serves its id, never a reader.

    Without scheme, fragment, default port, tracking parameters, AMP and mobile forms; parameters
    sorted. None when only a host is left: a front page is no article's address.
    """
    name = _WITHOUT_MEANING.sub("", parts.hostname or "")
    if parts.port and parts.port != _DEFAULT_PORTS[parts.scheme]:
        name = f"{name}:{parts.port}"
    path = _AMP_ENDING.sub("", parts.path).rstrip("/")
    path = path.removeprefix("/amp") if path.startswith("/amp/") else path
    kept = sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0]))
    if not path and not kept:
        return None
    return f"{name}{path}?{urlencode(kept, errors='replace')}" if kept else name + path
