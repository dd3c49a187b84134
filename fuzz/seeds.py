"""Generates the seeds for `image`: a small picture in every format that is decoded or stripped.

python3 -m pip install Pillow && python3 fuzz/seeds.py
"""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, PngImagePlugin

FOLDER = Path(__file__).parent.parent / "tests/it/data/corpus/image"

picture = Image.new("RGB", (24, 16))
picture.putdata([(x * 10, y * 15, (x * y) % 256) for y in range(16) for x in range(24)])
clear = picture.convert("RGBA")
clear.putalpha(picture.convert("L"))

exif = Image.Exif()
exif[0x0112] = 6  # rotated
exif[0x010F] = "a camera"
exif.get_ifd(0x8825)[1] = "N"  # GPS
exif = exif.tobytes()
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
text = PngImagePlugin.PngInfo()
text.add_text("Author", "somebody")
text.add_itxt("XML:com.adobe.xmp", "<x/>")


def save(name, image, kind, **options):
    out = BytesIO()
    image.save(out, kind, **options)
    (FOLDER / name).write_bytes(out.getvalue())
    return out.getvalue()


FOLDER.mkdir(parents=True, exist_ok=True)
jpeg = save("baseline.jpg", picture, "JPEG", exif=exif, comment="a comment")
save("progressive.jpg", picture, "JPEG", progressive=True, exif=exif)
save("profile.jpg", picture, "JPEG", icc_profile=profile)
save("subsampled.jpg", picture, "JPEG", subsampling=2, restart_marker_blocks=2)
save("grey.jpg", picture.convert("L"), "JPEG")
save("cmyk.jpg", picture.convert("CMYK"), "JPEG")
(FOLDER / "cut_short.jpg").write_bytes(jpeg[:-40])
(FOLDER / "trailer.jpg").write_bytes(jpeg + jpeg)

save("rgb.png", picture, "PNG", exif=exif, pnginfo=text)
save("rgba.png", clear, "PNG")
save("palette.png", picture.quantize(8), "PNG", transparency=0)
save("deep.png", picture.convert("I;16"), "PNG")
save("bits.png", picture.convert("1"), "PNG")
save("moving.png", picture, "PNG", save_all=True, append_images=[picture.rotate(180)])

save("lossy.webp", picture, "WEBP", exif=exif, xmp=b"<x/>")
save("lossless.webp", picture, "WEBP", lossless=True, icc_profile=profile)
save("clear.webp", clear, "WEBP")
save("moving.webp", picture, "WEBP", save_all=True, append_images=[picture.rotate(180)])

for packed in ["raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "jpeg"]:
    save(f"{packed}.tiff", picture, "TIFF", compression=packed)
save("fax.tiff", picture.convert("1"), "TIFF", compression="group4")
save("cmyk.tiff", picture.convert("CMYK"), "TIFF", tiffinfo={0x0112: 3})
save("float.tiff", picture.convert("F"), "TIFF")
save("big.tiff", picture, "TIFF", big_tiff=True)

save("rgb.bmp", picture, "BMP")
save("palette.bmp", picture.quantize(16), "BMP")
save("palette.gif", picture.quantize(16), "GIF")
save("moving.gif", picture, "GIF", save_all=True, append_images=[picture.rotate(180)])
save("rgb.ppm", picture, "PPM")
(FOLDER / "plain.pgm").write_bytes(b"P2\n# grey\n3 2\n255\n0 1 2\n3 4 255\n")
(FOLDER / "any.pam").write_bytes(
    b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n\1\2\3\4"
)
# A header, two literal pixels, a run to the end (https://qoiformat.org).
(FOLDER / "run.qoi").write_bytes(
    b"qoif\0\0\0\x08\0\0\0\x04\x03\0\xfe\1\2\3\xfe\4\5\6\xdd" + bytes(7) + b"\1"
)
