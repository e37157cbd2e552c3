"""Photos and papers that come with a report: what each really is, and the copy that everybody may see.

A photo is made anew from its pixels: the place, the owner and the camera do not pass. The day it was taken does.
"""

import datetime
import io
import warnings
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from documents.upload_names import MARK
from documents.uploads import file_type

MAX_PHOTO_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_NAME = 200
SIDE, THUMBNAIL_SIDE = 1600, 480
QUALITY = 82
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: `content` is the public copy, `original` what came."""

    kind: str
    original: bytes
    content: bytes
    caption: str = ""
    thumbnail: bytes = b""
    width: int | None = None
    height: int | None = None
    taken_on: datetime.date | None = None


def check_evidence(upload):
    """Check an uploaded photo (JPEG, PNG) or paper (PDF, DOCX, XLSX) by its content.

    Returns:
        A `CheckedFile`; photos become JPEG of at most 1600 pixels a side, with a thumbnail.

    Raises:
        ValidationError: another type, too large, broken, a macro, an archive bomb, or a name with a path in it.
    """
    if MARK in upload.name or ".." in upload.name:
        raise ValidationError(_("В имени файла есть путь к папке. Переименуйте файл и приложите снова."), code="name")
    if upload.size == 0:
        raise ValidationError(_("Файл пустой: в нём ничего нет."), code="empty")
    upload.seek(0)
    head = upload.read(8)
    upload.seek(0)
    if head.startswith(_SIGNATURES):
        return _photo(upload)
    try:
        kind = file_type(upload)
    except ValidationError as error:
        if error.code == "type":
            raise ValidationError(
                _("Подходят снимки JPEG и PNG, файлы PDF, DOCX и XLSX. Внутри этого файла другое."),
                code="type",
            ) from error
        raise
    content = upload.read()
    return CheckedFile(kind=kind, original=content, content=content, caption=upload.name[:MAX_NAME])


def _photo(upload):
    if upload.size > MAX_PHOTO_BYTES:
        raise ValidationError(_("Снимок больше 20 МБ. Уменьшите его и приложите снова."), code="too_large")
    original = upload.read()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(original), formats=("JPEG", "PNG")) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise _too_many_pixels()
                taken_on = _taken_on(image)
                image.draft("RGB", (SIDE, SIDE))  # a JPEG is read small at once
                # The camera's turn is applied to the pixels, for the copy carries no note of it.
                picture = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_("Снимок повреждён: его не удаётся открыть."), code="broken") from error
    picture.thumbnail((SIDE, SIDE))
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return CheckedFile(
        kind="jpg", original=original, content=_jpeg(picture), thumbnail=_jpeg(small), width=picture.width,
        height=picture.height, taken_on=taken_on,
    )  # fmt: skip


def _too_many_pixels():
    return ValidationError(
        _("На снимке больше 50 миллионов точек. Уменьшите его и приложите снова."), code="too_many_pixels"
    )


def _taken_on(image):
    """The day in the camera's note, if it is a day at all and not in the future."""
    try:
        note = image.getexif()
        text = note.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or note.get(ExifTags.Base.DateTime)
        day = datetime.datetime.strptime(str(text)[:10], "%Y:%m:%d").date()
    except (ValueError, TypeError, KeyError, SyntaxError, OSError):
        return None
    return day if day <= datetime.date.today() else None


def _jpeg(picture):
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return target.getvalue()
