"""Plain words for the colour of a solution, by lightness, chroma and hue in CIELAB.

| lightness L, chroma C | word |
|---|---|
| L above 97, C below 3 | colourless |
| L above 85, C below 12 | almost colourless, with a tinge of the hue |
| L below 6 | black |
| C below 8 | grey |

Otherwise the hue names it: below 20 and from 345 degrees red (from L 75 on pink), to 50 red (from
L 60 on salmon), to 80 orange, to 112 yellow, to 170 green, to 215 blue-green, to 308 blue, to 330
violet, to 345 purple. Orange below L 55 and yellow below L 40 are brown, yellow below L 60 olive.
Before it stands: dark below L 35 (deep where C is 45 or more), deep below L 50 where C is 45 or
more, pale from L 85 on unless C is 60 or more; greyish elsewhere where C is below 20.
"""

from __future__ import annotations

HUES = (
    (50.0, "red"), (80.0, "orange"), (112.0, "yellow"), (170.0, "green"), (215.0, "blue-green"),
    (308.0, "blue"), (330.0, "violet"), (345.0, "purple"), (360.0, "red"),
)  # fmt: skip


def colour_name(lightness: float, chroma: float, hue: float) -> str:
    """Words for a colour.

    lightness : CIE L*, 0 to 100; chroma : C*ab; hue : h_ab, degrees from 0 to 360

    >>> colour_name(30, 60, 40), colour_name(25, 35, 65), colour_name(99, 1, 100)
    ('deep red', 'dark brown', 'colourless')
    """
    word = hue_word(lightness, hue)
    if lightness > 97 and chroma < 3:
        return "colourless"
    if lightness < 6:
        return "black"
    if lightness > 85 and chroma < 12:
        plain = next(name for end, name in HUES if hue < end or end == 360.0)
        return f"almost colourless, with a tinge of {plain}"
    if chroma < 8:
        word = "grey"
    return f"{strength(lightness, chroma)} {word}".strip()


def hue_word(lightness: float, hue: float) -> str:
    """The hue, as it is called at this lightness."""
    word = next(name for end, name in HUES if hue < end or end == 360.0)
    if word == "red":
        cool = hue < 20 or hue >= 345
        if lightness >= (75 if cool else 60):
            return "pink" if cool else "salmon"
    if (word == "orange" and lightness < 55) or (word == "yellow" and lightness < 40):
        return "brown"
    return "olive" if word == "yellow" and lightness < 60 else word


def strength(lightness: float, chroma: float) -> str:
    """Dark, deep, pale, greyish, or nothing."""
    if lightness < 50 and chroma >= 45:
        return "deep"
    if lightness < 35:
        return "dark"
    if lightness >= 85 and chroma < 60:
        return "pale"
    return "greyish" if chroma < 20 else ""
