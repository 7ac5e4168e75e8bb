"""What people would put together from OpenCV: features, homography, difference, components. Prints one line of JSON."""
import json
import sys
import time

import cv2
import numpy as np

FEATURES, PAIRS_KEPT, LEAST_AREA_PX = 5000, 500, 50


def compare(before_file, after_file):
    began = time.perf_counter()
    before, after = (cv2.imread(file, cv2.IMREAD_GRAYSCALE) for file in (before_file, after_file))
    orb = cv2.ORB_create(FEATURES)
    (points, descriptors), (other_points, other_descriptors) = (orb.detectAndCompute(image, None) for image in (before, after))
    pairs = sorted(cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(other_descriptors, descriptors), key=lambda m: m.distance)
    pairs = pairs[:PAIRS_KEPT]
    source = np.float32([other_points[m.queryIdx].pt for m in pairs])
    target = np.float32([points[m.trainIdx].pt for m in pairs])
    homography, _ = cv2.findHomography(source, target, cv2.RANSAC, 3)
    laid = cv2.warpPerspective(after, homography, (before.shape[1], before.shape[0]))
    difference = cv2.GaussianBlur(cv2.absdiff(before, laid), (5, 5), 0)
    _, changed = cv2.threshold(difference, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    _, _, stats, _ = cv2.connectedComponentsWithStats(changed)
    found = int((stats[1:, cv2.CC_STAT_AREA] >= LEAST_AREA_PX).sum())
    return {"ms": (time.perf_counter() - began) * 1000, "components": found, "homography": homography.round(3).tolist()}


if __name__ == "__main__":
    cv2.setNumThreads(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    print(json.dumps(compare(sys.argv[1], sys.argv[2])))
