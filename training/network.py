"""The detector's network in JAX: the same layers as src/railcars/network.rs, with batch norm that is folded away on export.

Input (n, height, width, 3) at 0.5 m, -0.5 to 0.5, tracks along x, shadows toward +y. Output (n, height/2, width/2, 6): log-odds of centre,
body and end, offset to the centre along x in tens of metres, sine of twice the angle, logarithm of the length over 15 m.
"""
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax

FINE, MID, WIDE = 16, 24, 32
# Name, kernel side, channels in and out, in the order of src/railcars/weights.rs.
LAYERS = [
    ("stem", 3, 12, FINE), ("fine_in", 3, FINE, FINE), ("to_mid", 1, 2 * FINE, MID), ("mid_in_a", 3, MID, MID),
    ("mid_in_b", 3, MID, MID), ("to_wide", 1, 4 * MID, WIDE), ("wide_a", 3, WIDE, WIDE), ("wide_b", 3, WIDE, WIDE),
    ("from_wide", 1, WIDE, MID), ("mid_out", 3, MID, MID), ("from_mid", 1, MID, FINE), ("fine_out", 3, FINE, FINE),
    ("head", 3, FINE, 6),
]
RESIDUAL = {"fine_in", "mid_in_b", "wide_b"}
HEAD_AT_FIRST = {"head.b": jnp.array([-3.0, -1.0, -2.0, 0, 0, 0])}
# The averaged weights forget with this factor a step.
FORGET = 0.995


def init(seed, which=LAYERS, residual=frozenset(RESIDUAL), at_first=HEAD_AT_FIRST):
    """Parameters and running statistics; the head begins at the odds of empty ground."""
    rng, p, s = np.random.default_rng(seed), {}, {}
    for name, k, i, o in which:
        scale = np.sqrt(2 / (k * k * i)) * (0.3 if name == "head" else 1)
        p[name + ".w"] = jnp.asarray(rng.normal(0, scale, (k, k, i, o)), jnp.float32)
        p[name + ".b"] = jnp.zeros(o)
        if name != "head":
            p[name + ".g"] = jnp.ones(o) * (0.5 if name in residual else 1.0)
            s[name + ".mean"], s[name + ".var"] = jnp.zeros(o), jnp.ones(o)
    return {**p, **at_first}, s


def conv(w, x):
    """A 3×3 convolution with zeros beyond the border, or a pointwise layer."""
    if w.shape[0] == 1:
        return x @ w[0, 0]
    return lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))


def fold(x, rows, columns):
    """Blocks of cells into channels, row by row."""
    n, h, w, c = x.shape
    x = x.reshape(n, h // rows, rows, w // columns, columns, c).transpose(0, 1, 3, 2, 4, 5)
    return x.reshape(n, h // rows, w // columns, rows * columns * c)


def enlarge(x, rows, columns):
    n, h, w, c = x.shape
    return jnp.broadcast_to(x[:, :, None, :, None], (n, h, rows, w, columns, c)).reshape(n, h * rows, w * columns, c)


def leaky(x):
    return jnp.maximum(x, 0.05 * x)


def layers(p, s, training):
    """What runs a layer by its name, and the running statistics that it updates."""
    after = dict(s)

    def layer(name, x):
        y = conv(p[name + ".w"], x)
        if name + ".g" not in p:
            return y + p[name + ".b"]
        if training:
            mean, var = jnp.mean(y, (0, 1, 2)), jnp.var(y, (0, 1, 2))
            after[name + ".mean"] = 0.97 * s[name + ".mean"] + 0.03 * mean
            after[name + ".var"] = 0.97 * s[name + ".var"] + 0.03 * var
        else:
            mean, var = s[name + ".mean"], s[name + ".var"]
        gain = p[name + ".g"] * lax.rsqrt(var + 1e-3)
        return y * gain + (p[name + ".b"] - mean * gain)

    return layer, after


def forward(p, s, x, training=False):
    """Answers, and the running statistics after this batch."""
    layer, after = layers(p, s, training)
    x = leaky(layer("stem", fold(x, 2, 2)))
    fine = leaky(x + layer("fine_in", x))
    y = leaky(layer("to_mid", fold(fine, 1, 2)))
    mid = leaky(y + layer("mid_in_b", leaky(layer("mid_in_a", y))))
    z = leaky(layer("to_wide", fold(mid, 2, 2)))
    wide = leaky(z + layer("wide_b", leaky(layer("wide_a", z))))
    mid = leaky(mid + enlarge(layer("from_wide", wide), 2, 2))
    mid = leaky(mid + layer("mid_out", mid))
    fine = leaky(fine + enlarge(layer("from_mid", mid), 1, 2))
    fine = leaky(fine + layer("fine_out", fine))
    return layer("head", fine), after


def optimiser(rate, steps):
    """AdamW: a warm start, level, then down to a fiftieth over the last three tenths."""
    warm, fall = min(100, steps // 10), steps * 7 // 10
    parts = [optax.linear_schedule(rate * 0.1, rate, warm), optax.linear_schedule(rate, rate * 0.02, steps - fall)]
    return optax.chain(optax.clip_by_global_norm(3.0), optax.adamw(optax.join_schedules(parts, [fall]), weight_decay=2e-4))


def averaged(mean, p):
    """The running mean of the weights, a step on."""
    return jax.tree.map(lambda m, v: FORGET * m + (1 - FORGET) * v, mean, p)


def folded(which, p, s):
    """Kernels and biases without batch norm, layer by layer."""
    out = []
    for name, *_ in which:
        w, b = np.asarray(p[name + ".w"], np.float64), np.asarray(p[name + ".b"], np.float64)
        if name + ".g" in p:
            gain = np.asarray(p[name + ".g"], np.float64) / np.sqrt(np.asarray(s[name + ".var"], np.float64) + 1e-3)
            w, b = w * gain, b - np.asarray(s[name + ".mean"], np.float64) * gain
        out.append((name, w, b))
    return out


def write_blob(which, p, s, file):
    """src/railcars/*.f16: kernel, then bias, of every layer, little-endian half floats."""
    numbers = np.concatenate([np.concatenate([w.ravel(), b.ravel()]) for _, w, b in folded(which, p, s)])
    numbers.astype("<f2").tofile(file)


def read_blob(file):
    """Parameters from a .f16 file: no batch norm, since it is folded in."""
    numbers, at, p = np.fromfile(file, "<f2").astype(np.float32), 0, {}
    for name, k, i, o in LAYERS:
        for part, shape in (("w", (k, k, i, o)), ("b", (o,))):
            n = int(np.prod(shape))
            p[f"{name}.{part}"] = jnp.asarray(numbers[at : at + n].reshape(shape))
            at += n
    if at != len(numbers):
        raise ValueError(f"{file}: {len(numbers)} numbers, the layers take {at}")
    return p, {}
