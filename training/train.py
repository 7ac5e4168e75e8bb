"""Trains the detector's network on drawn scenes, from a seed.

    cargo run --release -p sidings-generator -- export --seeds 100000..102600 --out out/scenes.sgen
    python training/train.py out/scenes.sgen --out out/weights --steps 8000

writes out/weights.f16, which goes to src/railcars/weights.f16, and out/weights.pkl to go on from.
"""
import one_core  # noqa: F401, isort: skip
import pickle

import jax
import jax.numpy as jnp
import numpy as np

import network
from learner import Learner, arguments
from patches import Cutter
from scenes import read

# Cars along the tracks; cars across them, not to be seen; places without.
SHARES = (0.53, 0.08, 0.39)


def soft_focal(z, target, positive):
    """Quality focal loss (Li et al. 2020) for soft peaks, positives weighted."""
    p = jax.nn.sigmoid(z)
    cross = jnp.maximum(z, 0) - z * target + jnp.log1p(jnp.exp(-jnp.abs(z)))
    return jnp.mean(jnp.square(target - p) * cross * (1 + positive * target))


def loss(p, s, x, y):
    answer, after = network.forward(p, s, x, True)
    # The outermost cells see beyond the patch.
    answer, y = answer[:, 3:-3, 4:-4], y[:, 3:-3, 4:-4]
    body, z = y[..., 1], answer[..., 1]
    of_body = jnp.sum(body) + 50.0
    centre = soft_focal(answer[..., 0], y[..., 0], 4.0)
    end = soft_focal(answer[..., 2], y[..., 2], 3.0)
    cover = jnp.mean(jnp.maximum(z, 0) - z * body + jnp.log1p(jnp.exp(-jnp.abs(z))))
    offset, angle, length = (jnp.sum(body * jnp.abs(answer[..., k] - y[..., k])) / of_body for k in (3, 4, 5))
    wrong = jnp.mean(jnp.logaddexp(0, z) * (1 - body), (1, 2))
    total = 20 * centre + 1.5 * cover + 8 * end + 0.6 * offset + 0.2 * angle + 0.3 * length
    return total, (after, wrong, jnp.stack([total, centre, cover, end, offset, angle, length]))


def main():
    parser = arguments(__doc__, 8000)
    parser.add_argument("--from", dest="begin", help="a .pkl, or a .f16 without batch norm, to go on from")
    a = parser.parse_args()
    scenes = [scene for file in a.files for scene in read(file)]
    cutter = Cutter(scenes, a.seed, SHARES)
    print(f"{len(scenes)} scenes, {len(cutter.with_cars)} with cars, {sum(len(s.cars) for s in scenes)} cars", flush=True)
    p, s = network.init(a.seed)
    if a.begin and a.begin.endswith(".f16"):
        p, s = network.read_blob(a.begin)
    elif a.begin:
        with open(a.begin, "rb") as f:
            p, s = pickle.load(f)
    learner = Learner(cutter, loss, network.forward, p, s, a.batch)

    def save(rounds):
        mean, own = learner.mean, learner.settled(learner.mean, rounds)
        network.write_blob(network.LAYERS, mean, own, a.out + ".f16")
        with open(a.out + ".pkl", "wb") as f:
            pickle.dump(({k: np.asarray(v) for k, v in mean.items()}, {k: np.asarray(v) for k, v in own.items()}), f)

    for i in learner.steps(a.steps, a.rate, 50):
        if i % 200 == 0:
            save(20)
    save(150)


if __name__ == "__main__":
    main()
