"""Trains the detector's network on drawn scenes, from a seed.

    cargo run --release -p sidings-generator -- export --seeds 100000..102600 --out out/scenes.sgen
    python training/train.py out/scenes.sgen --out out/weights --steps 8000

writes out/weights.f16, which goes to src/railcars/weights.f16, and out/weights.pkl to go on from.
"""
import argparse
import os
import pickle
import time

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402

import network  # noqa: E402
from patches import HEIGHT, WIDTH, Cutter  # noqa: E402
from scenes import read  # noqa: E402

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
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("files", nargs="+")
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--steps", type=int, default=8000)
    arguments.add_argument("--batch", type=int, default=16)
    arguments.add_argument("--rate", type=float, default=4e-3)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--from", dest="begin", help="a .pkl, or a .f16 without batch norm, to go on from")
    a = arguments.parse_args()
    cv2.setNumThreads(1)
    scenes = [scene for file in a.files for scene in read(file)]
    cutter = Cutter(scenes, a.seed, SHARES)
    print(f"{len(scenes)} scenes, {len(cutter.with_cars)} with cars, {sum(len(s.cars) for s in scenes)} cars", flush=True)
    p, s = network.init(a.seed)
    if a.begin and a.begin.endswith(".f16"):
        p, s = network.read_blob(a.begin)
    elif a.begin:
        with open(a.begin, "rb") as f:
            p, s = pickle.load(f)
    optimiser = network.optimiser(a.rate, a.steps)
    state, mean = optimiser.init(p), p

    @jax.jit
    def step(p, s, mean, state, x, y):
        (_, (after, wrong, parts)), gradient = jax.value_and_grad(loss, has_aux=True)(p, s, x, y)
        update, state = optimiser.update(gradient, state, p)
        p = optax.apply_updates(p, update)
        return p, after, network.averaged(mean, p), state, wrong, parts

    statistics = jax.jit(lambda p, s, x: network.forward(p, s, x, True)[1])

    def batch():
        x, y = np.empty((a.batch, HEIGHT, WIDTH, 3), np.float32), np.empty((a.batch, HEIGHT // 2, WIDTH // 2, 6), np.float32)
        places = []
        for i in range(a.batch):
            x[i], y[i], place = cutter.patch()
            places.append(place)
        return x, y, places

    def save(rounds):
        """The averaged weights need running statistics of their own."""
        own = s
        for _ in range(rounds if s else 0):
            own = statistics(mean, own, batch()[0])
        network.write_blob(network.LAYERS, mean, own, a.out + ".f16")
        with open(a.out + ".pkl", "wb") as f:
            pickle.dump(({k: np.asarray(v) for k, v in mean.items()}, {k: np.asarray(v) for k, v in own.items()}), f)

    start, cutting, log = time.time(), 0.0, []
    for i in range(1, a.steps + 1):
        before = time.time()
        x, y, places = batch()
        cutting += time.time() - before
        p, s, mean, state, wrong, parts = step(p, s, mean, state, x, y)
        for place, error in zip(places, np.asarray(wrong)):
            cutter.learn(place, float(error))
        log.append(np.asarray(parts))
        if i % 50 == 0 or i == a.steps:
            print(i, f"{time.time() - start:.0f} s, cutting {cutting:.0f} s", np.round(np.mean(log, 0), 4), flush=True)
            log = []
        if i % 200 == 0:
            save(20)
    save(150)


if __name__ == "__main__":
    main()
