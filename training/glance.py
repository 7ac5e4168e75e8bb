"""Trains the first look: a coarse network that says where a railcar may stand at all, whatever way it or the sun stands.

    python training/glance.py out/scenes.sgen --out out/glance --steps 4000

writes out/glance.f16, which goes to src/railcars/glance.f16. Input (n, height, width, 3) at 1 m, -0.5 to 0.5; output: log-odds that a car
stands in a cell of 4 × 4 m. It sees some 60 m around.
"""
import one_core  # noqa: F401, isort: skip
import math

import cv2
import jax
import jax.numpy as jnp
import numpy as np

import network
from learner import Learner, arguments
from network import enlarge, fold, leaky
from patches import Cutter
from scenes import read

# Side of a patch in pixels of 1 m, and of a cell.
SIDE, CELL = 144, 4
FINE, MID, WIDE = 16, 24, 32
# Name, kernel side, channels in and out, in the order of src/railcars/glance.rs.
LAYERS = [
    ("stem", 3, 12, FINE), ("to_mid", 1, 4 * FINE, MID), ("mid_a", 3, MID, MID), ("mid_b", 3, MID, MID),
    ("to_wide", 1, 4 * MID, WIDE), ("wide_a", 3, WIDE, WIDE), ("wide_b", 3, WIDE, WIDE), ("from_wide", 1, WIDE, MID),
    ("mid_out", 3, MID, MID), ("head", 3, MID, 1),
]
# Residual layers begin at half strength.
RESIDUAL = {"mid_b", "wide_b", "mid_out"}
# A cell with at least this share under a car holds one; one with less than the second, none; between them nothing is asked.
HELD, BARE = 0.3, 0.05
# A car overlooked is lost, a place looked at in vain costs time.
MISS_WEIGHT = 6.0


def forward(p, s, x, training=False):
    """Log-odds per cell, and the running statistics after this batch."""
    layer, after = network.layers(p, s, training)
    fine = leaky(layer("stem", fold(x, 2, 2)))
    y = leaky(layer("to_mid", fold(fine, 2, 2)))
    mid = leaky(y + layer("mid_b", leaky(layer("mid_a", y))))
    z = leaky(layer("to_wide", fold(mid, 2, 2)))
    wide = leaky(z + layer("wide_b", leaky(layer("wide_a", z))))
    mid = leaky(mid + enlarge(layer("from_wide", wide), 2, 2))
    mid = leaky(mid + layer("mid_out", mid))
    return layer("head", mid)[..., 0], after


class Glimpses(Cutter):
    """Patches at 1 m, turned and mirrored any way."""

    def patch(self):
        """One patch, the share of every cell that is under a car, and its place among those without cars."""
        rng, place = self.rng, None
        if rng.random() < 0.5:
            scene = self.scenes[k := self.with_cars[rng.integers(len(self.with_cars))]]
            car = scene.cars[rng.choice(len(scene.cars), p=self.wanted[k])]
            center = car[:2] + rng.uniform(-100, 100, 2)
        else:
            place = self.place()
            scene = self.scenes[k := self.without[place]]
            center = rng.uniform(0, scene.rgb.shape[0], 2)
        margin = SIDE * 0.8
        center = np.clip(center, margin, scene.rgb.shape[0] - margin)
        angle, mirror = rng.uniform(0, 2 * math.pi), rng.choice([-1, 1])
        under = np.zeros(scene.rgb.shape[:2], np.uint8)
        for x, y, length, wide, turn in scene.cars[:, :5]:
            box = cv2.boxPoints(((x - 0.5, y - 0.5), (length, wide), math.degrees(turn)))
            cv2.fillPoly(under, [np.round(box * 8).astype(np.int32)], 255, shift=3)
        scale = math.exp(rng.normal(0, 0.06))
        rgb, _ = self.turned(cv2.blur(scene.rgb, (2, 2), anchor=(0, 0)), center, angle, mirror, (SIDE, SIDE), 2 * scale)
        # Twice as fine, or thin cars would slip between samples.
        under, _ = self.turned(under, center, angle, mirror, (2 * SIDE, 2 * SIDE), scale)
        share = under.reshape(SIDE // CELL, 2 * CELL, SIDE // CELL, 2 * CELL).mean((1, 3)) / 255
        return self.balanced(rgb, k), share.astype(np.float32), place


def loss(p, s, x, share):
    z, after = forward(p, s, x, True)
    # The outermost cells see beyond the patch.
    z, share = z[:, 2:-2, 2:-2], share[:, 2:-2, 2:-2]
    held, bare = share >= HELD, share <= BARE
    hit = jnp.mean(held * jnp.logaddexp(0, -z) * MISS_WEIGHT)
    false = bare * jnp.logaddexp(0, z)
    return hit + jnp.mean(false), (after, jnp.mean(false, (1, 2)), jnp.stack([hit, jnp.mean(false)]))


def judge(p, s, cutter, rounds):
    """Share of held cells found against share of bare ones looked at in vain, at several thresholds."""
    run = jax.jit(lambda x: forward(p, s, x)[0])
    zs, shares = [], []
    for _ in range(rounds):
        x, share, _ = cutter.patch()
        zs.append(np.asarray(run(x[None]))[0, 2:-2, 2:-2].ravel())
        shares.append(share[2:-2, 2:-2].ravel())
    z, share = np.concatenate(zs), np.concatenate(shares)
    for at in (-4, -3, -2, -1, 0):
        print(f"  beyond {at}: held {np.mean(z[share >= HELD] > at):.4f}, bare {np.mean(z[share <= BARE] > at):.4f}", flush=True)


def main():
    a = arguments(__doc__, 4000).parse_args()
    scenes = [scene for file in a.files for scene in read(file)]
    # Every twentieth scene is kept back to judge by.
    cutter = Glimpses([s for k, s in enumerate(scenes) if k % 20], a.seed, None)
    unseen = Glimpses(scenes[::20], a.seed + 1, None)
    p, s = network.init(a.seed, LAYERS, RESIDUAL, {"head.b": jnp.array([-2.0])})
    learner = Learner(cutter, loss, forward, p, s, a.batch)
    for i in learner.steps(a.steps, a.rate, 100):
        if i % 1000 == 0 or i == a.steps:
            own = learner.settled(learner.mean, 100)
            network.write_blob(LAYERS, learner.mean, own, a.out + ".f16")
            judge(learner.mean, own, unseen, 400)


if __name__ == "__main__":
    main()
