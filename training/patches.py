"""Cuts patches from scenes as the detector would see them: turned to a direction, mirrored to the sun, colours balanced."""
import math

import cv2
import numpy as np

from scenes import EMPTY_TRACKS

# Pixels of a patch: 48 m across the tracks, 80 m along.
HEIGHT, WIDTH = 96, 160
# What src/railcars/colour.rs brings the median of every band to, and at most multiplies by.
MEDIAN_TARGET, GAIN_LIMIT = 105.0, 3.5
SKELETON, FLAT = 5, 6
# Cross entropy of the body map that a place without cars is believed to cost before it was seen: every place comes early.
MISTAKEN_AT_FIRST = 0.3
# Where the sun's light reaches shadows nearly in full there is no side to mirror to.
OVERCAST = 0.7


def gains(rgb):
    """Per band, what brings its median to the target."""
    return np.clip(MEDIAN_TARGET / np.maximum(np.median(rgb.reshape(-1, 3), axis=0), 1), 1 / GAIN_LIMIT, GAIN_LIMIT)


def line_angle(grey):
    """Dominant direction of lines, radians, from the structure tensor weighted as src/railcars/directions.rs does."""
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    length = np.sqrt(gx * gx + gy * gy) + 1e-6
    return 0.5 * math.atan2(float((-2 * gx * gy / length).sum()), float(((gy * gy - gx * gx) / length).sum()))


def targets(cars, height, width):
    """What the network should answer per square metre; `cars` as x, y, angle, length, width in pixels of the patch."""
    out = np.zeros((height, width, 6), np.float32)
    for x, y, angle, length, wide in cars / np.array([2, 2, 1, 2, 2]):
        cos, sin = math.cos(angle), math.sin(angle)
        if cos < 0:
            cos, sin = -cos, -sin
        reach = length / 2 + 3
        y0, y1 = max(0, int(y - reach * abs(sin) - 4)), min(height, int(y + reach * abs(sin) + 5))
        x0, x1 = max(0, int(x - reach)), min(width, int(x + reach) + 1)
        if y0 >= y1 or x0 >= x1:
            continue
        dx, dy = np.arange(x0, x1) + 0.5 - x, (np.arange(y0, y1) + 0.5 - y)[:, None]
        s, t = dx * cos + dy * sin, dy * cos - dx * sin
        part = out[y0:y1, x0:x1]
        np.maximum(part[..., 0], np.exp(-s * s / 3.38 - t * t / 0.98) * (np.abs(t) < 3), out=part[..., 0])
        within = np.abs(t) < wide / 2
        end = np.abs(s) - length / 2 - 0.5
        np.maximum(part[..., 2], np.exp(-end * end / 0.98) * within, out=part[..., 2])
        body = within & (np.abs(s) < length / 2)
        part[body, 1] = 1
        part[body, 3] = -s[body] / 10
        part[body, 4] = 2 * sin * cos
        part[body, 5] = math.log(length / 15)
    return out


class Cutter:
    """Draws patches at random from scenes; equal seeds give equal patches."""

    def __init__(self, scenes, seed, shares):
        self.rng = np.random.default_rng(seed)
        self.scenes, self.shares = scenes, shares
        self.gains = [s.known(gains) for s in scenes]
        self.with_cars = [k for k, s in enumerate(scenes) if len(s.cars)]
        self.without = [k for k, s in enumerate(scenes) if s.kind >= EMPTY_TRACKS]
        self.wanted = {k: self.weights(scenes[k].cars) for k in self.with_cars}
        # How wrong the network lately was about each place without cars; unknown at first.
        self.mistaken = np.full(len(self.without), MISTAKEN_AT_FIRST)

    @staticmethod
    def weights(cars):
        """Frames, flats and short cars are what is missed; they are shown more often."""
        w = 1 + 1.5 * np.isin(cars[:, 5], (SKELETON, FLAT)) + 1.0 * (cars[:, 2] < 24)
        return w / w.sum()

    def learn(self, place, error):
        """Remembers how wrong the network was about a patch of the given place, so that what misleads it is shown more often."""
        if place is not None:
            self.mistaken[place] += 0.3 * (error - self.mistaken[place])

    def place(self):
        """A place without cars: half evenly, half by how wrong the network lately was about it."""
        return self.rng.choice(len(self.without), p=0.5 / len(self.without) + 0.5 * self.mistaken / self.mistaken.sum())

    def patch(self):
        """One patch, its targets, and its place among those without cars (None elsewhere)."""
        rng = self.rng
        what, place = rng.choice(3, p=self.shares), None
        if what == 2:
            place = self.place()
            scene = self.scenes[k := self.without[place]]
            center = rng.uniform(40, scene.rgb.shape[0] - 40, 2)
            angle = self.lines_at(scene, center) + rng.normal(0, 0.07) if rng.random() < 0.7 else rng.uniform(0, math.pi)
            cars = scene.cars[:0]
        else:
            scene = self.scenes[k := self.with_cars[rng.integers(len(self.with_cars))]]
            car = scene.cars[rng.choice(len(scene.cars), p=self.wanted[k])]
            along, across = rng.uniform(-60, 60), rng.uniform(-36, 36)
            cos, sin = math.cos(car[4]), math.sin(car[4])
            center = np.clip(car[:2] + [along * cos - across * sin, along * sin + across * cos], 10, scene.rgb.shape[0] - 10)
            angle, cars = car[4] + rng.normal(0, math.radians(4.5)), scene.cars
            if what == 1:
                angle, cars = angle + rng.choice([-1, 1]) * rng.uniform(math.radians(30), math.pi / 2), cars[:0]
        angle = self.faced(angle)
        mirror = self.mirror(scene, angle, always=what == 0)
        rgb, matrix = self.turned(scene.rgb, center, angle, mirror, (WIDTH, HEIGHT), math.exp(rng.normal(0, 0.05)))
        return self.balanced(rgb, k), targets(self.moved(cars, matrix), HEIGHT // 2, WIDTH // 2), place

    def faced(self, angle):
        """Tracks run both ways."""
        return angle + math.pi if self.rng.random() < 0.5 else angle

    def lines_at(self, scene, center):
        x, y = (int(c) for c in center)
        grey = cv2.cvtColor(scene.rgb[max(0, y - 48) : y + 48, max(0, x - 48) : x + 48], cv2.COLOR_RGB2GRAY).astype(np.float32)
        return line_angle(grey)

    def mirror(self, scene, angle, always):
        """-1 where the patch must be mirrored so that shadows fall toward +y. Places without cars are shown the wrong way up as often: the
        detector tries both ways and keeps the surer one."""
        if scene.sky > OVERCAST or not always:
            return self.rng.choice([-1, 1])
        return 1 if math.sin(scene.shadow_rad - angle) > 0 else -1

    @staticmethod
    def turned(rgb, center, angle, mirror, size, scale):
        """The patch of so many columns and rows, and the matrix from its pixels (centres at +0.5) to the scene's."""
        cos, sin = scale * math.cos(angle), scale * math.sin(angle)
        a = np.array([[cos, -sin * mirror], [sin, cos * mirror]])
        shift = center - a @ (np.array(size) / 2)
        offset = shift + a @ [0.5, 0.5] - 0.5
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        patch = cv2.warpAffine(rgb, np.c_[a, offset], size, flags=flags, borderMode=cv2.BORDER_REFLECT_101)
        return patch, np.c_[a, shift]

    @staticmethod
    def moved(cars, matrix):
        """Cars in the patch's pixels, those near it only."""
        if not len(cars):
            return np.zeros((0, 5))
        inverse = np.linalg.inv(matrix[:, :2])
        scale = math.sqrt(abs(np.linalg.det(inverse)))
        at = (cars[:, :2] - matrix[:, 2]) @ inverse.T
        way = np.stack([np.cos(cars[:, 4]), np.sin(cars[:, 4])], 1) @ inverse.T
        out = np.c_[at, np.arctan2(way[:, 1], way[:, 0]), cars[:, 2] * scale, cars[:, 3] * scale]
        near = (at[:, 0] > -40) & (at[:, 0] < WIDTH + 40) & (at[:, 1] > -40) & (at[:, 1] < HEIGHT + 40)
        return out[near]

    def balanced(self, rgb, k):
        """Colours as the detector's balance leaves them, give or take: real images are larger than scenes, and medians differ."""
        rng = self.rng
        gain = self.gains[k] ** (1.0 if rng.random() < 0.75 else rng.uniform(0, 1))
        gain = gain * math.exp(rng.normal(0, 0.13)) * np.exp(rng.normal(0, 0.05, 3))
        x = np.minimum(rgb * gain.astype(np.float32), 255) / 255
        if rng.random() < 0.5:
            x = (x - 0.41) * rng.uniform(0.75, 1.3) + 0.41
        if rng.random() < 0.08:
            x = x[..., rng.permutation(3)]
        if rng.random() < 0.08:
            x = np.repeat(x.mean(-1, keepdims=True), 3, -1)
        if rng.random() < 0.2:
            x = cv2.GaussianBlur(np.ascontiguousarray(x, np.float32), (0, 0), rng.uniform(0.35, 0.9))
        if rng.random() < 0.3:
            x = x + rng.normal(0, rng.uniform(0.003, 0.02), x.shape)
        return np.clip(x, 0, 1).astype(np.float32) - 0.5
