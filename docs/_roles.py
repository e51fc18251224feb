"""Shows the roles of docstrings (``:class:`Main```) as the code they name.

Editors know the roles; mkdocs does not. Used by mkdocs.yml as a hook.
"""

from __future__ import annotations

import re
from typing import Any

_ROLE = re.compile(r":(?:attr|class|data|exc|func|meth|mod|obj):<code>~?")


def on_page_content(html: str, **_: Any) -> str:
    """Take the roles off a page's text; their names stay as code."""
    return _ROLE.sub("<code>", html)
