#!/bin/sh
# Pillow 13.0.0 shows a grey TIFF with Orientation 6 upright if it is opened from memory, and scrambled and on its
# side if the same bytes are opened by path.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pillow==13.0.0 numpy==2.4.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import io, numpy
from PIL import Image, ImageOps

y, x = numpy.mgrid[0:60, 0:80]
picture = (x * 2 + y).astype("uint8")
Image.fromarray(picture).save("turned.tif", tiffinfo={274: 6})
upright = numpy.rot90(picture, -1).astype(int)
data = open("turned.tif", "rb").read()
seen = {}
for way, source in [("memory", io.BytesIO(data)), ("path", "turned.tif")]:
    shown = numpy.asarray(ImageOps.exif_transpose(Image.open(source))).astype(int)
    seen[way] = abs(shown - upright).mean() if shown.shape == upright.shape else 255
    print(f"from {way}: {shown.shape}, mean difference {seen[way]:.1f} of 255")
assert seen["memory"] < 1, "from memory, it is wrong as well"
assert seen["path"] > 10, "by path, it is right now"
PYTHON
