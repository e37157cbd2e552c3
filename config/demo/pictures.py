"""Pictures for sample reports: drawn, so that nobody takes them for photos."""

import io
import zlib

from PIL import Image, ImageDraw

SIZE, SMALL = (960, 640), (480, 320)
GROUND, SKY, LINE = (222, 230, 226), (240, 244, 246), (120, 136, 146)


def sample_picture(name):
    """A drawing of hills and lamps, another one for each name: fields of `documents.evidence.CheckedFile`."""
    seed = zlib.crc32(name.encode())
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    width, height = SIZE
    peaks = [height * (0.35 + (seed >> shift) % 7 * 0.04) for shift in (0, 4, 8, 12, 16)]
    steps = [index * width / (len(peaks) - 1) for index in range(len(peaks))]
    draw.polygon([(0, height), *zip(steps, peaks, strict=True), (width, height)], fill=GROUND, outline=LINE)
    for index in range(1 + seed % 4):
        x = width * (index + 1) / 6
        draw.line([(x, height * 0.9), (x, height * 0.45)], fill=LINE, width=8)
        draw.ellipse([x - 26, height * 0.41, x + 26, height * 0.49], fill=(250, 232, 190), outline=LINE, width=4)
    content = _jpeg(image)
    return {
        "kind": "jpg", "original": content, "content": content, "thumbnail": _jpeg(image.resize(SMALL)),
        "width": width, "height": height,
    }  # fmt: skip


def _jpeg(image):
    target = io.BytesIO()
    image.save(target, "JPEG", quality=80)
    return target.getvalue()
