"""Links: which are kept, what they say of outlet and day, and when two lead to the same article."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

MAX_URL_CHARS = 4_000

_DEFAULT_PORTS = {"http": 80, "https": 443}
_URL = re.compile("https?://", re.IGNORECASE)
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
_SLASHES = re.compile("/{2,}")
_HEX = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_WITHOUT_MEANING = re.compile(r"^(?:(?:www\d?|amp|m|mobile)\.)+(?=[^.]+\.)")
_CACHE_HOST = re.compile(r"(?:.+\.)?cdn\.ampproject\.org|(?:www\.)?google\.[a-z.]{2,6}")
_CACHE_PATH = re.compile(r"/(?:[a-z]|amp)/(?:s/)?([^/]+\.[^/]+/.*)")
_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([/_-]?)(0?[1-9]|1[0-2]|[a-z]{3})\2(0?[1-9]|[12]\d|3[01])(?!\d)", re.I
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_AS_IT_IS = "/%:@!$&'()*+,;=~[]|^`{}\"<>\\"


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
    while _CACHE_HOST.fullmatch(parts.hostname or ""):
        of = _CACHE_PATH.fullmatch(_SLASHES.sub("/", parts.path))
        inner = web_link(f"https://{of[1]}") if of else None
        if inner is None:
            break
        parts = inner._replace(query=parts.query, fragment=parts.fragment)
    return parts


def _canonical_path(path: str) -> str:
    path = _SLASHES.sub("/", quote(path, safe=_AS_IT_IS, errors="replace"))
    path = _HEX.sub(lambda found: found[0].upper(), path)
    while (shorter := _AMP_FRONT.sub("", _ENDING.sub("", path))) != path:
        path = shorter
    return path


def day_in(url: str) -> str | None:
    """The day in a link's path in ISO 8601, as in /2026/02/03/, /2026-02-03- or /20260203/."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for year, dash, month, day in _DAY.findall(path):
        if not dash and len(month + day) != len("0203"):
            continue
        if month.isdigit() or month.lower() in _MONTHS:
            number = int(month) if month.isdigit() else _MONTHS.index(month.lower()) + 1
            return f"{year}-{number:02}-{int(day):02}"
    return None
