"""A small case with its observations, quick to fit: four metals, two frameworks."""

from pathlib import Path

from alloyscope.case import Case, read_case, settings

CASE = """
title = "A small reaction"

[chemistry]
thiolate = "p-MBA"

[reaction]
metals = ["Au", "Ag"]
exchange = { clusters = "kx", complexes = 0.01 }
step = [
    { equation = "A -> 4 M + 3 SR + 2 e", rate = "kd" },
    { equation = "B + SR <-> A", rate = "ki" },
]
yield_prior = [{ ratio = "1:0", time = "60min", least = 0.7 }]

[[reaction.framework]]
name = "A"
metals = 4
ligands = 3
charge = -1
site = [{ name = "core", count = 1, energy = { Au = "a" } }, { name = "shell", count = 3 }]

[[reaction.framework]]
name = "B"
metals = 4
ligands = 2
charge = 0
site = [
    { name = "core", count = 2, energy = { Au = -0.5 }, cooperativity = { Au = 0.4 } },
    { name = "shell", count = 2 },
]

[[reaction.parameter]]
name = "kx"
value = 0.03
unit = "1/min"
logarithmic = true
bounds = [1e-4, 10.0]
prior = 0.1
sd = 1.0
free = true
title = "metal exchange"

[[reaction.parameter]]
name = "kd"
value = 0.01
unit = "1/min"
logarithmic = true
bounds = [1e-5, 1.0]
prior = 0.01
sd = 1.0
free = true
title = "decay of A"

[[reaction.parameter]]
name = "ki"
value = 0.1
unit = "1/min"
logarithmic = true
bounds = [1e-4, 10.0]
prior = 0.1
sd = 1.0
free = true
title = "uptake of a thiolate"

[[reaction.parameter]]
name = "a"
value = 0.0
unit = "kT"
bounds = [-6.0, 6.0]
prior = 0.0
sd = 2.0
free = true
title = "Au in the core of A"

[[reaction.parent]]
name = "gold"
framework = "B"
composition = { Au = 4 }

[[reaction.parent]]
name = "silver"
framework = "A"
composition = { Ag = 4 }
"""

ENTRY = '[[observation]]\nid = "{}"\nkind = "{}"\nfigure = "{}"\nR = "{}"\nt_min = {}\n{}\n'
SEEN = "".join(
    ENTRY.format(*entry)
    for entry in (
        ("b there", "framework_present", "Fig 1a", "1/1", 60, 'f = "B"'),
        ("a there", "framework_present", "Fig 1a", "1/1", 60, 'f = "A"'),
        ("a falls", "decreasing", "Fig 1a", "1/2", 60, 't0 = 10\nf = "A"'),
        ("a mixes", "shift_up", "Fig 1a", "1/1", 60, 't0 = 2\nf = "A"'),
        ("x of b", "dominant_x", "Fig 1a", "3/1", 60, 'f = "B"\nlo = 3\nhi = 4'),
        ("no a", "framework_absent", "Fig 2b", "3/1", 60, 'f = "A"'),
        ("b most", "framework_dominant", "Fig 2b", "3/1", 60, 'f = "B"'),
        ("both", "coexist", "Fig 2b", "1/2", 60, 'f = "A"\ng = "B"'),
        ("silver free", "complexes", "Fig 2b", "1/2", 60, 'level = "Ag present"'),
        ("left", "efficiency", "Fig 2b", "3/1", 60, "lo = 0.7"),
    )
)


def write_small(folder: Path) -> Path:
    """Write the case and its observations; the case file."""
    folder.mkdir(exist_ok=True)
    (folder / "seen.toml").write_text(SEEN, encoding="utf-8")
    (folder / "small.toml").write_text(CASE, encoding="utf-8")
    return folder / "small.toml"


def small(folder: Path, use: str = "fit", **sections: dict[str, object]) -> Case:
    """The case, asking for a use of its observations."""
    path = write_small(folder)
    observations = {"file": str(folder / "seen.toml"), "use": use}
    return settings(read_case(path), "test", observations=observations, **sections)
