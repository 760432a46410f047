"""Images: proved by drawing them, and stored as drawn, so that nothing but the picture is kept."""

import hashlib
import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from units.uploads.facts import KINDS, FileFacts, UploadRefused, display_name

MOST_PIXELS = 50_000_000
READERS = ("JPEG", "PNG")
# MPO is what some phones write: a JPEG with a second picture behind it, opened by the same reader.
FORMATS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png"}
BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError)


def kind_of(file, shown: str) -> str:
    """jpg or png, after the whole picture was read. Raises UploadRefused."""
    return FORMATS[_loaded(file, shown).format]


def clean_image(file, *, name: str = "图片") -> tuple[bytes, FileFacts]:
    """The image drawn anew: upright, without EXIF, comments, profiles or anything behind its end.

    The facts tell the digest of what is stored and, as `original_sha256`, of what was handed in.
    Raises UploadRefused for what is no jpg or png, broken, or larger than 50 million pixels.
    """
    image = _loaded(file, display_name(name))
    kind = FORMATS[image.format]
    content = _drawn(image, kind)
    file.seek(0)
    original = hashlib.file_digest(file, "sha256").hexdigest()
    stored = hashlib.sha256(content).hexdigest()
    return content, FileFacts(kind, KINDS[kind].content_type, stored, len(content), original)


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
    if image.width * image.height > MOST_PIXELS:
        raise _too_large(shown)
    return image


def _too_large(shown: str) -> UploadRefused:
    return UploadRefused(f"“{shown}”的像素过多，请缩小到5000万像素以内再上传。")


def _drawn(image: Image.Image, kind: str) -> bytes:
    picture = ImageOps.exif_transpose(image)
    if kind == "jpg":
        picture = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
        options = {"format": "JPEG", "quality": 90, "optimize": True}
    else:
        # Bare pixels: a palette's transparency lives in the notes that are dropped with the rest.
        picture = picture.convert("RGBA") if picture.mode in ("P", "PA") else picture
        options = {"format": "PNG", "optimize": True}
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, **options)
    return out.getvalue()
