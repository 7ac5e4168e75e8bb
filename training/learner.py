"""The training that both networks share: batches from a cutter, steps, weights averaged over them."""
import argparse
import time

import jax
import numpy as np
import optax

import network


def arguments(doc, steps):
    """The options of both commands."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--seed", type=int, default=1)
    return parser


class Learner:
    """A network while it learns.

    `cutter.patch()` gives input, target and the place it shows (None where cars are); `cutter.learn(place, error)` hears how wrong the
    network was there. `loss(p, s, x, y)` gives the loss and (running statistics, error of every patch, parts for the log);
    `forward(p, s, x, training)` the answers and the running statistics.
    """

    def __init__(self, cutter, loss, forward, p, s, batch):
        self.cutter, self.loss, self.size = cutter, loss, batch
        self.p, self.s, self.mean = p, s, p
        self.statistics = jax.jit(lambda p, s, x: forward(p, s, x, True)[1])

    def batch(self):
        xs, ys, places = zip(*(self.cutter.patch() for _ in range(self.size)))
        return np.stack(xs), np.stack(ys), places

    def steps(self, count, rate, said_every):
        """Learns, and yields the number of every step done."""
        optimiser = network.optimiser(rate, count)
        state = optimiser.init(self.p)

        @jax.jit
        def step(p, s, mean, state, x, y):
            (_, (after, wrong, parts)), gradient = jax.value_and_grad(self.loss, has_aux=True)(p, s, x, y)
            update, state = optimiser.update(gradient, state, p)
            p = optax.apply_updates(p, update)
            return p, after, network.averaged(mean, p), state, wrong, parts

        start, cutting, log = time.time(), 0.0, []
        for i in range(1, count + 1):
            before = time.time()
            x, y, places = self.batch()
            cutting += time.time() - before
            self.p, self.s, self.mean, state, wrong, parts = step(self.p, self.s, self.mean, state, x, y)
            for place, error in zip(places, np.asarray(wrong)):
                self.cutter.learn(place, float(error))
            log.append(np.asarray(parts))
            if i % said_every == 0 or i == count:
                print(i, f"{time.time() - start:.0f} s, cutting {cutting:.0f} s", np.round(np.mean(log, 0), 4), flush=True)
                log = []
            yield i

    def settled(self, p, rounds):
        """Running statistics of given weights: those on the way were of the weights on the way."""
        own = self.s
        for _ in range(rounds if own else 0):
            own = self.statistics(p, own, self.batch()[0])
        return own
