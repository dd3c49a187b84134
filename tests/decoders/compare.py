"""Decodes a picture in every layout and compares the result with Pillow's.

They must agree within a bound, or the file must be refused: a wrong picture is worse than none. Needs
Pillow, numpy, pillow-heif and tifffile from PyPI, and Debian's libjpeg-turbo-progs and libtiff-tools
(cjpeg, tiffcp).

cargo build --release --example decode
python3 tests/decoders/compare.py target/release/examples/decode
"""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from PIL import Image, ImageFile

import layouts

# Decode files without an end marker, as viewers do.
ImageFile.LOAD_TRUNCATED_IMAGES = True

# Mean difference, in levels out of 255. Decoders upsample differently, above all coarse chroma: libheif
# repeats it, ours interpolates.
BOUND = 2.0
BOUND_OF_HEIC = {"444.heic": 0.5}  # otherwise 6.0, for the chroma
# Common layouts, which must not be refused.
NEEDED = """2x2-base.jpg 2x2-prog.jpg 1x1-base.jpg 2x2-ni.jpg 1x1-ni.jpg 1x1_2x2_2x2-base.jpg 3x1-base.jpg 3x1-prog.jpg
gap.jpg fill.jpg no-end.jpg more-behind.jpg grey.jpg rgb.jpg cmyk.jpg ycck.jpg rgb.tif grey.tif rgba.tif palette.tif
grey-alpha.tif cmyk.tif fill-order-2.tif rgb-lzw-2.tif rgb-zip.tif rgb-packbits.tif rgb-jpeg.tif rgb-16.tif tiled.tif
planar.tif big.tif pages.tif rgb.png rgba.png palette.png grey-16.png interlaced.png animated.png lossy.webp
lossless.webp clear.webp animated.webp 420.heic 444.heic""".split()


def reference(file):
    with Image.open(file) as image:
        if image.mode.startswith("I;16"):
            grey = (numpy.asarray(image) // 257).astype("uint8")
            return Image.fromarray(grey).convert("RGB")
        if "A" in image.mode or "transparency" in image.info:
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, "white")
            return Image.alpha_composite(white, image).convert("RGB")
        return image.convert("RGB")


def compared(decode, file):
    """Returns the mean difference, or why it can't be measured."""
    try:
        wanted = numpy.asarray(reference(file)).astype(int)
    except Exception:
        wanted = None
    made = subprocess.run([decode, str(file)], capture_output=True, timeout=60)
    if made.returncode:
        return "refused: " + made.stderr.decode().strip().splitlines()[-1]
    got = numpy.asarray(Image.open(io.BytesIO(made.stdout))).astype(int)
    if wanted is None:
        return "Pillow can't decode it"
    return abs(got - wanted).mean() if got.shape == wanted.shape else "size differs"


def main():
    faults = 0
    for size in [(203, 157), (64, 48), (17, 19)]:
        with tempfile.TemporaryDirectory() as folder:
            layouts.write(Path(folder), size)
            files = sorted(f for f in Path(folder).iterdir() if f.suffix in [".heic", ".jpg", ".tif", ".png", ".webp"])
            for file in files:
                result = compared(sys.argv[1], file)
                is_refused = isinstance(result, str)
                bound = BOUND_OF_HEIC.get(file.name, 6.0) if file.suffix == ".heic" else BOUND
                is_wrong = (not is_refused and result > bound) or result == "size differs"
                is_missed = is_refused and file.name in NEEDED
                faults += is_wrong or is_missed
                mark = "WRONG " if is_wrong else "MISSED" if is_missed else "      "
                print(mark, f"{size[0]}x{size[1]}", file.name, result if is_refused else f"{result:.2f}")
            unwritten = set(NEEDED) - {file.name for file in files}
            faults += len(unwritten)
            print(len(files), "files of", f"{size[0]}x{size[1]};", "not written:", sorted(unwritten))
    sys.exit(f"{faults} faults" if faults else 0)


main()
