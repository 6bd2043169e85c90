import pytest

from alloyscope.chemistry.closed_shell import GAPS, ORDER, closed_shell


@pytest.mark.parametrize("electrons", sorted(GAPS))
def test_magic_counts_close_a_shell(electrons):
    found = closed_shell(electrons)
    assert found.closed
    assert found.magic
    assert not found.radical
    assert found.remark.startswith("Closed")


@pytest.mark.parametrize("electrons", [40, 68, 70, 106])
def test_closings_with_narrow_gaps_are_said(electrons):
    found = closed_shell(electrons)
    assert found.closed
    assert not found.magic
    assert "narrow" in found.remark


def test_eighteen_and_twenty_close_different_shells():
    assert closed_shell(18).configuration == "1S² 1P⁶ 1D¹⁰"
    assert closed_shell(20).configuration == "1S² 1P⁶ 1D¹⁰ 2S²"
    assert "18 and 20" in closed_shell(18).remark
    assert "18 and 20" in closed_shell(20).remark


def test_open_shells_and_radicals():
    found = closed_shell(19)
    assert (found.closed, found.radical) == (False, True)
    assert "2S holds 1 of 2" in found.remark
    assert "radical" in found.remark
    assert not closed_shell(7).closed
    assert not closed_shell(14).radical


@pytest.mark.parametrize(("electrons", "cluster"), [(14, "Au38(SR)24"), (16, "Au25(PPh3)10")])
def test_documented_superatom_molecules_are_said_with_their_source(electrons, cluster):
    said = closed_shell(electrons).remark
    assert said.startswith("Open")
    assert "superatom molecule" in said
    assert cluster in said
    assert "(20" in said


@pytest.mark.parametrize("electrons", range(1, sum(n for _, n in ORDER) + 1))
def test_configurations_hold_all_electrons(electrons):
    figures = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    parts = closed_shell(electrons).configuration.translate(figures).split()
    assert sum(int(part[2:]) for part in parts) == electrons


@pytest.mark.parametrize(("electrons", "said"), [(0, "complex"), (-1, "Fewer"), (500, "More")])
def test_counts_beyond_the_model(electrons, said):
    found = closed_shell(electrons)
    assert not found.closed
    assert said in found.remark
