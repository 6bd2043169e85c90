"""`alloyscope ligands` lists the names that notation knows."""


def test_table_and_own_ligand(alloyscope, tmp_path):
    case = tmp_path / "case.toml"
    case.write_text('[[chemistry.ligand]]\nname = "MyS"\nformula = "C9H11S"\n')
    out = alloyscope("ligands", "--case", case).out
    assert "C7H5O2S" in out
    assert "MyS" in out
    assert "NOct4" in out
