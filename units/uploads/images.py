"""Images: proved by drawing them, and stored as drawn, so that nothing but the picture is kept."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from units.uploads.facts import UploadRefused

MOST_PIXELS = 25_000_000  # drawn at once: four bytes each, twice where the picture lies on its side
MOST_OF_A_PHOTO = 200_000_000  # a jpg is drawn smaller where it has more than the above
READERS = ("JPEG", "PNG")
# MPO is what some phones write: a JPEG with a second picture behind it, opened by the same reader.
FORMATS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png"}
BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError)


def kind_of(file, shown: str) -> str:
    """jpg or png, after the whole picture was read. Raises UploadRefused."""
    return FORMATS[_loaded(file, shown).format]


def drawn(file, shown: str) -> bytes:
    """The image drawn anew: upright, without EXIF, comments, profiles or anything behind its end.

    A jpg of more than 25 million pixels is drawn at a half, a quarter or an eighth of its sides.
    Raises UploadRefused for what is no jpg or png, broken, or of too many pixels.
    """
    image = _loaded(file, shown)
    return _drawn(image, FORMATS[image.format])


def _loaded(file, shown: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow only warns of images up to twice its own limit; ours is asked below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            _opened(file, shown).verify()
            image = _opened(file, shown)
            image.load()
            return image
    except Image.DecompressionBombError:
        raise _too_large(shown) from None
    except BROKEN as error:
        if isinstance(error, UploadRefused):
            raise
        raise UploadRefused(f"“{shown}”不是完好的图片，请用看图软件另存为jpg或png后再上传。") from None


def _opened(file, shown: str) -> Image.Image:
    file.seek(0)
    image = Image.open(file, formats=READERS)
    pixels = image.width * image.height
    if pixels > (MOST_OF_A_PHOTO if FORMATS[image.format] == "jpg" else MOST_PIXELS):
        raise _too_large(shown)
    scale = next((step for step in (1, 2, 4, 8) if pixels // step**2 <= MOST_PIXELS), 8)
    if scale > 1:
        image.draft(image.mode, (image.width // scale, image.height // scale))
        if image.width * image.height > MOST_PIXELS:
            raise _too_large(shown)
    return image


def _too_large(shown: str) -> UploadRefused:
    return UploadRefused(
        f"“{shown}”的像素过多，请用看图软件缩小后再上传（png不超过2500万像素，jpg不超过2亿像素）。"
    )


def _drawn(image: Image.Image, kind: str) -> bytes:
    picture = ImageOps.exif_transpose(image)
    if kind == "jpg":
        picture = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
        options = {"format": "JPEG", "quality": 90, "optimize": True}
    else:
        # Bare pixels: a palette's transparency lives in the notes that are dropped with the rest.
        picture = picture.convert("RGBA") if picture.mode in ("P", "PA") else picture
        options = {"format": "PNG"}
    picture.info.clear()  # what is written beside the pixels comes from here alone
    out = io.BytesIO()
    picture.save(out, exif=b"", **options)
    return out.getvalue()


def without_notes(data: bytes) -> bytes:
    """A picture inside a document without what its camera wrote, the pixels untouched; any other bytes as they are."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png_without_notes(data)
    return _jpg_without_notes(data) if data.startswith(b"\xff\xd8\xff") else data


def _png_without_notes(data: bytes) -> bytes:
    kept, place = [data[:8]], 8
    while place + 12 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if kind not in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME"):
            kept.append(data[place : place + 12 + length])
        place += 12 + length
        if kind == b"IEND":
            break
    return b"".join(kept)


def _jpg_without_notes(data: bytes) -> bytes:
    """Segments up to the picture itself; of the makers' own only those that its colours need stay."""
    kept, place = [data[:2]], 2
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] != 0xDA:
        mark, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        is_note = mark == 0xFE or (0xE1 <= mark <= 0xEF and mark not in (0xE2, 0xEE))
        kept.extend([] if is_note else [data[place : place + 2 + length]])
        place += 2 + length
    return b"".join(kept) + data[place:]
