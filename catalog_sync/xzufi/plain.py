"""Rules in the form in which millions of them come, read without a parser.

What matches is well-formed by itself: plain letters, each tag closed, no attribute twice. So the parser need not see
it, as it need not see what it has read before (`feed`). Whatever is written in another way, or cannot be taken as it
is, is left to the parser and to `responsibilities`.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from catalog_sync.catalog.keys import AreaKey, is_agency, parse_ars
from catalog_sync.catalog.model import Responsibility, Version
from catalog_sync.errors import BadArs
from catalog_sync.xzufi.elements import Element, code_of
from catalog_sync.xzufi.feed import parser_options
from catalog_sync.xzufi.responsibilities import owner_kind_of

_SPACE = rb"[ \t\r\n]*"
_ATTRIBUTES = rb"""((?:[ \t\r\n]{1,40}[A-Za-z]{1,40}="[A-Za-z0-9 .:_/-]{0,200}"){0,8})"""
_VALUE = rb"([A-Za-z0-9._-]{1,200})"
_ATTRIBUTE = re.compile(r"([A-Za-z]+)=\"([^\"]*)\"")
_ROLES_KEPT = 256
_NO_VERSION = Version()
"""As `versions` answers, so that a rule is the same bytes whichever way it was read."""

_Role = Literal["01", "03"]


class _Scheme(NamedTuple):
    """What the attributes of an identifier say; `agency` is empty where it is none."""

    agency: str
    scheme: str


class PlainRules:
    """Reads those children of one root that hold a zustaendigkeitTransferObjekt in plain form.

    Args:
        encoding: of the message.
        root: whose prefix the tags have.
    """

    def __init__(self, encoding: str, root: Element) -> None:
        prefix = re.escape(f"{root.prefix}:".encode() if root.prefix else b"")
        area = _leaf(prefix, b"gebietID", rb"(\d{2,12})")
        self._areas = re.compile(area)
        area = area.replace(rb"((?:", rb"(?:(?:").replace(rb"(\d", rb"(?:\d")
        role = rb"<%brolle[ \t\r\n>][^\0]{1,400}?</%brolle>" % (prefix, prefix)
        inside = [
            _leaf(prefix, b"id", _VALUE),
            _leaf(prefix, b"leistungID", _VALUE),
            rb"((?:%b%b)+)" % (area, _SPACE),
            rb"(%b)?" % role,
        ]
        rule = _around(prefix, b"zustaendigkeit", _SPACE.join(inside))
        owner = _leaf(prefix, b"uebergeordnetesObjektID", _VALUE)
        transfer = _around(prefix, b"zustaendigkeitTransferObjekt", owner + _SPACE + rule)
        self._rule = re.compile(_around(prefix, b"schreibe", transfer) + _SPACE)
        self._roles = _Roles(encoding, root)

    def read(self, piece: bytes) -> Responsibility | None:
        """The rule that a piece brings, where it is plain and nothing is wrong with it."""
        found = self._rule.fullmatch(piece)
        if found is None:
            return None
        above, owner_value, own, value, of, service_value, areas, role = found.groups()
        owner, name, service = _scheme(above), _scheme(own), _scheme(of)
        keys = [_key(attributes, ars) for attributes, ars in self._areas.findall(areas)]
        if owner is None or name is None or service is None:
            return None
        if not (owner.agency and name.agency and service.agency):
            return None
        known = tuple(dict.fromkeys(key for key in keys if key is not None))
        said = None if role is None else self._roles.read(role)
        if None in keys or (role is not None and said is None):
            return None
        owner_kind = owner_kind_of(name.scheme, owner.scheme)
        return Responsibility(
            agency=name.agency,
            value=value.decode(),
            owner_kind=owner_kind,
            owner_agency=owner.agency,
            owner_value=owner_value.decode(),
            service_agency=service.agency,
            service_value=service_value.decode(),
            areas=known,
            role=None if owner_kind == "OD" else said,
            version=_NO_VERSION,
        )


def _leaf(prefix: bytes, name: bytes, content: bytes) -> bytes:
    return rb"<%b%b%b>%b</%b%b>" % (prefix, name, _ATTRIBUTES, content, prefix, name)


def _around(prefix: bytes, name: bytes, content: bytes) -> bytes:
    tag = prefix + name
    return rb"<%b>%b%b%b</%b>" % (tag, _SPACE, content, _SPACE, tag)


@lru_cache(maxsize=4096)
def _scheme(attributes: bytes) -> _Scheme | None:
    """The attributes of an identifier; None where one came twice or could declare a namespace."""
    pairs = _ATTRIBUTE.findall(attributes.decode())
    found = dict(pairs)
    if len(found) < len(pairs) or any(name.lower().startswith("xml") for name in found):
        return None
    agency = found.get("schemeAgencyID", "").strip()
    return _Scheme(agency if is_agency(agency) else "", found.get("schemeID", "").strip())


@lru_cache(maxsize=65536)
def _key(attributes: bytes, ars: bytes) -> AreaKey | None:
    """The area that a gebietID names; None where it is none, or not as plain as it looks."""
    try:
        return parse_ars(ars.decode()) if _scheme(attributes) is not None else None
    except BadArs:
        return None


class _Roles:
    """What roles say: few are ever written in a message, so each is read by a parser once."""

    def __init__(self, encoding: str, root: Element) -> None:
        names = ((f":{prefix}" if prefix else "", quoteattr(uri)) for prefix, uri in root.nsmap.items())
        declared = "".join(f" xmlns{name}={uri}" for name, uri in names)
        self._around = f"<r{declared}>".encode(encoding), b"</r>"
        self._options = parser_options(encoding)
        self._read: dict[bytes, _Role | None] = {}

    def read(self, element: bytes) -> _Role | None:
        """The role that the bytes of an element say; None where they say none, or are not one element."""
        if element not in self._read:
            if len(self._read) >= _ROLES_KEPT:
                self._read.clear()
            self._read[element] = self._parsed(element)
        return self._read[element]

    def _parsed(self, element: bytes) -> _Role | None:
        begin, end = self._around
        try:
            found = etree.fromstring(begin + element + end, etree.XMLParser(**self._options))
        except etree.XMLSyntaxError:
            return None
        match code_of(found[0]) if len(found) == 1 else "":
            case "01":
                return "01"
            case "03":
                return "03"
        return None
