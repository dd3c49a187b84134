"""Decodes a picture in every layout and compares the result with Pillow's.

They must agree within a bound, or the file must be refused: a wrong picture is worse than none. Needs
Pillow, numpy, pillow-heif and tifffile from PyPI, and Debian's libjpeg-turbo-progs and libtiff-tools
(cjpeg, tiffcp).

Then the kinds of `kinds`: here Pillow and OpenCV must agree, and we with them; where they don't, `check` must
say so. Then each file of the folders that are given, such as other projects' test images: counted, and listed
if we differ from Pillow. Needs opencv-python-headless, and the program itself for the second step.

cargo build --release --example decode --bin didit-face
python3 tests/decoders/compare.py target/release/examples/decode [FOLDER...]
"""

import collections
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy
from PIL import Image, ImageFile, ImageOps

import kinds
import layouts

# Decode files without an end marker, as viewers do.
ImageFile.LOAD_TRUNCATED_IMAGES = True

# Mean difference, in levels out of 255. Decoders upsample differently, above all coarse chroma: libheif
# repeats it, ours interpolates.
BOUND = 2.0
BOUND_OF_HEIC = {"444.heic": 0.5}  # otherwise 6.0, for the chroma
# Common layouts, which must not be refused.
NEEDED = """2x2-base.jpg 2x2-prog.jpg 1x1-base.jpg 2x2-ni.jpg 1x1-ni.jpg 1x1_2x2_2x2-base.jpg 3x1-base.jpg 3x1-prog.jpg
gap.jpg fill.jpg no-end.jpg more-behind.jpg grey.jpg rgb.jpg cmyk.jpg ycck.jpg rgb.tif grey.tif rgba.tif
grey-alpha.tif cmyk.tif rgb-lzw-2.tif rgb-zip.tif rgb-packbits.tif rgb-jpeg.tif rgb-16.tif tiled.tif
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


def difference(one, other):
    return abs(one.astype(int) - other.astype(int)).mean() if one.shape == other.shape else 255.0


def turned(image, orientation):
    exif = image.getexif()
    exif[0x112] = orientation
    return ImageOps.exif_transpose(image)


def seen_by(file):
    """Returns how Pillow and OpenCV show a file, None if one doesn't, and how Pillow shows it on white."""
    on_white = None
    try:
        with Image.open(file) as image:
            image = ImageOps.exif_transpose(image)
            if image.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in image.info:
                white = Image.new("RGBA", image.size, "white")
                on_white = numpy.asarray(Image.alpha_composite(white, image.convert("RGBA")).convert("RGB"))
            pillow = numpy.asarray(image.convert("RGB"))
    except Exception:
        pillow = None
    try:
        opencv = cv2.imread(str(file))
    except cv2.error:
        opencv = None
    return pillow, None if opencv is None else opencv[..., ::-1], on_white


def ours(decode, file):
    made = subprocess.run([decode, str(file)], capture_output=True, timeout=60)
    if made.returncode:
        return None, made.stderr.decode(errors="replace").strip().splitlines()[-1]
    return numpy.asarray(Image.open(io.BytesIO(made.stdout))), ""


def compare_kinds(decode, folder):
    faults = 0
    picture = layouts.picture(203, 157)
    for name, data, orientation in kinds.kinds(picture):
        file = folder / name
        file.write_bytes(data)
        shown, why = ours(decode, file)
        pillow, opencv, on_white = seen_by(file)
        pillow = pillow if on_white is None else on_white
        wanted = pillow if pillow is not None else numpy.asarray(turned(picture, orientation))
        against = [wanted] + ([opencv] if opencv is not None else [])
        worst = max((difference(shown, other) for other in against), default=0) if shown is not None else why
        is_wrong = shown is None or worst > BOUND
        faults += is_wrong
        print("WRONG " if is_wrong else "      ", name, worst if isinstance(worst, str) else f"{worst:.2f}")
    program = Path(decode).parent.parent / "didit-face"
    for name, data in kinds.ambiguous(picture):
        file = folder / name
        file.write_bytes(data)
        run = subprocess.run([program, "check", "--json", file], capture_output=True)
        codes = [finding["code"] for finding in json.loads(run.stdout)[0]["findings"]]
        is_wrong = "read-differently" not in codes
        faults += is_wrong
        pillow, opencv, _ = seen_by(file)
        apart = "refused by one" if pillow is None or opencv is None else f"{difference(pillow, opencv):.2f} apart"
        print("WRONG " if is_wrong else "      ", name, codes, apart)
    return faults


def sweep(decode, folder):
    """Compares each file that Pillow opens."""
    counts = collections.Counter()
    for file in sorted(Path(folder).rglob("*")):
        if not file.is_file() or ".git" in file.parts:
            continue
        pillow, opencv, on_white = seen_by(file)
        if pillow is None and opencv is None:
            continue
        shown, why = ours(decode, file)
        if shown is None:
            counts[f"refused: {why}"] += 1
            continue
        apart = [difference(shown, other) for other in (pillow, opencv) if other is not None]
        if on_white is not None and max(apart) > 3:
            apart = [difference(shown, on_white)]
        kind = "as both" if max(apart) <= 3 else "as one of them" if min(apart) <= 3 else "as neither"
        kind += ", on white" if len(apart) == 1 and on_white is not None else ""
        counts[kind] += 1
        if not kind.startswith("as both"):
            print(f"{kind}: {file.relative_to(folder)}", [f"{value:.1f}" for value in apart])
    print(folder, sum(counts.values()), "files")
    for kind, count in counts.most_common():
        print(f"{count:6} {kind}")


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
    with tempfile.TemporaryDirectory() as folder:
        faults += compare_kinds(sys.argv[1], Path(folder))
    for folder in sys.argv[2:]:
        sweep(sys.argv[1], folder)
    sys.exit(f"{faults} faults" if faults else 0)


main()
