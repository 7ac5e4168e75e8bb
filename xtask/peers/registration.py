"""Registration as OpenCV's users do it: keypoints, ratio test, RANSAC. registration.py FOLDER COUNT reads K-before.png and K-after.png (alpha is
the mask) and prints {"method": [{"matrix": 2x3 | null, "seconds": s}, ...]}; matrices take points of after to before, pixel centres at +0.5."""

import json
import sys
import time

import cv2
import numpy as np

RATIO = 0.75
RANSAC_PX = 3.0
LEAST_INLIERS = 15

METHODS = {
    "OpenCV SIFT + RANSAC": (cv2.SIFT_create(), cv2.NORM_L2),
    "OpenCV ORB + RANSAC": (cv2.ORB_create(5000), cv2.NORM_HAMMING),
}


def read(path):
    image = cv2.imread(path, cv2.IMREAD_UNCHANGED)
    mask = cv2.erode(image[:, :, 3], np.ones((7, 7), np.uint8))
    return cv2.cvtColor(image[:, :, :3], cv2.COLOR_BGR2GRAY), mask


def register(detector, norm, before, after):
    (points_before, features_before), (points_after, features_after) = (detector.detectAndCompute(*image) for image in (before, after))
    if features_before is None or features_after is None or len(features_before) < 2:
        return None
    matches = cv2.BFMatcher(norm).knnMatch(features_after, features_before, k=2)
    good = [m[0] for m in matches if len(m) == 2 and m[0].distance < RATIO * m[1].distance]
    if len(good) < 3:
        return None
    source = np.float64([points_after[m.queryIdx].pt for m in good]) + 0.5
    target = np.float64([points_before[m.trainIdx].pt for m in good]) + 0.5
    matrix, inliers = cv2.estimateAffine2D(source, target, method=cv2.RANSAC, ransacReprojThreshold=RANSAC_PX)
    return matrix if matrix is not None and inliers.sum() >= LEAST_INLIERS else None


def main(folder, count):
    cv2.setRNGSeed(1)
    answers = {name: [] for name in METHODS}
    for k in range(count):
        before, after = read(f"{folder}/{k}-before.png"), read(f"{folder}/{k}-after.png")
        for name, (detector, norm) in METHODS.items():
            start = time.perf_counter()
            matrix = register(detector, norm, before, after)
            answers[name].append({"matrix": None if matrix is None else matrix.tolist(), "seconds": time.perf_counter() - start})
    print(json.dumps(answers))


main(sys.argv[1], int(sys.argv[2]))
