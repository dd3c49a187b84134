"""Writes a picture in every JPEG, TIFF, PNG, WebP and HEIC layout that programs write."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy
import pillow_heif
import tifffile
from PIL import Image, ImageDraw

JPEG_SAMPLINGS = """1x1 2x1 1x2 2x2 4x1 1x4 4x2 2x4 3x1 1x3 3x2 2x3 1x1,2x2,2x2 1x1,2x1,2x1 1x2,2x1,2x1
2x2,2x1,2x1 2x2,1x2,1x2 2x2,2x1,1x2 2x2,2x2,1x1 2x1,1x1,2x1 4x1,2x1,2x1 1x1,1x1,2x2 1x2,1x2,1x2""".split()
JPEG_MODES = {
    "base": [],
    "prog": ["-progressive"],
    "ni": ["-scans", "0;1;2;"],
    "ni2": ["-scans", "0;1 2;"],
    "rst": ["-restart", "3B"],
    "nirst": ["-scans", "0;1;2;", "-restart", "3B"],
    "progrst": ["-progressive", "-restart", "1"],
}


def picture(width, height):
    """Draws gradients and edges, so that wrong strides and swapped planes are obvious."""
    y, x = numpy.mgrid[0:height, 0:width]
    red, green = 255 * x / width, 255 * y / height
    blue = 127 + 120 * numpy.sin(x / 17 + y / 23)
    image = Image.fromarray(numpy.dstack([red, green, blue]).astype("uint8"))
    draw = ImageDraw.Draw(image)
    draw.ellipse([width // 4, height // 5, width // 2, height // 2], fill=(220, 180, 150))
    draw.rectangle([width // 2, height // 2, width - 9, height - 7], fill=(30, 60, 120))
    return image


def jpegs(image, folder):
    source = folder / "source.ppm"
    image.save(source)

    def cjpeg(name, *options):
        command = ["cjpeg", "-quality", "90"]
        for option in options:
            if ";" in option:
                (folder / "scans.txt").write_text(option)
                option = str(folder / "scans.txt")
            command.append(option)
        made = subprocess.run([*command, str(source)], capture_output=True)
        if made.returncode == 0:  # cjpeg can't write every combination
            (folder / f"{name}.jpg").write_bytes(made.stdout)

    for sampling in JPEG_SAMPLINGS:
        for mode, options in JPEG_MODES.items():
            cjpeg(f"{sampling.replace(',', '_')}-{mode}", "-sample", sampling, *options)
    cjpeg("arithmetic", "-arithmetic")
    cjpeg("arithmetic-prog", "-arithmetic", "-progressive")
    cjpeg("grey", "-grayscale")
    cjpeg("grey-prog", "-grayscale", "-progressive")
    cjpeg("grey-2x2", "-grayscale", "-sample", "2x2")
    cjpeg("rgb", "-rgb")
    cjpeg("quality-100", "-quality", "100")
    cjpeg("quality-5", "-quality", "5")
    cmyk = io.BytesIO()
    image.convert("CMYK").save(cmyk, "JPEG", quality=90)
    cmyk = cmyk.getvalue()
    (folder / "cmyk.jpg").write_bytes(cmyk)
    marker = cmyk.find(b"\xff\xee")
    length = int.from_bytes(cmyk[marker + 2 : marker + 4], "big")
    (folder / "cmyk-no-adobe.jpg").write_bytes(cmyk[:marker] + cmyk[marker + 2 + length :])
    ycck = bytearray(cmyk)
    ycck[ycck.find(b"Adobe") + 11] = 2
    (folder / "ycck.jpg").write_bytes(ycck)
    plain = (folder / "2x2-base.jpg").read_bytes()
    tables = plain.find(b"\xff\xc4")
    (folder / "gap.jpg").write_bytes(plain[:tables] + b"gap!" + plain[tables:])
    (folder / "fill.jpg").write_bytes(plain[:tables] + b"\xff\xff\xff" + plain[tables:])
    (folder / "no-end.jpg").write_bytes(plain[:-2])
    (folder / "more-behind.jpg").write_bytes(plain + plain[:5000])


def with_tag(file, tag, value):
    """Returns a little-endian TIFF with a SHORT in its first directory replaced."""
    file = bytearray(file)
    at = struct.unpack_from("<I", file, 4)[0]
    for entry in range(at + 2, at + 2 + 12 * struct.unpack_from("<H", file, at)[0], 12):
        if struct.unpack_from("<H", file, entry)[0] == tag:
            struct.pack_into("<H", file, entry + 8, value)
    return bytes(file)


def tiffs(image, folder):
    grey, array = image.convert("L"), numpy.asarray(image)
    alpha = image.copy()
    alpha.putalpha(grey)
    kinds = {
        "rgb": image, "grey": grey, "bits": image.convert("1"), "rgba": alpha,
        "grey-alpha": alpha.convert("LA"), "palette": image.quantize(200),
        "cmyk": image.convert("CMYK"), "lab": image.convert("LAB"), "ycbcr": image.convert("YCbCr"),
        "float": grey.convert("F"), "int32": grey.convert("I"), "grey-16": Image.fromarray(numpy.asarray(grey).astype("uint16") * 257),
    }
    for name, kind in kinds.items():
        kind.save(folder / f"{name}.tif")
    for bits in [1, 2, 4]:
        levels = 2**bits
        small = image.quantize(levels)
        packed = numpy.packbits(
            numpy.unpackbits(numpy.asarray(small)[..., None], axis=2)[..., -bits:].reshape(small.height, -1), axis=1)
        colours = numpy.zeros((3, levels), "uint16")
        given = numpy.array(small.getpalette()[: 3 * levels]).reshape(-1, 3)
        colours[:, : len(given)] = given.T * 257
        entries = [(256, 3, [small.width]), (257, 3, [small.height]), (258, 3, [bits]), (259, 3, [1]), (262, 3, [3]),
                   (273, 4, [0]), (277, 3, [1]), (278, 3, [small.height]), (279, 4, [packed.size]), (320, 3, colours.flatten().tolist())]
        (folder / f"palette-{bits}.tif").write_bytes(tiff(entries, packed.tobytes()))
    tifffile.imwrite(folder / "rgb-16.tif", array.astype("uint16") * 257, photometric="rgb")
    tifffile.imwrite(folder / "rgb-float.tif", (array / 255).astype("float32"), photometric="rgb")
    tifffile.imwrite(folder / "white-is-zero.tif", 255 - numpy.asarray(grey), photometric="miniswhite")
    tifffile.imwrite(folder / "planar-tiled.tif", numpy.moveaxis(array, 2, 0), photometric="rgb", planarconfig="separate", tile=(64, 64))
    tifffile.imwrite(folder / "tiled.tif", array, photometric="rgb", tile=(64, 64))
    tifffile.imwrite(folder / "big-endian.tif", array, photometric="rgb", byteorder=">")
    tifffile.imwrite(folder / "big.tif", array, photometric="rgb", bigtiff=True)
    rgba = numpy.asarray(alpha).astype("uint16")
    associated = numpy.dstack([rgba[..., :3] * rgba[..., 3:] // 255, rgba[..., 3]]).astype("uint8")
    tifffile.imwrite(folder / "alpha-associated.tif", associated, photometric="rgb", extrasamples=["assocalpha"])
    tifffile.imwrite(folder / "alpha-unspecified.tif", numpy.asarray(alpha), photometric="rgb", extrasamples=["unspecified"])
    with tifffile.TiffWriter(folder / "pages.tif") as pages:
        pages.write(array, photometric="rgb")
        pages.write(255 - array, photometric="rgb")

    def tiffcp(name, source, *options):
        made = folder / f"{name}.tif"
        done = subprocess.run(["tiffcp", *options, str(folder / f"{source}.tif"), str(made)], capture_output=True)
        if done.returncode:
            made.unlink(missing_ok=True)

    for packed in ["lzw", "lzw:2", "zip", "zip:2", "packbits", "jpeg", "jpeg:r"]:
        tiffcp(f"rgb-{packed.replace(':', '-')}", "rgb", "-r", "16", "-c", packed)
    for packed in ["g3", "g3:1d", "g3:2d", "g4"]:
        tiffcp(f"bits-{packed.replace(':', '-')}", "bits", "-c", packed)
        tiffcp(f"bits-{packed.replace(':', '-')}-lsb", "bits", "-c", packed, "-f", "lsb2msb")
    tiffcp("rgb-16-lzw-2", "rgb-16", "-c", "lzw:2")
    tiffcp("grey-jpeg", "grey", "-r", "16", "-c", "jpeg")
    tiffcp("planar", "rgb", "-p", "separate")
    tiffcp("planar-lzw-2", "rgb", "-p", "separate", "-c", "lzw:2")
    tiffcp("tiled-lzw", "rgb", "-t", "-w", "32", "-l", "48", "-c", "lzw")
    tiffcp("tiled-jpeg", "rgb", "-t", "-w", "32", "-l", "48", "-c", "jpeg")
    tiffcp("strips", "rgb", "-r", "7")
    tiffcp("fill-order-2", "rgb", "-f", "lsb2msb")
    tiffcp("fill-order-2-lzw", "rgb", "-f", "lsb2msb", "-c", "lzw")
    tiffcp("fill-order-2-bits", "bits", "-f", "lsb2msb")
    tiffcp("palette-lzw", "palette", "-c", "lzw")
    tiffcp("palette-tiled", "palette", "-t", "-w", "32", "-l", "48")
    tiffcp("grey-alpha-lzw", "grey-alpha", "-c", "lzw")


def tiff(entries, data):
    """Returns a little-endian TIFF with one strip."""
    directory = 8 + len(data)
    directory += directory % 2
    behind = directory + 2 + 12 * len(entries) + 4
    table, values = b"", b""
    for tag, kind, numbers in entries:
        if tag == 273:
            numbers = [8]
        value = struct.pack(f"<{len(numbers)}{'H' if kind == 3 else 'I'}", *numbers)
        if len(value) > 4:
            value, values = struct.pack("<I", behind + len(values)), values + value
        table += struct.pack("<HHI", tag, kind, len(numbers)) + value.ljust(4, b"\0")
    head = struct.pack("<2sHI", b"II", 42, directory) + data
    return head.ljust(directory, b"\0") + struct.pack("<H", len(entries)) + table + bytes(4) + values


def interlaced(array):
    """Returns a PNG interlaced with Adam7 (PNG 3, 8.1)."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    rows = b""
    for x, y, right, down in passes:
        part = array[y::down, x::right]
        rows += b"".join(b"\0" + row.tobytes() for row in part) if part.size else b""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], 8, 2, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def others(image, folder):
    alpha = image.copy()
    alpha.putalpha(image.convert("L"))
    other = image.transpose(Image.Transpose.ROTATE_180)
    deep = numpy.asarray(image.convert("L")).astype("uint16") * 257
    for name, kind in {
        "rgb": image, "rgba": alpha, "grey": image.convert("L"), "grey-alpha": alpha.convert("LA"),
        "palette": image.quantize(200), "palette-16": image.quantize(16), "bits": image.convert("1"),
        "grey-16": Image.fromarray(deep),
    }.items():
        kind.save(folder / f"{name}.png")
    image.quantize(9).save(folder / "palette-clear.png", transparency=0)
    image.save(folder / "animated.png", save_all=True, append_images=[other])
    (folder / "interlaced.png").write_bytes(interlaced(numpy.asarray(image)))
    image.save(folder / "lossy.webp", quality=90)
    image.save(folder / "lossless.webp", lossless=True)
    alpha.save(folder / "clear.webp", lossless=True, exact=True)
    alpha.save(folder / "clear-lossy.webp", quality=90)
    image.save(folder / "animated.webp", save_all=True, append_images=[other], lossless=True)


def heics(image, folder):
    for chroma in ["420", "422", "444"]:
        image.save(folder / f"{chroma}.heic", quality=90, chroma=chroma)
    alpha = image.copy()
    alpha.putalpha(image.convert("L"))
    alpha.save(folder / "rgba.heic", quality=90)
    turned = Image.Exif()
    turned[0x0112] = 6
    image.save(folder / "turned.heic", quality=90, exif=turned.tobytes())


def write(folder, size):
    folder.mkdir(parents=True, exist_ok=True)
    pillow_heif.register_heif_opener()
    for make in [jpegs, tiffs, others, heics]:
        make(picture(*size), folder)


if __name__ == "__main__":
    write(Path(sys.argv[1]), (203, 157))
