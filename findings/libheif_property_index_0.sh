#!/bin/sh
# libheif 1.23.6 (pillow-heif 1.8.1) stops reading an item's properties at index 0, which means "no property"
# (ISO/IEC 23008-12, 9.3.1; phones write it). At the end of the list, the file opens; at its beginning, the same
# picture has "No 'hvcC' box".
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pillow==13.0.0 pillow-heif==1.8.1 numpy==2.4.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import io, struct
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()
made = io.BytesIO()
Image.new("RGB", (64, 48), (200, 60, 30)).save(made, "HEIF", chroma=444)
plain = made.getvalue()
count = plain.index(b"ipma") + 14


def with_index_0(at):
    file = bytearray(plain)
    file[at:at] = b"\0"
    file[count] += 1
    for name in [b"meta", b"iprp", b"ipma"]:
        start = file.index(name) - 4
        struct.pack_into(">I", file, start, struct.unpack_from(">I", file, start)[0] + 1)
    # The only extent of the only item of version 0 or 1 of `iloc`.
    location = file.index(b"iloc") + 4
    offset = location + 8 + (8 if file[location] == 1 else 6) + (file[location + 5] >> 4)
    struct.pack_into(">I", file, offset, struct.unpack_from(">I", file, offset)[0] + 1)
    return bytes(file)


def opened(file):
    try:
        return str(Image.open(io.BytesIO(file)).convert("RGB").getpixel((20, 20)))
    except Exception as e:
        return type(e).__name__


last, first = opened(with_index_0(count + 1 + plain[count])), opened(with_index_0(count + 1))
print("libheif", pillow_heif.libheif_version())
print("index 0 at the end:", last)
print("index 0 at the beginning:", first)
assert last.startswith("("), "it doesn't open at all"
assert not first.startswith("("), "it opens now"
PYTHON
