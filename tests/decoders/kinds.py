"""Writes photos of the kinds that cameras, phones, scanners and passport chips write and `layouts` doesn't.

Each is made from the same picture.
"""

import io
import struct
import zlib

import numpy
import pillow_heif
import tifffile
from PIL import Image

pillow_heif.register_heif_opener()


def saved(image, kind, **options):
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def block(value, kind=3, little=False):
    """Returns an EXIF block with an orientation: SHORT by default (3), BYTE is 1, LONG 4."""
    order = "<" if little else ">"
    packed = struct.pack(order + {1: "B", 3: "H", 4: "I"}[kind], value)
    head = (b"II" if little else b"MM") + struct.pack(order + "HI", 42, 8)
    return head + struct.pack(order + "HHHI", 1, 0x112, kind, 1) + packed.ljust(4, b"\0") + bytes(4)


def jpeg_with(file, *segments):
    """Inserts segments, given as marker and contents, behind the start of the file."""
    made = b"".join(bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data for marker, data in segments)
    return file[:2] + made + file[2:]


def jpeg_without(file, *markers):
    """Removes the segments with these markers that precede the pixels."""
    made, at = file[:2], 2
    while file[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", file[at + 2 : at + 4])[0]
        made += b"" if file[at + 1] in markers else file[at:end]
        at = end
    return made + file[at:]


def jpeg_named(file, names):
    """Gives the three components other ids."""
    file = bytearray(file)
    at = 2
    while file[at + 1] != 0xDA:
        if file[at + 1] in (0xC0, 0xC2):
            for i in range(3):
                file[at + 10 + 3 * i] = names[i]
        at += 2 + struct.unpack(">H", file[at + 2 : at + 4])[0]
    for i in range(3):
        file[at + 5 + 2 * i] = names[i]
    return bytes(file)


def png_with(file, before=(), after=()):
    """Inserts chunks, given as name and contents, before and after the pixels."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    made = [b"".join(chunk(*each) for each in part) for part in (before, after)]
    pixels, end = file.index(b"IDAT") - 4, file.index(b"IEND") - 4
    return file[:pixels] + made[0] + file[pixels:end] + made[1] + file[end:]


def webp_with(file, size, *chunks, flags=8):
    def chunk(name, data):
        return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    sides = b"".join(struct.pack("<I", side - 1)[:3] for side in size)
    body = chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides) + file[12:] + b"".join(chunk(*each) for each in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def grown(file, path, at, more):
    """Inserts bytes into a HEIC, and adds to the sizes of the boxes around it and to the offsets behind."""
    file = bytearray(file)
    file[at:at] = more
    for name in path:
        start = file.index(name) - 4
        struct.pack_into(">I", file, start, struct.unpack_from(">I", file, start)[0] + len(more))
    location = file.index(b"iloc") + 4
    version, sizes = file[location], file[location + 4 : location + 6]
    assert version in (0, 1) and sizes[0] == 0x44, "as libheif writes it"
    count, entry = struct.unpack_from(">H", file, location + 6)[0], location + 8
    for _ in range(count):
        entry += 4 + 2 * version
        entry += sizes[1] >> 4
        extents = struct.unpack_from(">H", file, entry)[0]
        entry += 2
        for _ in range(extents):
            struct.pack_into(">I", file, entry, struct.unpack_from(">I", file, entry)[0] + len(more))
            entry += 8
    return bytes(file)


def heics(image):
    plain = saved(image, "HEIF", quality=90, chroma=444)
    count = plain.index(b"ipma") + 14
    behind = count + 1 + plain[count]
    more = bytearray(grown(plain, [b"meta", b"iprp", b"ipma"], behind, b"\0"))
    more[count] += 1
    yield "heic-index-0", bytes(more), 1
    matrix = plain.index(b"nclx") + 8
    yield "heic-no-matrix", plain[:matrix] + b"\0\2" + plain[matrix + 2 :], 1
    for brand in [b"msf1", b"isom", b"mif1"]:
        yield f"heic-{brand.decode()}", plain.replace(b"ftypheic", b"ftyp" + brand, 1), 1
    for value in range(2, 9):
        exif = Image.Exif()
        exif[0x112] = value
        yield f"heic-turned-{value}", saved(image, "HEIF", quality=90, chroma=444, exif=exif.tobytes()), value


def premultiplied(image):
    alpha = image.convert("L")
    colours = (numpy.asarray(image).astype(int) * numpy.asarray(alpha)[..., None] // 255).astype("uint8")
    rgba = Image.fromarray(colours)
    rgba.putalpha(alpha)
    file = saved(rgba, "HEIF", quality=90, chroma=444)
    box = file.index(b"auxl") - 4
    from_, to = file[box + 8 : box + 10], file[box + 12 : box + 14]
    return grown(file, [b"meta", b"iref"], box, struct.pack(">I4s", 14, b"prem") + to + b"\0\1" + from_)


def tlv(tag, value):
    length = len(value)
    return bytes.fromhex(tag) + (bytes([length]) if length < 128 else b"\x82" + struct.pack(">H", length)) + value


def chip(picture, size, kind, is_new=False):
    """Returns the file EF.DG2 of a passport chip, with a face record of ISO/IEC 19794-5 or 39794-5."""
    record = struct.pack(">IHBBB3sH3s3sBBHHBBHH", 32 + len(picture), 0, 2, 1, 1, bytes(3), 0, bytes(3), bytes(3), 1, kind, *size, 1, 2, 0, 0)
    record = b"FAC\x00010\0" + struct.pack(">IH", 14 + len(record) + len(picture), 1) + record + picture
    if is_new:
        record = tlv("65", tlv("A0", b"\x80\1\3") + tlv("A1", tlv("30", tlv("A1", tlv("81", picture)))))
    header = tlv("A1", tlv("81", b"\x02") + tlv("87", b"\x01\x01") + tlv("88", b"\x00\x08"))
    body = header + tlv("7F2E" if is_new else "5F2E", record)
    return tlv("75", tlv("7F61", tlv("02", b"\x01") + tlv("7F60", body)))


def kinds(image):
    """Yields name, bytes and the EXIF orientation that all programs apply."""
    plain, size = saved(image, "JPEG", quality=92, subsampling=0), image.size
    bare = jpeg_without(plain, 0xE0)
    adobe = lambda transform: (0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([transform]))
    exif = lambda data: (0xE1, b"Exif\0\0" + data)
    yield "jfif-adobe-0.jpg", jpeg_with(jpeg_without(plain, 0xE0), (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), adobe(0)), 1
    yield "jfif-ids-rgb.jpg", jpeg_named(plain, b"RGB"), 1
    yield "adobe-1-ids-rgb.jpg", jpeg_named(jpeg_with(bare, adobe(1)), b"RGB"), 1
    yield "adobe-0-ids-123.jpg", jpeg_with(jpeg_without(saved(image, "JPEG", quality=92, keep_rgb=True), 0xEE), adobe(0)), 1
    yield "ids-012.jpg", jpeg_named(bare, b"\0\1\2"), 1
    yield "adobe-short.jpg", jpeg_with(plain, (0xEE, b"Adobe\0\x64\0\0")), 1
    cmyk = saved(image.convert("CMYK"), "JPEG", quality=92)
    at = cmyk.index(b"Adobe") + 11
    yield "ycck-adobe-1.jpg", cmyk[:at] + b"\1" + cmyk[at + 1 :], 1
    tables = saved(image, "JPEG", quality=92, optimize=False)
    yield "no-tables.jpg", jpeg_without(tables, 0xC4), 1
    yield "exif-1-then-6.jpg", jpeg_with(plain, exif(block(1)), exif(block(6))), 1
    yield "exif-6-then-1.jpg", jpeg_with(plain, exif(block(6)), exif(block(1))), 6
    yield "exif-long.jpg", jpeg_with(plain, exif(block(6, 4, True))), 6
    for value in range(2, 9):
        yield f"turned-{value}.jpg", jpeg_with(plain, exif(block(value))), value
        yield f"turned-{value}.png", png_with(saved(image, "PNG"), [(b"eXIf", block(value))]), value
        yield f"turned-{value}-behind.png", png_with(saved(image, "PNG"), [], [(b"eXIf", block(value))]), value
        yield f"turned-{value}.webp", webp_with(saved(image, "WEBP", lossless=True), size, (b"EXIF", block(value))), value
    yield "flag-unset.webp", webp_with(saved(image, "WEBP", lossless=True), size, (b"EXIF", block(6)), flags=0), 1
    webp, png = saved(image, "WEBP", lossless=True), saved(image, "PNG")
    yield "flags-only.webp", webp_with(webp, size, flags=12), 1
    yield "behind-the-end.webp", webp_with(webp, size) + b"EXIF" + struct.pack("<I", len(block(6))) + block(6), 1
    yield "behind-the-end.png", png + png_with(png, [(b"eXIf", block(6))])[33:], 1
    xmp = (0xE1, b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="6"/>')
    yield "garbage-then-xmp.jpg", jpeg_with(plain, exif(b"garbage"), xmp), 1
    for name, data, value in heics(image):
        yield name + ".heic", data, value
    yield "premultiplied.heic", premultiplied(image), 1
    jp2 = saved(image, "JPEG2000", quality_mode="rates", quality_layers=[8])
    j2k = saved(image, "JPEG2000", no_jp2=True, quality_mode="rates", quality_layers=[8])
    yield "lossy.jp2", jp2, 1
    yield "lossless.jp2", saved(image, "JPEG2000"), 1
    yield "grey.jp2", saved(image.convert("L"), "JPEG2000"), 1
    yield "lossy.j2k", j2k, 1
    yield "dg2-jpeg.bin", chip(plain, size, 1), 1
    yield "dg2-jp2.bin", chip(jp2, size, 0), 1
    yield "dg2-j2k.bin", chip(j2k, size, 1, True), 1
    strips = saved(image, "TIFF")
    at = strips.index(struct.pack("<HHI", 279, 4, 1))
    yield "no-strip-lengths.tif", strips[:at] + struct.pack("<H", 65000) + strips[at + 2 :], 1
    grey = numpy.dstack([numpy.asarray(image.convert("L")), numpy.full((size[1], size[0]), 9, "uint8")])
    made = io.BytesIO()
    tifffile.imwrite(made, grey, photometric="minisblack", planarconfig="contig", extrasamples=["unspecified"])
    yield "grey-unspecified.tif", made.getvalue(), 1


def ambiguous(image):
    """Yields files that Pillow and OpenCV read differently, and `--fit` converts."""
    array = numpy.asarray(image)
    grey = numpy.asarray(image.convert("L"))
    rgba = image.convert("RGBA")
    rgba.putalpha(image.convert("L"))
    exif = lambda value: {0x112: value}

    def tiff(data, **options):
        made = io.BytesIO()
        tifffile.imwrite(made, data, **options)
        return made.getvalue()

    for value in range(5, 9):
        yield f"rgb-turned-{value}.tif", saved(image, "TIFF", tiffinfo=exif(value))
    for value in range(2, 9):
        yield f"grey-turned-{value}.tif", saved(image.convert("L"), "TIFF", tiffinfo=exif(value))
    yield "grey-16.png", saved(Image.fromarray(grey.astype("uint16") * 257), "PNG")
    yield "grey-16.tif", tiff(grey.astype("uint16") * 257, photometric="minisblack")
    yield "white-is-zero.tif", tiff(255 - grey, photometric="miniswhite")
    yield "white-is-zero-16.tif", tiff((255 - grey).astype("uint16") * 257, photometric="miniswhite")
    yield "planar-16.tif", tiff(numpy.moveaxis(array, 2, 0).astype("uint16") * 257, photometric="rgb", planarconfig="separate")
    yield "float.tif", tiff((array / 255).astype("float32"), photometric="rgb")
    yield "grey-float.tif", tiff((grey / 255).astype("float32"), photometric="minisblack")
    yield "rgba.tif", saved(rgba, "TIFF")
    cmyk = numpy.asarray(image.convert("CMYK")).astype("uint16") * 257
    yield "cmyk-16.tif", tiff(cmyk, photometric="separated", planarconfig="contig")
    yield "prefix.webp", webp_with(saved(image, "WEBP", lossless=True), image.size, (b"EXIF", b"Exif\0\0" + block(6)))
    yield "byte.jpg", jpeg_with(saved(image, "JPEG"), (0xE1, b"Exif\0\0" + block(6, 1, True)))
    yield "long.jpg", jpeg_with(saved(image, "JPEG"), (0xE1, b"Exif\0\0" + block(6, 4)))
    yield "two-blocks.png", png_with(saved(image, "PNG"), [(b"eXIf", block(1))], [(b"eXIf", block(6))])
    first = lambda entry: b"II\x2a\0\x08\0\0\0\2\0" + entry + block(6, little=True)[10:]
    blocks = {
        "cut": block(6)[:20],
        "string": first(struct.pack("<HHII", 0x10F, 2, 9999, 4000)),
        "fraction": first(struct.pack("<HHII", 0x10F, 5, 1, 4000)),
        "resolution": first(struct.pack("<HHII", 0x11A, 3, 1, 4000)),
        "ifd": block(6)[:13] + b"\x0d\0\0\0\1\0\0\0\6" + bytes(4),
        "big": b"MM\0\x2b" + block(6)[4:],
    }
    png, webp = saved(image, "PNG"), saved(image, "WEBP", lossless=True)
    for name, data in blocks.items():
        yield f"{name}.jpg", jpeg_with(saved(image, "JPEG"), (0xE1, b"Exif\0\0" + data))
        yield f"{name}.png", png_with(png, [(b"eXIf", data)])
        yield f"{name}.webp", webp_with(webp, image.size, (b"EXIF", data))
    yield "twice-prefixed.jpg", jpeg_with(saved(image, "JPEG"), (0xE1, b"Exif\0\0Exif\0\0" + block(6)))
    yield "garbage.png", png_with(png, [(b"eXIf", b"garbage")])
    yield "garbage.webp", webp_with(webp, image.size, (b"EXIF", b"garbage"))
    xmp = b'<x tiff:Orientation="6"/>'
    yield "xmp-compressed.png", png_with(png, [(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp))])
    yield "xmp-in-ztxt.png", png_with(png, [(b"zTXt", b"XML:com.adobe.xmp\0\0" + zlib.compress(xmp))])
    yield "xmp-in-text.png", png_with(png, [(b"tEXt", b"XML:com.adobe.xmp\0" + xmp)])
    yield "exif-in-text.png", png_with(png, [(b"eXIf", block(1)), (b"tEXt", b"exif\0" + block(6))])
    raw = b"\nexif\n      32\n" + (b"Exif\0\0" + block(6)).hex().encode() + b"\n"
    yield "raw-in-itxt.png", png_with(png, [(b"iTXt", b"Raw profile type exif\0\0\0\0\0" + raw)])
    for kind, count in (("B", 1), ("H", 2)):
        tag = (0x112, kind, count, 3 if count == 1 else (3, 3), True)
        yield f"turned-{kind}{count}.tif", tiff(array, photometric="rgb", extratags=[tag])
