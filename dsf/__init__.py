"""dsf: from a labelled data set to a model in production that can be trusted, with code you own."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
