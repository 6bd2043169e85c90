"""Help comes at once: no command's help imports what only its work needs."""

import subprocess
import sys

import pytest

HEAVY = ("numpy", "scipy", "matplotlib", "pydantic", "numba", "rich", "pymzdata")
PROGRAM = """
import sys
from alloyscope.cli.main import main
sys.argv = ["alloyscope", *{arguments!r}]
try:
    main()
except SystemExit:
    pass
print("IMPORTED", *sorted(set({heavy!r}) & set(sys.modules)))
"""


@pytest.mark.parametrize(
    "command", [[], ["assign"], ["show"], ["isotopes"], ["simulate"], ["plan"], ["ligands"]]
)
def test_help_imports_nothing_heavy(command):
    program = PROGRAM.format(arguments=[*command, "--help"], heavy=HEAVY)
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("Usage: alloyscope")
    assert ran.stdout.splitlines()[-1].strip() == "IMPORTED"
