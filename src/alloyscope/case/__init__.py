"""A case: the study's chemistry, its data and what is asked of them, read from TOML or flags."""

from alloyscope.case.read import (
    bundled_cases,
    case_from,
    case_toml,
    read_case,
    settings,
    write_case,
)
from alloyscope.case.schema import Case

__all__ = ["Case", "bundled_cases", "case_from", "case_toml", "read_case", "settings", "write_case"]
