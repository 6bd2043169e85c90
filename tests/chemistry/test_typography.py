import pytest

from alloyscope.chemistry.typography import plain


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("[Ag₄₄(p‑MBA)₃₀]⁴⁻", "[Ag44(p-MBA)30]^4-"),
        ("[Ag44(p–MBA)30]4−", "[Ag44(p-MBA)30]4-"),
        (r"\ce{[Ag44(p-MBA)30]^{4-}}", "[Ag44(p-MBA)30]^4-"),
        (r"$[\mathrm{Ag}_{44}(p\text{-MBA})_{30}]^{4-}$", "[Ag44(p-MBA)30]^4-"),
        (r"[Ag\textsubscript{44}]\textsuperscript{4-}", "[Ag44]^4-"),
        ("<i>[Ag<sub>44</sub>]</i><sup>4&#8722;</sup>", "[Ag44]^4-"),
        ("  [Ag44(p-MBA)30]\n 4- ", "[Ag44(p-MBA)30] 4-"),
        ("_{" + " " * 3000, "_{"),
    ],
)
def test_dress_is_taken_off(printed, text):
    assert plain(printed) == text
