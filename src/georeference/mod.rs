//! Where an image lies on the ground, and when it was taken: GeoTIFF keys, tags and file names.
