"""Links: which are kept, which outlet they name, and when two of them lead to the same article."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

MAX_URL_CHARS = 4_000

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm_|itm_|pk_|mtm_|hsa_|oly_|guce_|_hs|at_|xtor|wt\.|\?utm_)"
    r"|(?:fbclid|gclid|gclsrc|gbraid|wbraid|gad_source|srsltid|dclid|msclkid|yclid|twclid|ttclid"
    r"|li_fat_id|igshid|igsh|epik|mkt_tok|vero_id|_ga|_gl|mc_[ce]id|__twitter_impression"
    r"|cmpid|cmp|icid|intcmp|ncid|smid|smtyp|smprod|ocid|sr_share|s_cid|ex_cid|ns_\w+|\.?tsrc"
    r"|ref|ref_src|referrer|rref|mtrref|iref|via|feedtype|feedname|partner|emc|hp|hpt|hpid|itid"
    r"|guccounter|soc_src|soc_trk|fsrc|srnd|taid|gwh|gwt|abt|abg|adxnnlx?|nlid|_r|assettype"
    r"|contentcollection|contentplacement|action|clicksource|pgtype|module|region|spm|share"
    r"|outputtype|amp)$",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"^(?:amp;)+", re.IGNORECASE)
_ENDING = re.compile(
    r"(?:/amp|\.amp|/(?:index|default)(?:\.amp)?\.(?:html?|php|aspx?|jsp)|;jsessionid=[^/]*)?/*$"
    r"|\.amp(?=\.html?/*$)",
    re.IGNORECASE,
)
_AMP_FRONT = re.compile(r"^(?:/amp(?=/))+")
_HEX = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_WITHOUT_MEANING = re.compile(r"^(?:(?:www\d?|amp|m|mobile)\.)+(?=[^.]+\.)")
_CACHE_HOST = re.compile(r"(?:.+\.)?cdn\.ampproject\.org|(?:www\.)?google\.[a-z.]{2,6}")
_CACHE_PATH = re.compile(r"/(?:[a-z]|amp)/(?:s/)?([^/]+\.[^/]+/.*)")
_AS_IT_IS = "/%:@!$&'()*+,;=~[]|^`{}\"<>\\"


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

    Without scheme, fragment, default port, tracking parameters, AMP and mobile forms, AMP caches,
    `index.html` and a closing slash; parameters sorted. A fragment that begins with `!` is part of
    the address. None when only a host is left: a front page is no article's address.
    """
    parts = _out_of_cache(parts)
    name = _WITHOUT_MEANING.sub("", (parts.hostname or "").rstrip("."))
    name = f"[{name}]" if ":" in name else name
    if parts.port and parts.port != _DEFAULT_PORTS[parts.scheme]:
        name = f"{name}:{parts.port}"
    path = _canonical_path(parts.path)
    named = ((_ESCAPED.sub("", k), v) for k, v in parse_qsl(parts.query, keep_blank_values=True))
    kept = sorted(pair for pair in named if not _TRACKING.match(pair[0]))
    state = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    if not path and not kept and not state:
        return None
    query = f"?{urlencode(kept, errors='replace')}" if kept else ""
    return f"{name}{path}{query}{state}"


def _out_of_cache(parts: SplitResult) -> SplitResult:
    """The link that a copy in an AMP cache is of."""
    while _CACHE_HOST.fullmatch(parts.hostname or "") and (of := _CACHE_PATH.fullmatch(parts.path)):
        inner = web_link(f"https://{of[1]}")
        if inner is None:
            break
        parts = inner._replace(query=parts.query, fragment=parts.fragment)
    return parts


def _canonical_path(path: str) -> str:
    path = re.sub("/{2,}", "/", quote(path, safe=_AS_IT_IS, errors="replace"))
    path = _HEX.sub(lambda found: found[0].upper(), path)
    while (shorter := _AMP_FRONT.sub("", _ENDING.sub("", path))) != path:
        path = shorter
    return path
