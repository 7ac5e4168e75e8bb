"""Reads what `sidings-generator export` writes; the layout stands in generator/src/export.rs."""
import struct

import numpy as np

# In the order of `Kind` in generator/src/scene.rs; places from EMPTY_TRACKS on hold no railcar.
KINDS = ("yard", "line", "empty tracks", "town", "industry", "country", "motorway", "long roofs", "storm")
YARD, LINE, EMPTY_TRACKS = 0, 1, 2
# In the order of `Family` in generator/src/rail/wagon.rs.
FAMILIES = (
    "box", "gondola", "tank", "container", "hopper", "skeleton", "flat", "locomotive", "passenger", "maintenance", "autorack", "logs", "tarp",
)


class Scene:
    """One drawn picture: rgb (side, side, 3) uint8, cars (n, 8): x, y, length, width px, angle rad, family, height m, cut."""

    def __init__(self, seed, kind, shadow_rad, sky, cars, rgb):
        self.seed, self.kind, self.shadow_rad, self.sky, self.cars, self.rgb = seed, kind, shadow_rad, sky, cars, rgb
        self.measured = {}

    def known(self, measure):
        """What a measure of the picture gave: taken once."""
        if measure not in self.measured:
            self.measured[measure] = measure(self.rgb)
        return self.measured[measure]


def read(file):
    """All scenes of a file."""
    with open(file, "rb") as f:
        data = f.read()
    if data[:4] != b"SGEN":
        raise ValueError(f"{file}: begins with {data[:4]!r}, a file of scenes begins with b'SGEN'; export it anew")
    version, side, gsd_m, count = struct.unpack_from("<IIfI", data, 4)
    if version != 1 or abs(gsd_m - 0.5) > 1e-6:
        raise ValueError(f"{file}: version {version} at {gsd_m} m, expected version 1 at 0.5 m; export it anew")
    at, scenes = 20, []
    for _ in range(count):
        seed, kind, shadow_rad, sky, n = struct.unpack_from("<QIffI", data, at)
        at += 24
        cars = np.frombuffer(data, "<f4", n * 8, at).reshape(n, 8).astype(np.float64)
        at += n * 32
        rgb = np.frombuffer(data, np.uint8, side * side * 3, at).reshape(side, side, 3)
        at += side * side * 3
        scenes.append(Scene(seed, kind, shadow_rad, sky, cars, rgb))
    return scenes
