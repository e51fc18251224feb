from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from dsf.report.figures.inline_svg import inline_svg

NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def inline(inside: str, attributes: str = "") -> str:
    source = f'<?xml version="1.0"?>\n<svg {NAMESPACES} {attributes}>{inside}</svg>'
    return inline_svg(source, name="first", label='the "label" <b>')


def test_the_root_is_an_image_with_a_label_and_a_natural_width() -> None:
    root = ET.fromstring(inline("", 'width="374.4pt" height="100pt" viewBox="0 0 374.4 100"'))
    assert root.attrib == {
        "viewBox": "0 0 374.4 100",
        "role": "img",
        "aria-label": 'the "label" <b>',
        "style": "--width: 374.4px",
    }


def test_ids_and_what_points_to_them_get_the_prefix() -> None:
    text = inline(
        '<g id="a"/><use xlink:href="#a"/><use href="#a"/>'
        '<path clip-path="url(#a)" style="fill:url(#a)"/>'
    )
    assert text.count("first-a") == 5
    assert not re.search(r"[#\"(]a\b", text)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<style>@import url(http://x.org)</style>",
        "<metadata><a>http://x.org</a></metadata>",
        "<foreignObject><b>x</b></foreignObject>",
        '<g><g><script href="x.js"/></g></g>',
    ],
)
def test_elements_that_act_on_the_page_are_left_out(inside: str) -> None:
    root = ET.fromstring(inline(inside))
    assert {element.tag for element in root.iter()} <= {"svg", "g"}


@pytest.mark.parametrize(
    "attribute",
    [
        'onload="alert(1)"',
        'ONCLICK="alert(1)"',
        'href="http://x.org"',
        'xlink:href="javascript:alert(1)"',
        'fill="url(http://x.org/a.svg#b)"',
        'style="fill: url( //x.org )"',
        'style="fill: url(#a); mask: url(http://x.org)"',
        'href="data:image/svg+xml,x"',
    ],
)
def test_attributes_that_load_or_run_something_are_left_out(attribute: str) -> None:
    (path,) = ET.fromstring(inline(f"<path {attribute}/>"))
    assert path.attrib == {}


def test_an_embedded_image_stays() -> None:
    assert "data:image/png;base64,AA==" in inline('<image href="data:image/png;base64,AA=="/>')


@pytest.mark.parametrize(
    ("source", "said"),
    [("", "not well-formed"), ("<svg><g></svg>", "not well-formed"), ("<html/>", "but is html")],
)
def test_what_is_no_svg_is_refused(source: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        inline_svg(source, name="x", label="x")
