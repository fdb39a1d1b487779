"""How an element of a message is looked at: by local names, whatever namespace or prefix a version has."""

from typing import TypeAlias

from lxml.etree import _Element

Element: TypeAlias = _Element
Parts: TypeAlias = dict[str, list[Element]]
"""An element's children by local name, each list in the order of the message."""

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def local_name(element: Element) -> str:
    """A tag without its namespace."""
    tag: str = element.tag  # type: ignore[assignment] # no comments or processing instructions are in the tree
    return tag[tag.rfind("}") + 1 :]


def namespace_of(element: Element) -> str:
    """The namespace of a tag, empty where it has none."""
    tag: str = element.tag  # type: ignore[assignment] # as above
    return tag[1:].rpartition("}")[0]


def parts_of(element: Element) -> Parts:
    """An element's children by local name."""
    parts: Parts = {}
    for child in element:
        tag: str = child.tag  # type: ignore[assignment] # `local_name` written out: this runs for every element
        name = tag[tag.rfind("}") + 1 :]
        if name in parts:
            parts[name].append(child)
        else:
            parts[name] = [child]
    return parts


def child_named(element: Element, name: str) -> Element | None:
    """The first child of that local name."""
    for child in element:
        tag: str = child.tag  # type: ignore[assignment] # as above
        if tag[tag.rfind("}") + 1 :] == name:
            return child
    return None


def first(parts: Parts, *names: str) -> Element | None:
    """The first element under the first of these names that is there at all."""
    for name in names:
        if name in parts:
            return parts[name][0]
    return None


def every(parts: Parts, *names: str) -> list[Element]:
    """All elements under these names."""
    if len(names) == 1:
        return parts.get(names[0]) or []
    return [element for name in names for element in parts.get(name, ())]


def text_of(element: Element | None) -> str:
    """An element's words, trimmed; empty where there is no element."""
    if element is None:
        return ""
    text = "".join(element.itertext()) if len(element) else element.text
    return text.strip() if text else ""


def code_of(element: Element | None) -> str:
    """What a code element says: `code` inside it (2.1 qualified, 2.2 unqualified), else its own text (einheit)."""
    if element is None:
        return ""
    return text_of(child_named(element, "code") if len(element) else element)


def attribute(element: Element, name: str) -> str:
    """An attribute's value by local name, trimmed; empty where there is none."""
    value = element.get(name)
    if value is None:
        for key, other in element.items():
            if key.endswith("}" + name):
                value = other
    return value.strip() if value else ""


def variant_of(element: Element) -> str:
    """The name that `xsi:type` gives an element, without prefix, in small letters; empty where there is none."""
    return element.get(_XSI_TYPE, "").rpartition(":")[2].strip().lower()


def opened(element: Element, containers: frozenset[str]) -> tuple[frozenset[str], Parts]:
    """The children of an element as if its containers were not there, and what names the variant.

    Senders put a choice on the element itself (`xsi:type`), on a child (`kostenauswahl xsi:type`), into a child
    named for the variant (`kostenFix`), or into both.

    Returns:
        the names of the variant, in small letters, and the parts of all levels together.
    """
    named = {variant_of(element)}
    parts: Parts = {}
    waiting = [element]
    while waiting:
        for child in waiting.pop():
            name = local_name(child)
            if name.lower() in containers:
                named |= {name.lower(), variant_of(child)}
                waiting.append(child)
            else:
                parts.setdefault(name, []).append(child)
    return frozenset(named), parts
