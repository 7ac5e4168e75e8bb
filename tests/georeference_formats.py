"""Writes georeference_formats.ledger: where rasterio, and with it GDAL and PROJ, says that the files of two public collections lie.

    python tests/georeference_formats.py ../shared/data/formats > tests/georeference_formats.ledger

A line an image that has a coordinate system or a grid: its name, its width and height, the system (EPSG:code, a name, or - for none),
side of a pixel's area at the middle in metres, and longitude and latitude on WGS84 of the outer corners: top left, top right, bottom
right, bottom left. What can't be computed is a -. The first line names the versions.
"""

import math
import os
import sys
import warnings

import pyproj
import rasterio
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import from_gcps
from rasterio.warp import transform

warnings.simplefilter("ignore", NotGeoreferencedWarning)
WGS84 = pyproj.Geod(ellps="WGS84")


def system(crs):
    """EPSG:code where rasterio is sure of it, else the first name in the well-known text."""
    if not crs:
        return "-"
    code = crs.to_epsg(confidence_threshold=100)
    return f"EPSG:{code}" if code else crs.to_wkt().split('"')[1]


def lonlat(crs, grid, points):
    xs, ys = zip(*(grid * point for point in points))
    lons, lats = transform(crs, "EPSG:4326", xs, ys)
    if not all(map(math.isfinite, [*lons, *lats])):
        raise ValueError("outside the system")
    return list(zip(lons, lats))


def gsd_m(crs, grid, width, height):
    """By the lengths and directions of two steps of a pixel through the middle of the image."""
    x, y = width / 2, height / 2
    left, right, above, below = lonlat(crs, grid, [(x - 0.5, y), (x + 0.5, y), (x, y - 0.5), (x, y + 0.5)])
    (azimuth, _, width_m), (other, _, height_m) = WGS84.inv(*left, *right), WGS84.inv(*above, *below)
    return math.sqrt(width_m * height_m * abs(math.sin(math.radians(azimuth - other))))


def entry(path):
    with rasterio.open(path) as image:
        points, crs_of_points = image.gcps
        crs = image.crs or crs_of_points
        grid = image.transform
        if grid.is_identity:
            grid = from_gcps(points) if points else None
        if not crs and grid is None:
            return None
        try:
            size = f"{gsd_m(crs, grid, image.width, image.height):.9g}"
            outline = [(0, 0), (image.width, 0), (image.width, image.height), (0, image.height)]
            corners = " ".join(f"{lon:.10f} {lat:.10f}" for lon, lat in lonlat(crs, grid, outline))
        except Exception:
            size, corners = "-", "-"
        return "\t".join([f"{image.width} {image.height}", system(crs), size, corners])


def main(folder):
    print(f"# rasterio {rasterio.__version__}, GDAL {rasterio.__gdal_version__}, PROJ {rasterio.__proj_version__}")
    for at, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(at, name)
            if not name.endswith((".tif", ".tiff", ".jpg")):
                continue
            try:
                line = entry(path)
            except rasterio.RasterioIOError:
                continue
            if line:
                print(os.path.relpath(path, folder).replace(os.sep, "/"), line, sep="\t")


main(sys.argv[1])
