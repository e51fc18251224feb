"""An SVG file as a part of an HTML page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["inline_svg"]

_FOREIGN = frozenset({"foreignObject", "metadata", "script", "style"})
"""Elements that would act on the page around the picture, or that it has no use for."""

_LINK_TO_ID = re.compile(r"url\(\s*[\"']?#([^)\"']+)[\"']?\s*\)")


def inline_svg(source: str, *, name: str, label: str) -> str:
    """Make an SVG file fit to stand in a page, beside others.

    Left out are the prolog, scripts, styles and whatever would load something from elsewhere.
    Ids get a prefix, since those of two pictures drawn alike are the same.

    Args:
        source: The file's text.
        name: The prefix; different for each picture of a page.
        label: What the picture shows, for those who cannot see it.

    Returns:
        One ``<svg>`` element with ``role="img"``. Its natural width is in ``--width``.

    Raises:
        ValueError: If the text is not SVG.
    """
    try:
        root = ET.fromstring(source)
    except ET.ParseError as error:
        raise ValueError(f"not well-formed: {error}") from error
    if _local(root.tag) != "svg":
        raise ValueError(f"the outermost element must be svg, but is {_local(root.tag)}")
    _remove_foreign(root)
    for element in root.iter():
        element.tag = _local(element.tag)
        attributes = dict(_kept_attributes(element, name))
        element.attrib.clear()
        element.attrib.update(attributes)
    width = root.attrib.pop("width", "480").removesuffix("pt").removesuffix("px")
    root.attrib.pop("height", None)
    root.attrib.update({"role": "img", "aria-label": label, "style": f"--width: {width}px"})
    return ET.tostring(root, encoding="unicode")


def _local(tag: object) -> str:
    """Drop the namespace: inside HTML there is none to name."""
    return str(tag).rpartition("}")[2]


def _remove_foreign(element: ET.Element) -> None:
    for child in list(element):
        if _local(child.tag) in _FOREIGN:
            element.remove(child)
        else:
            _remove_foreign(child)


def _kept_attributes(element: ET.Element, name: str) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        local = _local(key)
        if local == "id":
            yield local, f"{name}-{value}"
        elif local == "href":
            if value.startswith("#"):
                yield local, f"#{name}-{value[1:]}"
            elif value.startswith("data:image/png"):
                yield local, value
        elif not local.lower().startswith("on"):
            linked = _LINK_TO_ID.sub(rf"url(#{name}-\1)", value)
            if "url(" not in linked.replace(f"url(#{name}-", ""):
                yield local, linked
