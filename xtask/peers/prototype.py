"""Railcars as the prototype network and its own decoder see them, a peer to compare with; nothing of it ships. prototype.py WEIGHTS.npz FOLDER reads
FOLDER/cases.json, [{"image": file, "gsd_m": m}, ...], and prints [{"cars": [[x, y, length, angle_rad], ...], "seconds": s}, ...] in the images'
pixels, centres at +0.5. As its authors ran it: turned to the one strongest direction of lines, both ways up, the surer one kept."""

import json
import math
import sys
import time

import cv2
import numpy as np

GSD_M = 0.5
# Least score of a car. On eight drawn yards (seeds 850000 to 850007, which nothing else looks at) F1 is 0.62 to 0.65 from 0.1 to 0.25; of these
# 0.2 serves the prototype best on the real yard.
LEAST_SCORE = 0.2


def conv(layers, name, x):
    w, b = layers[name + "_w"], layers[name + "_b"]
    if w.shape[0] == 1:
        return x @ w[0, 0] + b
    height, width, _ = x.shape
    around = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    return sum(around[i : i + height, j : j + width] @ w[i, j] for i in range(3) for j in range(3)) + b


def leaky(x):
    return np.maximum(x, 0.05 * x)


def fold(x, rows, columns):
    return np.concatenate([x[r::rows, c::columns] for r in range(rows) for c in range(columns)], axis=-1)


def enlarge(x, rows, columns):
    return x.repeat(rows, 0).repeat(columns, 1)


def forward(layers, rgb):
    """Per cell of 1 m: log-odds of centre, body and end, offset to the centre, sine of twice the angle, logarithm of the length over 15 m."""
    height, width = rgb.shape[:2]
    x = np.pad(rgb, ((0, -height % 16), (0, -width % 16), (0, 0)), mode="edge").astype(np.float32) / 255 - 0.5
    stem = leaky(conv(layers, "stem", fold(x, 2, 2)))
    fine = leaky(stem + conv(layers, "a1", stem))
    mid = leaky(conv(layers, "d1", fold(fine, 1, 2)))
    mid = leaky(mid + conv(layers, "b2", leaky(conv(layers, "b1", mid))))
    wide = leaky(conv(layers, "d2", fold(mid, 2, 2)))
    wide = leaky(wide + conv(layers, "m2", leaky(conv(layers, "m1", wide))))
    mid = leaky(mid + enlarge(conv(layers, "u2", wide), 2, 2))
    mid = leaky(mid + conv(layers, "e1", mid))
    fine = leaky(fine + enlarge(conv(layers, "u1", mid), 1, 2))
    fine = leaky(fine + conv(layers, "f1", fine))
    return conv(layers, "head", fine)[: (height + 1) // 2, : (width + 1) // 2]


def odds_to_share(z):
    return 1 / (1 + np.exp(-z))


def apart(cars):
    """The surest first; none that overlaps a surer one."""
    kept = []
    for car in sorted(cars, key=lambda c: -c[4]):
        for other in kept:
            dx, dy = car[0] - other[0], car[1] - other[1]
            cos, sin = math.cos(other[3]), math.sin(other[3])
            if abs(dy * cos - dx * sin) < 4.5 and abs(dx * cos + dy * sin) < 0.275 * (car[2] + other[2]):
                break
        else:
            kept.append(car)
    return kept


def cars_by_votes(answer, least):
    """Every cell of a body votes for its car's centre; peaks of the votes are cars: x, y, length (pixels of 0.5 m), angle, score."""
    body = odds_to_share(answer[..., 1])
    height, width = body.shape
    ys, xs = np.where(body > 0.4)
    if not len(ys):
        return []
    angle = 0.5 * np.arcsin(np.clip(answer[ys, xs, 4], -1, 1))
    along, length = 10 * answer[ys, xs, 3], 15 * np.exp(answer[ys, xs, 5])
    to_x, to_y = xs + np.cos(angle) * along, ys + np.sin(angle) * along
    weight = body[ys, xs] / (length * 2.8)
    votes = np.zeros((2 * height, 2 * width), np.float32)
    row = np.clip(np.round(to_y * 2 + 0.5).astype(int), 0, 2 * height - 1)
    column = np.clip(np.round(to_x * 2 + 0.5).astype(int), 0, 2 * width - 1)
    np.add.at(votes, (row, column), weight.astype(np.float32))
    votes = cv2.GaussianBlur(votes, (0, 0), sigmaX=2.6, sigmaY=1.6) * (2 * np.pi * 2.6 * 1.6) * 0.6
    cars = []
    for y, x in zip(*np.where((votes >= cv2.dilate(votes, np.ones((5, 5)))) & (votes > least))):
        near = (np.abs(row - y) <= 3) & (np.abs(column - x) <= 4)
        total = weight[near].sum()
        if total > 0:
            mean = [float((values[near] * weight[near]).sum() / total) for values in (to_x, to_y, length, angle)]
            cars.append([2 * mean[0] + 1, 2 * mean[1] + 1, 2 * mean[2], mean[3], float(votes[y, x])])
    return apart(cars)


def line_angle(rgb):
    """The strongest direction of lines, from the structure tensor."""
    grey = cv2.GaussianBlur(rgb.astype(np.float32).mean(-1), (0, 0), 1.0)
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    size = np.sqrt(gx * gx + gy * gy) + 1e-6
    return 0.5 * math.atan2(float((2 * gx * gy / size).sum()), float(((gx * gx - gy * gy) / size).sum())) + math.pi / 2


def railcars(layers, rgb, gsd_m, least):
    """Cars as x, y, length in the image's pixels, angle, score."""
    scale = gsd_m / GSD_M
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    at = rgb if abs(scale - 1) < 1e-3 else cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=how)
    height, width = at.shape[:2]
    turn = line_angle(at)
    cos, sin = math.cos(turn), math.sin(turn)
    size = int(width * abs(cos) + height * abs(sin)) + 2, int(width * abs(sin) + height * abs(cos)) + 2
    middle, center = np.array([width / 2, height / 2]), np.array(size) / 2
    best = []
    for mirror in (1, -1):
        matrix = np.array([[cos, -sin * mirror], [sin, cos * mirror]])
        shift = middle + matrix @ (0.5 - center) - 0.5
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        turned = cv2.warpAffine(at, np.c_[matrix, shift], size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        found = []
        for x, y, length, angle, score in cars_by_votes(forward(layers, turned), least):
            x, y = matrix @ (np.array([x, y]) - center) + middle
            if 0 < x < width and 0 < y < height:
                found.append([x / scale, y / scale, length / scale, mirror * angle + turn, score])
        if sum(c[4] for c in found) > sum(c[4] for c in best):
            best = found
    return best


def main(weights, folder):
    layers = {k: v.astype(np.float32) for k, v in np.load(weights).items()}
    with open(f"{folder}/cases.json") as f:
        cases = json.load(f)
    answers = []
    for k, case in enumerate(cases):
        start = time.perf_counter()
        rgb = cv2.imread(f"{folder}/{case['image']}")[..., ::-1]
        found = railcars(layers, rgb, case["gsd_m"], LEAST_SCORE)
        answers.append({"cars": [car[:4] for car in found], "seconds": time.perf_counter() - start})
        print(f"\rprototype: {k + 1} of {len(cases)} images", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
