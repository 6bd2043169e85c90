"""`[plan]`: a wanted product, and where to look for the feed that gives it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from alloyscope.case.section import Count, Section, Whole


class PlanSection(Section):
    """`[plan]`: which feed, stopped when, gives a wanted product.

    framework : its name, in equations or in tables; "" for any
    x         : [least, greatest] count of the first metal; [] for any
    aim       : what is made as large as possible: purity times yield, or one of them
    times     : those that are tried, or one range, "2min-20h"; none for 1 min to 24 h
    ratios    : [lowest, highest] feed, in the order of the parents
    total     : volume of the mixture, "5 mL"
    metal_concentration : of the stocks, "1 mM"; "" for [reaction] concentration
    draws     : of parameters for the uncertainty
    """

    framework: str = ""
    x: tuple[()] | tuple[Count, Count] = ()
    aim: Literal["both", "purity", "yield"] = "both"
    times: tuple[str, ...] = ()
    ratios: tuple[str, str] = ("1:40", "40:1")
    total: str = ""
    metal_concentration: str = ""
    draws: Annotated[int, Field(ge=0, le=100_000, strict=True)] = 100
    seed: Annotated[Whole, Field(ge=0)] = 1

    @model_validator(mode="after")
    def _x_ascends(self) -> PlanSection:
        if self.x and self.x[0] > self.x[1]:
            raise ValueError(f"x = {list(self.x)}: the first above the second")
        return self
