"""Prints the expected answers for the fixtures in src/railcars/network.rs, glance.rs and kinds.rs: forward passes of the blobs, apart from JAX and from Rust.

    python training/golden.py src/railcars/weights.f16 src/railcars/glance.f16 src/railcars/kinds.f16
"""
import sys

import numpy as np

SHAPES = {
    "stem": (3, 12, 16), "fine_in": (3, 16, 16), "to_mid": (1, 32, 24), "mid_in_a": (3, 24, 24), "mid_in_b": (3, 24, 24),
    "to_wide": (1, 96, 32), "wide_a": (3, 32, 32), "wide_b": (3, 32, 32), "from_wide": (1, 32, 24), "mid_out": (3, 24, 24),
    "from_mid": (1, 24, 16), "fine_out": (3, 16, 16), "head": (3, 16, 6),
}
GLANCE_SHAPES = {
    "stem": (3, 12, 16), "to_mid": (1, 64, 24), "mid_a": (3, 24, 24), "mid_b": (3, 24, 24), "to_wide": (1, 96, 32),
    "wide_a": (3, 32, 32), "wide_b": (3, 32, 32), "from_wide": (1, 32, 24), "mid_out": (3, 24, 24), "head": (3, 24, 1),
}
CELLS = [(0, 0), (23, 15), (11, 7), (12, 8), (5, 14)]
KINDS_SHAPES = {"stem": (3, 12, 24), "to_mid": (1, 96, 48), "mid": (3, 48, 48), "head": (1, 48, 9)}
GLANCE_CELLS = [(0, 0), (11, 7), (5, 3), (6, 4), (2, 7)]


def layers(blob, shapes):
    """What runs a layer of a blob by its name."""
    numbers, at, found = np.fromfile(blob, "<f2").astype(np.float64), 0, {}
    for name, (k, i, o) in shapes.items():
        n = k * k * i * o
        found[name] = numbers[at : at + n].reshape(k, k, i, o), numbers[at + n : at + n + o]
        at += n + o

    def conv(name, x):
        w, b = found[name]
        k = len(w)
        padded = np.pad(x, ((k // 2,) * 2, (k // 2,) * 2, (0, 0)))
        h, wd = x.shape[:2]
        return sum(padded[r : r + h, c : c + wd] @ w[r, c] for r in range(k) for c in range(k)) + b

    return conv


def leaky(x):
    return np.maximum(x, 0.05 * x)


def fold(x, rows, columns):
    return np.concatenate([x[r::rows, c::columns] for r in range(rows) for c in range(columns)], axis=-1)


def enlarge(x, rows, columns):
    return x.repeat(rows, 0).repeat(columns, 1)


def fixture(width, height):
    y, x, c = np.mgrid[:height, :width, :12]
    return ((x * 7 + y * 13 + c * 29 + x * y * 3) % 64) / 64 - 0.5


def show(answer, cells):
    for x, y in cells:
        print(f"({x}, {y}, [{', '.join(f'{v:.5f}' for v in answer[y, x])}]),")


def network(blob):
    conv = layers(blob, SHAPES)
    stem = leaky(conv("stem", fixture(24, 16)))
    fine = leaky(stem + conv("fine_in", stem))
    mid = leaky(conv("to_mid", fold(fine, 1, 2)))
    mid = leaky(mid + conv("mid_in_b", leaky(conv("mid_in_a", mid))))
    wide = leaky(conv("to_wide", fold(mid, 2, 2)))
    wide = leaky(wide + conv("wide_b", leaky(conv("wide_a", wide))))
    mid = leaky(mid + enlarge(conv("from_wide", wide), 2, 2))
    mid = leaky(mid + conv("mid_out", mid))
    fine = leaky(fine + enlarge(conv("from_mid", mid), 1, 2))
    show(conv("head", leaky(fine + conv("fine_out", fine))), CELLS)


def glance(blob):
    conv = layers(blob, GLANCE_SHAPES)
    mid = leaky(conv("to_mid", fold(leaky(conv("stem", fixture(24, 16))), 2, 2)))
    mid = leaky(mid + conv("mid_b", leaky(conv("mid_a", mid))))
    wide = leaky(conv("to_wide", fold(mid, 2, 2)))
    wide = leaky(wide + conv("wide_b", leaky(conv("wide_a", wide))))
    mid = leaky(mid + enlarge(conv("from_wide", wide), 2, 2))
    show(conv("head", leaky(mid + conv("mid_out", mid))), GLANCE_CELLS)


def kinds(blob):
    conv = layers(blob, KINDS_SHAPES)
    y = leaky(conv("to_mid", fold(leaky(conv("stem", fixture(32, 4))), 2, 2)))
    y = leaky(y + conv("mid", y))
    show(conv("head", y.mean((0, 1))[None, None]), [(0, 0)])


if __name__ == "__main__":
    network(sys.argv[1])
    glance(sys.argv[2])
    kinds(sys.argv[3])
