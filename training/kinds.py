"""Trains what tells kinds of railcars apart: a small network over one car, turned to its track and mirrored to the sun.

    python training/kinds.py out/scenes.sgen --out out/kinds --steps 3000 --batch 256 --rate 0.003

writes out/kinds.f16, which goes to src/railcars/kinds.f16. Input (n, 8, 64, 3) at 0.5 m, -0.5 to 0.5, nought beyond the car's ends and 1.75 m beside
its axis; output: log-odds of the nine kinds up to a common constant.
"""
import one_core  # noqa: F401, isort: skip
import math

import jax
import jax.numpy as jnp
import numpy as np

import network
from learner import Learner, arguments
from network import fold, leaky
from patches import Cutter
from scenes import read

# Pixels of a crop: 32 m along, 4 m across.
WIDE, HIGH = 64, 8
FINE, MID = 24, 48
KINDS = ["box", "gondola", "tank", "hopper", "flat", "locomotive", "passenger", "maintenance", "other"]
# Kind of each of the generator's families, in its order (generator/src/rail/wagon.rs).
OF_FAMILY = [0, 1, 2, 4, 3, 4, 4, 5, 6, 7, 8, 8, 0]
# Name, kernel side, channels in and out, in the order of src/railcars/kinds.rs.
LAYERS = [("stem", 3, 12, FINE), ("to_mid", 1, 4 * FINE, MID), ("mid", 3, MID, MID), ("head", 1, MID, len(KINDS))]
# Half of the width that is shown, px: nothing farther from the axis belongs to the car.
HALF_WIDTH = 3.5


def forward(p, s, x, training=False):
    """Log-odds of the kinds, and the running statistics after this batch."""
    layer, after = network.layers(p, s, training)
    y = leaky(layer("stem", fold(x, 2, 2)))
    y = leaky(layer("to_mid", fold(y, 2, 2)))
    y = leaky(y + layer("mid", y))
    return layer("head", y.mean((1, 2))), after


class Crops(Cutter):
    """Single cars, as the detector would cut them: its centres, lengths and directions are a little off."""

    def patch(self):
        rng = self.rng
        scene = self.scenes[k := self.with_cars[rng.integers(len(self.with_cars))]]
        whole = np.flatnonzero(scene.cars[:, 7] == 0)
        if not len(whole):
            return self.patch()
        # Rare kinds are shown more often, or the network would never dare to name one.
        weights = 1 / np.sqrt(np.bincount(self.kinds(scene.cars), minlength=len(KINDS)))[self.kinds(scene.cars[whole])]
        car = scene.cars[whole[rng.choice(len(whole), p=weights / weights.sum())]]
        angle = car[4] + (math.pi if rng.random() < 0.5 else 0)
        along, across = rng.normal(0, 1.0), rng.normal(0, 0.6)
        cos, sin = math.cos(angle), math.sin(angle)
        center = car[:2] + [along * cos - across * sin, along * sin + across * cos]
        mirror = self.mirror(scene, angle, always=rng.random() < 0.95)
        turn, scale = rng.normal(0, math.radians(1.2)), math.exp(rng.normal(0, 0.04))
        rgb, _ = self.turned(scene.rgb, center, angle + turn, mirror, (WIDE, HIGH), scale)
        x = self.balanced(rgb, k)
        half = 0.5 * (car[2] + rng.normal(0, 1.6)) / scale
        u, v = np.arange(WIDE) + 0.5 - WIDE / 2, np.arange(HIGH) + 0.5 - HIGH / 2
        shown = (np.abs(u) < half)[None, :] & (np.abs(v) < HALF_WIDTH)[:, None]
        return x * shown[..., None], self.kinds(car[None])[0], None

    @staticmethod
    def kinds(cars):
        return np.array(OF_FAMILY)[cars[:, 5].astype(int)]


def loss(p, s, x, kind):
    z, after = forward(p, s, x, True)
    wrong = -jnp.take_along_axis(jax.nn.log_softmax(z), kind[:, None], 1)[:, 0]
    right = jnp.mean(jnp.argmax(z, 1) == kind)
    return jnp.mean(wrong), (after, wrong, jnp.stack([jnp.mean(wrong), right]))


def judge(p, s, cutter, cars):
    """Of unseen cars: how many are named at each level of sureness, how many rightly; and what each kind is taken for."""
    xs, kinds, _ = zip(*(cutter.patch() for _ in range(cars)))
    chance = np.asarray(jax.nn.softmax(jax.jit(lambda x: forward(p, s, x)[0])(np.stack(xs))))
    kinds, named, sure = np.array(kinds), chance.argmax(1), chance.max(1)
    for level in (0.0, 0.5, 0.6, 0.7, 0.8, 0.9):
        said = sure >= level
        print(f"  at {level}: named {said.mean():.3f}, rightly {np.mean(named[said] == kinds[said]):.3f}, mean chance {sure[said].mean():.3f}")
    table = np.zeros((len(KINDS), len(KINDS)), int)
    np.add.at(table, (kinds, named), 1)
    for k, row in enumerate(table):
        print(f"  {KINDS[k]:12}", *(f"{n:5}" for n in row), f"  right {row[k] / max(row.sum(), 1):.2f}", flush=True)


def main():
    a = arguments(__doc__, 3000).parse_args()
    scenes = [scene for file in a.files for scene in read(file)]
    # Every twentieth scene is kept back to judge by.
    cutter = Crops([s for k, s in enumerate(scenes) if k % 20], a.seed, None)
    unseen = Crops(scenes[::20], a.seed + 1, None)
    p, s = network.init(a.seed, LAYERS, {"mid"}, {})
    learner = Learner(cutter, loss, forward, p, s, a.batch)
    for i in learner.steps(a.steps, a.rate, 100):
        if i % 1000 == 0 or i == a.steps:
            own = learner.settled(learner.mean, 50)
            network.write_blob(LAYERS, learner.mean, own, a.out + ".f16")
            judge(learner.mean, own, unseen, 4000)


if __name__ == "__main__":
    main()
