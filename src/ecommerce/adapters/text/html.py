"""HTML made harmless by nh3 (ammonia)."""

from typing import Final

import nh3

_TAGS: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS),
    attributes={
        "a": {"href", "title"},
        "img": {"src", "alt", "title", "width", "height"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan", "scope"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer nofollow",
)


class Nh3Sanitizer:
    """Keeps text, lists, tables, links and pictures; drops scripts, styles and handlers."""

    def clean(self, html: str) -> str:
        """Clean it; a text without ``<`` has no markup in it and stays as it is."""
        return _CLEANER.clean(html) if "<" in html else html
