"""Reactions to test the model by: small ones of every kind, and one of the size of Au44-Ag44."""

from alloyscope.reaction.framework import Framework, Parent, SiteClass
from alloyscope.reaction.notation import parse_equation
from alloyscope.reaction.reaction import Exchange, Reaction, Step

TWO, THREE = ("Au", "Ag"), ("Au", "Ag", "Cu")
EXCHANGE = Exchange(0.9, 0.07)
POTENTIALS = (("SR", 0.4), ("RSSR", -1.5), ("e", 0.2))


def step(equation, rate=0.1, **more):
    return Step(parse_equation(equation), rate, **more)


def framework(name, metals, ligands, charge, sites=(), **more):
    sites = sites or (SiteClass("all", metals),)
    return Framework(name, metals, ligands, charge, metals - ligands - charge, sites, **more)


def classes(n, *energies, cooperativity=0.0):
    """Two classes of sites; energies of the first metal there, the second metal half of it."""
    first = max(n // 3, 1)
    of_copper = {} if len(energies) < 3 else {"Ag": energies[2]}
    return (
        SiteClass("core", first, {"Au": energies[0]} | of_copper, {"Au": cooperativity}),
        SiteClass("shell", n - first, {"Au": energies[1]}),
    )


def quartet(n, ligands, third=()):
    """Frameworks of which A + C = 2 B + RSSR = B + D, C + SR = B, 2 A = 2 D + 2 SR."""
    return (
        framework("A", n, ligands, -4, classes(n, -1.5, 0.8, *third, cooperativity=0.9)),
        framework("B", n, ligands - 3, -3, classes(n, -0.7, 1.1), level=("C", 0.6 * n),
                  lability=3.0),
        framework("C", n, ligands - 4, -2, classes(n, -0.3, -0.5, *third), energy=0.3),
        framework("D", n, ligands - 1, -3, classes(n, 0.6, 0.2), energy=1.0),
    )  # fmt: skip


def made(frameworks, steps=(), metals=TWO, exchange=EXCHANGE, potentials=POTENTIALS, **more):
    """A reaction whose parents are the last framework but one in gold, and the first in silver."""
    gold, silver = frameworks[-2 if len(frameworks) > 1 else -1], frameworks[0]
    parents = (Parent("gold", gold.name, {"Au": gold.metals}),
               Parent("silver", silver.name, {metals[-1]: silver.metals}))  # fmt: skip
    return Reaction(metals, "p-MBA", tuple(frameworks), parents, tuple(steps), exchange,
                    potentials=potentials, **more)  # fmt: skip


def of_every_kind(n=6, ligands=6, metals=TWO, exchange=EXCHANGE):
    """Every kind of step, with clusters, pools and both that take part and are not used up."""
    e = n - ligands + 4
    steps = [
        step(f"A -> {n} M + {ligands} SR + {e} e", 0.05, slope=0.3),
        step(f"A + C -> A + {n} M + {ligands - 4} SR + {e + 2} e", 0.4, quench=(("Au", 0.5),)),
        step(f"Ag + SR + D -> Ag + {n} M + {ligands} SR + {e} e", 0.2),
        step(f"2 B -> B + {n} M + {ligands - 3} SR + {e + 2} e", 0.03),
        step("C + SR <-> B", 0.2, slope=-0.2),
        step("B + C + SR -> 2 B", 0.3, quench=(("Ag", 0.1), ("Au", 0.2))),
        step("A <-> D + SR", 0.1),
        step("A + C <-> 2 B + RSSR", 0.6),
        step("A + C + SR <-> B + D + SR", 0.25),
        step("2 A <-> 2 D + 2 SR", 0.15),
        step("A + B + C -> 2 B + D", 0.35, quench=(("Au", 0.3),)),
        step(f"{n} M + {ligands} SR + {e} e -> A", 0.3),
        step(f"B + {n} M + {ligands - 3} SR + {e + 2} e -> 2 B", 0.3, quench=(("Au", 0.1),)),
        step("RSSR + 2 e <-> 2 SR", 0.2),
        step("B + e -> B + oxidised", 0.1, quench=(("Ag", 0.2),)),
        step("Au -> dark Au", 0.05),
        step("SR -> dark SR", 0.02),
        step(f"B -> {n} dark M + {ligands - 3} dark SR + {e + 2} dark e", 0.04, slope=0.2),
    ]
    return made(quartet(n, ligands, () if metals == TWO else (0.4,)), steps, metals, exchange)


def of_unequal_metals():
    """Clusters of 5 and of 8 metals."""
    frameworks = (
        framework("P", 5, 4, -1, classes(5, -1.0, 0.3)),
        framework("Q", 8, 6, -4, classes(8, -0.5, 0.6)),
        framework("R", 5, 3, 0, classes(5, 0.2, -0.3)),
        framework("S", 8, 7, -5, classes(8, 0.4, -0.1), energy=-0.5),
    )
    steps = [
        step("P + Q <-> R + S", 0.5),
        step("P + S -> P + 8 M + 7 SR + 6 e", 0.3, quench=(("Au", 0.4),)),
        step("R + SR <-> P", 0.2),
        step("5 M + 4 SR + 2 e -> P", 0.1),
    ]
    return made(frameworks, steps)


def like_au44_ag44():
    """The prototype: 44 metals, whole range, irreversible losses, both exchanges."""
    sites_b = (SiteClass("gold", 20, {"Au": -1.71}), SiteClass("between", 4, {"Au": 3.47}),
               SiteClass("silver", 20, {"Au": 8.65}))  # fmt: skip
    frameworks = (
        framework("A", 44, 30, -4, (SiteClass("core", 12, {"Au": -3.48}, {"Au": 3.26}),
                                    SiteClass("shell", 32, {"Au": 6.0}))),
        framework("B", 44, 27, -3, sites_b, level=("C", 25.3), lability=3.16),
        framework("C", 44, 26, -2, (SiteClass("core", 4, {"Au": -0.9}),
                                    SiteClass("shell", 40, {"Au": -0.55}))),
    )  # fmt: skip
    steps = [
        step("A + C <-> 2 B + RSSR", 0.062),
        step("C + SR <-> B", 0.078),
        step("A -> 44 M + 30 SR + 18 e", 5.4e-6, slope=0.067),
        step("A + C -> A + 44 M + 26 SR + 20 e", 1.7, quench=(("Au", 2.66),)),
        step("Ag + C -> Ag + 44 M + 26 SR + 20 e", 2.7e-4),
    ]
    parents = (Parent("Au44", "C", {"Au": 44}), Parent("Ag44", "A", {"Ag": 44}))
    return Reaction(TWO, "p-MBA", frameworks, parents, tuple(steps), Exchange(0.93, 0.0234),
                    potentials=(("RSSR", -5.0),))  # fmt: skip


def one_framework():
    """Metal exchange and decay of one framework."""
    return made((framework("A", 9, 6, -1, classes(9, -0.8, 0.4)),),
                [step("A -> 9 M + 6 SR + 4 e", 0.02)])  # fmt: skip


REACTIONS = {
    "every kind": of_every_kind(),
    "three metals": of_every_kind(4, 5, THREE),
    "unequal metals": of_unequal_metals(),
    "one framework": one_framework(),
    "no exchange": of_every_kind(exchange=None),
    "exchange alone": made(quartet(6, 6)),
    "exchange of three metals": made(quartet(4, 5, (0.4,)), metals=THREE),
    "like Au44-Ag44": like_au44_ag44(),
}
