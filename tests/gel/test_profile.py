import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alloyscope.errors import GelError
from alloyscope.gel.profile import LaneProfile, lane_bands, lane_called, noise_of, read_lane_profile

X = np.arange(0.0, 60.0, 0.1)


def gaussians(*bands: tuple[float, float, float], noise: float = 0.0, seed: int = 1) -> np.ndarray:
    y = sum((h * np.exp(-0.5 * ((X - c) / s) ** 2) for c, h, s in bands), np.zeros_like(X))
    return 10 + 0.05 * X + y + noise * np.random.default_rng(seed).standard_normal(X.size)


def test_bands_are_found_where_they_are():
    bands = lane_bands(LaneProfile("1", X, gaussians((20, 50, 0.8), (40, 100, 1.0), noise=1.0)))
    assert [band.position for band in bands] == pytest.approx([20, 40], abs=0.1)
    assert bands[1].width == pytest.approx(2.355, rel=0.1)
    assert bands[1].height == pytest.approx(100, rel=0.05)
    assert all(band.position_sd < 0.1 for band in bands)


def test_the_stated_error_of_a_position_covers_it():
    off = []
    for seed in range(200):
        profile = LaneProfile("1", X, gaussians((33.3, 60, 1.0), noise=3.0, seed=seed))
        (band,) = lane_bands(profile)
        off.append((band.position - 33.3) / band.position_sd)
    assert np.mean(np.abs(off) < 1.96) > 0.88
    assert abs(np.mean(off)) < 0.4


def test_a_lane_without_noise_has_the_noise_of_its_rounding():
    bands = lane_bands(LaneProfile("1", X, gaussians((20, 50, 0.8), (40, 100, 1.0))))
    assert [band.signal_to_noise for band in bands] == pytest.approx([500, 1000], rel=0.1)


def test_a_lane_s_name_is_not_said_twice():
    assert [lane_called(name) for name in ("3", "Lane 3", "mix")] == [
        "lane 3",
        "Lane 3",
        "lane mix",
    ]


def test_noise_alone_has_no_band():
    flat = 50 + np.random.default_rng(2).standard_normal(X.size)
    assert noise_of(flat) == pytest.approx(1.0, rel=0.1)
    with pytest.raises(GelError, match="no band that stands out"):
        lane_bands(LaneProfile("1", X, flat))
    with pytest.raises(GelError, match="no band"):
        lane_bands(LaneProfile("1", X, np.zeros_like(X)))


def table(delimiter=",", decimal=".", head="distance/mm,A,B") -> str:
    rows = [head.replace(",", delimiter)] if head else []
    for x, a, b in zip(X, gaussians((20, 50, 1)), gaussians((30, 50, 1)), strict=True):
        rows.append(delimiter.join(f"{v:.2f}".replace(".", decimal) for v in (x, a, b)))
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(("delimiter", "decimal"), [(",", "."), (";", ","), ("\t", ".")])
def test_lanes_in_any_dialect(tmp_path, delimiter, decimal):
    file = tmp_path / "lanes.csv"
    file.write_text(table(delimiter, decimal))
    first, second = read_lane_profile(file)
    assert (first.name, second.name) == ("A", "B")
    assert first.distance == pytest.approx(X)
    assert lane_bands(second)[0].position == pytest.approx(30, abs=0.1)


def test_lanes_without_names_and_from_the_far_end(tmp_path):
    file = tmp_path / "lanes.txt"
    file.write_text("\n".join(reversed(table(head="").strip().split("\n"))))
    first, _ = read_lane_profile(file)
    assert first.name == "1"
    assert "descend" in first.notes[0]
    assert lane_bands(first)[0].position == pytest.approx(20, abs=0.1)


def lines(n: int, *more: str) -> str:
    return "\n".join(["d,i", *(f"{k}.5,{k % 7}.5" for k in range(n)), *more])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no table"),
        ("nothing here\nat all\n", "no table"),
        (lines(5), "5 points"),
        (lines(20, "3.5,2.5"), "line 22: found distance 3.5 after 19.5"),
        (lines(20, "20.5,1.5,3.5"), "line 22: found 3 columns"),
        (lines(20, "a,b", "c,d", "e,f"), 'line 24: found "e,f"'),
        (lines(20, "20.5,nan"), "no numbers"),
    ],
)
def test_broken_files_are_said(tmp_path, text, said):
    file = tmp_path / "lane.csv"
    file.write_text(text)
    with pytest.raises(GelError, match=said) as caught:
        read_lane_profile(file)
    assert "lane.csv" in str(caught.value)


def test_what_is_no_text_or_not_there(tmp_path):
    image = tmp_path / "gel.png"
    image.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(GelError, match="bytes that are no text"):
        read_lane_profile(image)
    with pytest.raises(GelError, match="No such file"):
        read_lane_profile(tmp_path / "none.csv")


PIECES = st.sampled_from([b"", b",", b"\n", b"x", b"\xff", b"-", b"1e9"])
SPOILS = st.lists(st.tuples(st.integers(0, 2000), PIECES), min_size=1, max_size=6)


@settings(deadline=None, max_examples=80,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(SPOILS)
def test_spoiled_files_give_lanes_or_one_line(tmp_path, spoils):
    data = bytearray(table().encode()[:2000])
    for at, piece in spoils:
        data[at : at + 1] = piece
    file = tmp_path / "lane.csv"
    file.write_bytes(bytes(data))
    said = ""
    try:
        for lane in read_lane_profile(file):
            assert np.isfinite(lane.intensity).all()
            lane_bands(lane)
    except GelError as error:
        said = str(error)
    assert "\n" not in said
