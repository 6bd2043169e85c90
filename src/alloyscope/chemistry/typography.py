"""Notation as it is pasted from papers, brought to plain characters."""

from __future__ import annotations

import re

SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
SUBSCRIPT = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
DASHES = str.maketrans(dict.fromkeys("−–—‐‑‒﹣－˗", "-"))
WORDS = (
    (re.compile(r"<sub>\s*(.*?)\s*</sub>", re.I), r"\1"),
    (re.compile(r"<sup>\s*(.*?)\s*</sup>", re.I), r"^\1"),
    (re.compile(r"</?[a-z]+>", re.I), ""),
    (re.compile(r"&(?:minus|ndash|#8722);"), "-"),
    (re.compile(r"&(?:nbsp|thinsp);|\\[,;:! ]|~|\u00a0|\u2009|\u202f|\u200b"), " "),
    (re.compile(r"\\(?:left|right|big|Big)\s*"), ""),
    (re.compile(r"\\(?:ce|mathrm|mathit|mathbf|mathsf|text|textit|textrm|textsubscript|rm|it|em)"
                r"\b\s*"), ""),
    (re.compile(r"\\textsuperscript\s*"), "^"),
    (re.compile(r"\\(?:cdot|times)\b"), "·"),
    (re.compile(r"\$"), ""),
    (re.compile(r"_\s*\{\s*([^{}]*?)\s*\}"), r"\1"),
    (re.compile(r"_(?=\w)"), ""),
    (re.compile(r"\^\s*\{\s*([^{}]*?)\s*\}"), r"^\1"),
)  # fmt: skip


def plain(text: str) -> str:
    """The notation without LaTeX, HTML, super- and subscripts or typographic dashes.

    >>> plain("[Ag₄₄(p‑MBA)₃₀]⁴⁻"), plain(r"$[\\mathrm{Ag}_{44}(p\\text{-MBA})_{30}]^{4-}$")
    ('[Ag44(p-MBA)30]^4-', '[Ag44(p-MBA)30]^4-')
    """
    text = re.sub(r"\s+", " ", text)
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+", lambda m: "^" + "".join(SUPERSCRIPT[c] for c in m[0]), text)
    text = text.translate(SUBSCRIPT).translate(DASHES)
    for pattern, replacement in WORDS:
        text = pattern.sub(replacement, text)
    text = re.sub(r"\{([^{}\[\]]*)\}", r"\1", text) if "\\" not in text else text
    text = re.sub(r"\^\^+", "^", text)
    while text[:1] == "{" and text[-1:] == "}":
        text = text[1:-1].strip()
    return re.sub(r"\s+", " ", text).strip()
