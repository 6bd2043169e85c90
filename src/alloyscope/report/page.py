"""Self-contained pages: figures inline, no script, nothing fetched."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, **values: Any) -> str:
    """A page as HTML; text is escaped, figures are given as Markup."""
    environment = Environment(
        loader=PackageLoader("alloyscope.report"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template(template).render(version=version("alloyscope"), **values)
