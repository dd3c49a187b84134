#!/bin/sh
# Pillow 13.0.0 opens an RGB TIFF of 16 bits in planes (PlanarConfiguration 2) without an error, and shows
# noise. The same pixels, chunky, are right; tifffile and OpenCV 5.0.0.93 read both alike.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pillow==13.0.0 tifffile==2026.3.3 numpy==2.4.6 opencv-python-headless==5.0.0.93
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import cv2, numpy, tifffile
from PIL import Image

y, x = numpy.mgrid[0:60, 0:80]
picture = numpy.dstack([x * 3, y * 4, (x + y)]).astype("uint8")
deep = picture.astype("uint16") * 257
tifffile.imwrite("chunky.tif", deep, photometric="rgb")
tifffile.imwrite("planar.tif", numpy.moveaxis(deep, 2, 0), photometric="rgb", planarconfig="separate")
off = lambda shown: abs(shown.astype(int) - picture).mean()
seen = {}
for name in ["chunky", "planar"]:
    seen["Pillow", name] = off(numpy.asarray(Image.open(name + ".tif").convert("RGB")))
    seen["OpenCV", name] = off(cv2.imread(name + ".tif")[..., ::-1])
for (program, name), difference in seen.items():
    print(f"{program}, {name}: mean difference {difference:.1f} of 255")
assert seen["Pillow", "planar"] > 20, "Pillow reads it now"
assert max(seen["Pillow", "chunky"], seen["OpenCV", "chunky"], seen["OpenCV", "planar"]) < 1
PYTHON
