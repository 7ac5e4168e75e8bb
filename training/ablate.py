"""What every part of the recipe gives: short runs of the close look, each without one part, judged by drawn scenes of other seeds.

    python training/ablate.py out/scenes.sgen --held out/held-*.sgen --out out/ablations --table docs/ablations.md

README.md says how the held scenes are exported. Every run leaves OUT/NAME.json and is not run again while one like it lies there. The table
is written after every run.
"""
import one_core  # noqa: F401, isort: skip
import json
import math
import os
import time

import jax
import numpy as np

import network
from learner import Learner, arguments
from patches import Cutter, targets
from scenes import EMPTY_TRACKS, FAMILIES, KINDS, LINE, read
from train import SHARES, loss

# Patches of every scene to judge by.
SHOWN = 4
# Share of the cells under cars that is found where false areas are compared, and of the bare cells marked where families are.
FOUND, MARKED = 0.8, 0.02
# Least cells of a car within a patch for the car to be asked for, and share of them that must be marked for it to be found.
LEAST_CELLS, COVERED = 8, 0.5


class AnyWay(Cutter):
    """Turned to nothing: tracks run any way. There is no yard turned away, then."""

    def __init__(self, scenes, seed, shares):
        super().__init__(scenes, seed, (shares[0] + shares[1], 0, shares[2]))

    def faced(self, angle):
        return self.rng.uniform(0, 2 * math.pi)


class AnySun(Cutter):
    """Mirrored at random: shadows fall to either side."""

    def mirror(self, scene, angle, always):
        return self.rng.choice([-1, 1])


class Even(Cutter):
    """Shows all places without cars alike often, whatever misleads the network."""

    def place(self):
        return self.rng.integers(len(self.without))


class Variant:
    """A recipe. `without`: the kind of scene left out of training; `norm`: batch norm or none."""

    def __init__(self, name, cutter=Cutter, shares=SHARES, without=None, norm=True, seed=0):
        self.name, self.cutter, self.shares, self.without, self.norm, self.seed = name, cutter, shares, without, norm, seed


CARS, AWAY, PLACES = SHARES
VARIANTS = [
    Variant("the full recipe"),
    Variant("not turned to the tracks", cutter=AnyWay),
    Variant("not mirrored to the sun", cutter=AnySun),
    Variant("no batch norm", norm=False),
    Variant("no yards turned away", shares=(CARS + AWAY, 0, PLACES)),
    Variant("no places without cars", shares=(CARS + PLACES, AWAY, 0)),
    Variant("misleading places no more often", cutter=Even),
    Variant("the full recipe, another seed", seed=1),
    *(Variant(f"no scenes of kind {KINDS[k]}", without=k) for k in (*range(EMPTY_TRACKS, len(KINDS)), LINE)),
]


def norm_free(p):
    """The same beginning without batch norm: residual layers at half strength, as their gain has it."""
    kernels = {k: v * p[k[:-2] + ".g"][0] if k.endswith(".w") and k[:-2] + ".g" in p else v for k, v in p.items()}
    return {k: v for k, v in kernels.items() if not k.endswith(".g")}, {}


class Exam:
    """Patches of scenes never trained on, cut as the variant cuts them; the same places for every variant."""

    def __init__(self, variant, scenes, seed):
        self.inputs, self.bodies, self.kinds, self.cars, self.away = [], [], [], [], []
        for k, scene in enumerate(scenes):
            if scene.kind < EMPTY_TRACKS and not len(scene.cars):
                continue
            cutter = variant.cutter([scene], 0, (1, 0, 0) if scene.kind < EMPTY_TRACKS else (0, 0, 1))
            moved, near = cutter.moved, {}

            def by_family(cars, matrix):
                near.update({f: moved(cars[cars[:, 5] == f], matrix) for f in range(len(FAMILIES))})
                return moved(cars, matrix)

            cutter.moved = by_family
            for j in range(SHOWN):
                cutter.rng = np.random.default_rng([seed, k, j])
                x, y, _ = cutter.patch()
                for family, cars in near.items():
                    for car in cars:
                        under = np.flatnonzero(self.inner(targets(car[None], *y.shape[:2])[..., 1]).ravel())
                        if len(under) >= LEAST_CELLS:
                            self.cars.append((len(self.inputs), family, under))
                self.inputs.append(x)
                self.bodies.append(self.inner(y[..., 1]))
                self.kinds.append(scene.kind)
            # Where a network is taught to see cars any way, none is turned away.
            if scene.kind < EMPTY_TRACKS and variant.cutter is not AnyWay:
                cutter.shares = (0, 1, 0)
                self.away += [cutter.patch()[0] for _ in range(SHOWN)]
        self.kinds, self.bodies = np.array(self.kinds), np.array(self.bodies) > 0.5

    @staticmethod
    def inner(cells):
        """The outermost cells see beyond the patch."""
        return cells[..., 3:-3, 4:-4]

    def judge(self, p, s):
        """Average precision over cells, false area by kind in m² a hectare, share of railcars found by family."""
        run = jax.jit(lambda x: network.forward(p, s, x)[0][..., 1])

        def answers(patches):
            return np.concatenate([self.inner(np.asarray(run(np.stack(patches[i : i + 16])))) for i in range(0, len(patches), 16)])

        z = answers(self.inputs)
        with_cars = self.kinds < EMPTY_TRACKS
        sure = np.quantile(z[self.bodies], 1 - FOUND)
        marked = np.quantile(z[~self.bodies], 1 - MARKED)
        false = {KINDS[k]: 1e4 * float(np.mean(z[self.kinds == k] > sure)) for k in np.unique(self.kinds) if k >= EMPTY_TRACKS}
        found = [(family, np.mean(z[at].ravel()[under] > marked) >= COVERED) for at, family, under in self.cars]
        return {
            "average_precision": average_precision(z.ravel(), self.bodies.ravel()),
            "in_yards": average_precision(z[with_cars].ravel(), self.bodies[with_cars].ravel()),
            "false_m2_per_ha": {"all": 1e4 * float(np.mean(z[~with_cars] > sure)), **false},
            "away_m2_per_ha": 1e4 * float(np.mean(answers(self.away) > sure)) if self.away else None,
            "found": {"all": share([ok for _, ok in found]), **{n: share([ok for f, ok in found if f == i]) for i, n in enumerate(FAMILIES)}},
            "patches": [int(np.sum(with_cars)), int(np.sum(~with_cars))],
        }


def share(found):
    return [int(np.sum(found)), len(found)]


def average_precision(scores, truth):
    """Mean over the true of the precision among all that score as high or higher."""
    true = truth[np.argsort(-scores, kind="stable")]
    return float(np.mean((np.cumsum(true) / np.arange(1, len(true) + 1))[true]))


def run(variant, scenes, held, a):
    start = time.time()
    kept = [s for s in scenes if s.kind != variant.without]
    p, s = network.init(a.seed + variant.seed)
    if not variant.norm:
        p, s = norm_free(p)
    learner = Learner(variant.cutter(kept, a.seed + variant.seed, variant.shares), loss, network.forward, p, s, a.batch)
    for _ in learner.steps(a.steps, a.rate, 50):
        pass
    # The last weights: the mean over steps would still hold a part of the first.
    own = learner.settled(learner.p, 30)
    result = Exam(variant, held, a.seed).judge(learner.p, own)
    return {"name": variant.name, "asked": asked(a), "scenes": len(kept), "seconds": round(time.time() - start), **result}


def markdown(results, a):
    """The tables, from the runs alone."""
    whole, kinds = results[0], [k for k in KINDS[EMPTY_TRACKS:]]
    cars, places = whole["patches"]
    lines = [
        "# What every part of the recipe gives",
        "",
        f"Short runs of the close look, {whole['asked']['steps']:,} steps of {a.batch} patches each (the network that is used took 8,000), from one seed, each without one",
        f"part of the recipe. Judged by {cars} patches of drawn yards and lines and {places} of drawn places without railcars, of seeds never trained on, cut",
        "as the variant cuts them. **What so short runs mean:** none has learnt all it could; they show what helps a network to learn soon, and a part that",
        "pays late may look useless here. Two runs of the full recipe that differ in nothing but the seed show how far chance goes: smaller",
        "differences say nothing. No real picture was used.",
        "",
        "Average precision is over cells of 1 m², under a railcar or not. False area is what is marked in places without railcars, m² a hectare, at the",
        f"threshold that finds {100 * FOUND:.0f} % of the cells under railcars; the last column is the same for patches turned away from the tracks by 30° to 90°, whose railcars",
        "are to be seen another way (–: not measured).",
        "",
        "| | average precision | within yards alone | false area | " + " | ".join(kinds) + " | yards turned away |",
        "|---|---|---|---|" + "---|" * (len(kinds) + 1),
    ]
    for r in results:
        false = r["false_m2_per_ha"]
        row = [r["name"], f"{r['average_precision']:.3f}", f"{r['in_yards']:.3f}", *(f"{false[k]:.0f}" for k in ("all", *kinds))]
        row.append("–" if r["away_m2_per_ha"] is None else f"{r['away_m2_per_ha']:.0f}")
        lines.append("| " + " | ".join(row) + " |")
    families = [f for f in FAMILIES if whole["found"][f][1]]
    lines += [
        "",
        f"Share of railcars of which at least half is marked, at the threshold that marks {100 * MARKED:.0f} % of the bare cells; in brackets how many were shown.",
        "",
        "| | " + " | ".join(f"{f} ({whole['found'][f][1]})" for f in ("all", *families)) + " |",
        "|---|" + "---|" * (len(families) + 1),
    ]
    for r in results:
        row = [f"{r['found'][f][0] / max(1, r['found'][f][1]):.2f}" for f in ("all", *families)]
        lines.append("| " + " | ".join([r["name"], *row]) + " |")
    lines += ["", "By `training/ablate.py`; `training/README.md` has the commands.", ""]
    return "\n".join(lines)


def done(file, a):
    """True when the file holds a run like the one asked for."""
    if not os.path.exists(file):
        return False
    with open(file) as f:
        return json.load(f)["asked"] == asked(a)


def asked(a):
    return {"steps": a.steps, "batch": a.batch, "rate": a.rate, "seed": a.seed, "files": a.files, "held": a.held}


def main():
    parser = arguments(__doc__, 400)
    parser.add_argument("--held", nargs="+", required=True, help="scenes to judge by, of other seeds")
    parser.add_argument("--table", help="Markdown file to write")
    a = parser.parse_args()
    os.makedirs(a.out, exist_ok=True)
    scenes, held = [s for f in a.files for s in read(f)], [s for f in a.held for s in read(f)]
    if {s.seed for s in scenes} & {s.seed for s in held}:
        raise SystemExit("some scenes to judge by are trained on: export them from other seeds")
    results = []
    for variant in VARIANTS:
        file = os.path.join(a.out, variant.name.replace(" ", "-").replace(",", "") + ".json")
        if not done(file, a):
            print(variant.name, flush=True)
            result = run(variant, scenes, held, a)
            print(json.dumps(result), flush=True)
            with open(file, "w") as f:
                json.dump(result, f)
        with open(file) as f:
            results.append(json.load(f))
        if a.table:
            with open(a.table, "w") as f:
                f.write(markdown(results, a))


if __name__ == "__main__":
    main()
