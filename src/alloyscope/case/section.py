"""What every table of a case file has in common."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False, strict=True)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)]
Whole = Annotated[int, Field(strict=True)]
Count = Annotated[int, Field(ge=0, le=1000, strict=True)]
Range = tuple[Count, Count]


class Section(BaseModel):
    """A table of the case file: fixed once read, and no key that alloyscope does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def table_of(model: type[BaseModel], key: str) -> tuple[type[Section] | None, bool]:
    """The section that stands under a key, if one does, and whether there may be several."""
    field = model.model_fields.get(key)
    annotation: Any = field.annotation if field else None
    inner = get_args(annotation)[:1] if get_args(annotation)[1:] == (Ellipsis,) else ()
    for kind in (annotation, *inner):
        if isinstance(kind, type) and issubclass(kind, Section):
            return kind, kind is not annotation
    return None, False


def check_ranges(where: str, ranges: dict[str, Range]) -> None:
    """Raise ValueError for a range whose first number is above its second."""
    for name, (low, high) in ranges.items():
        if low > high:
            raise ValueError(f"{where} of {name}: {[low, high]}, the first above the second")
