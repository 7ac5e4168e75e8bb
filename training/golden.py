"""Prints the expected answers for the fixture in src/railcars/network.rs: a forward pass of a .f16 blob, apart from JAX and from Rust.

    python training/golden.py src/railcars/weights.f16
"""
import sys

import numpy as np

SHAPES = {
    "stem": (3, 12, 16), "fine_in": (3, 16, 16), "to_mid": (1, 32, 24), "mid_in_a": (3, 24, 24), "mid_in_b": (3, 24, 24),
    "to_wide": (1, 96, 32), "wide_a": (3, 32, 32), "wide_b": (3, 32, 32), "from_wide": (1, 32, 24), "mid_out": (3, 24, 24),
    "from_mid": (1, 24, 16), "fine_out": (3, 16, 16), "head": (3, 16, 6),
}
CELLS = [(0, 0), (23, 15), (11, 7), (12, 8), (5, 14)]


def main(blob):
    numbers, at, layers = np.fromfile(blob, "<f2").astype(np.float64), 0, {}
    for name, (k, i, o) in SHAPES.items():
        n = k * k * i * o
        layers[name] = numbers[at : at + n].reshape(k, k, i, o), numbers[at + n : at + n + o]
        at += n + o

    def conv(name, x):
        w, b = layers[name]
        k = len(w)
        padded = np.pad(x, ((k // 2,) * 2, (k // 2,) * 2, (0, 0)))
        h, wd = x.shape[:2]
        return sum(padded[r : r + h, c : c + wd] @ w[r, c] for r in range(k) for c in range(k)) + b

    def leaky(x):
        return np.maximum(x, 0.05 * x)

    def fold(x, rows, columns):
        return np.concatenate([x[r::rows, c::columns] for r in range(rows) for c in range(columns)], axis=-1)

    def enlarge(x, rows, columns):
        return x.repeat(rows, 0).repeat(columns, 1)

    y, x, c = np.mgrid[:16, :24, :12]
    x = ((x * 7 + y * 13 + c * 29 + x * y * 3) % 64) / 64 - 0.5
    stem = leaky(conv("stem", x))
    fine = leaky(stem + conv("fine_in", stem))
    mid = leaky(conv("to_mid", fold(fine, 1, 2)))
    mid = leaky(mid + conv("mid_in_b", leaky(conv("mid_in_a", mid))))
    wide = leaky(conv("to_wide", fold(mid, 2, 2)))
    wide = leaky(wide + conv("wide_b", leaky(conv("wide_a", wide))))
    mid = leaky(mid + enlarge(conv("from_wide", wide), 2, 2))
    mid = leaky(mid + conv("mid_out", mid))
    fine = leaky(fine + enlarge(conv("from_mid", mid), 1, 2))
    answer = conv("head", leaky(fine + conv("fine_out", fine)))
    for x, y in CELLS:
        print(f"({x}, {y}, [{', '.join(f'{v:.5f}' for v in answer[y, x])}]),")


if __name__ == "__main__":
    main(sys.argv[1])
