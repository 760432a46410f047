"""Phone numbers as offices write them: full-width digits, dashes, an area code or none, an extension."""

import re
import unicodedata

from units.folding import without_unseen

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(?:(?P<area>0\d{2,3})-?)?(?P<local>[2-9]\d{6,7})(?:(?:-|转)\d{1,6})?")
HOTLINE = re.compile(r"(?:12\d{3}|[48]00-?\d{3}-?\d{4})")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－ー", "-"))


def normalise_phone(text: str) -> str:
    """The number in plain digits: no spaces or brackets, one kind of dash, no country code 86,
    which stands for the 0 of an area code.

    （0546）８２２１２３４ → 0546-8221234; 138 1234 5678 → 13812345678. What is no number comes back tidied
    only.
    """
    plain = without_unseen(unicodedata.normalize("NFKC", text)).replace(" ", "").translate(DASHES)
    plain = re.sub(r"^\((0\d{2,3})\)-?", r"\1-", plain)
    plain = re.sub(r"^(?:\+86|0086)-?(?=(?:10|2\d)-?[2-9]\d{7}|[3-9]\d\d-?[2-9]\d{6})", "0", plain)
    plain = re.sub(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))-?", "", plain)
    plain = re.sub(r"(?:分机|ext\.?|#)", "转", plain, flags=re.IGNORECASE)
    joined = plain.replace("-", "")
    return joined if MOBILE.fullmatch(joined) else plain


def phone_problem(text: str) -> str | None:
    """Why a text is no phone number, None when it is a mobile, a landline or a service number."""
    number = normalise_phone(text)
    if any(kind.fullmatch(number) for kind in (MOBILE, LANDLINE, HOTLINE)):
        return None
    if re.fullmatch(r"1\d*", number):
        return f"手机号码应为11位，现为{len(number)}位。" if len(number) != 11 else "手机号码的前两位不对。"
    return "电话号码无法识别，请填手机号码，或区号加座机号码，如0546-8221234。"


def mask_phone(text: str) -> str:
    """A number for everybody but its owner and the handling officer: 138****1234, 0546-****234.

    What is no number is hidden whole; '' stays ''.
    """
    number = normalise_phone(text)
    if not number:
        return ""
    if MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    if landline := LANDLINE.fullmatch(number):
        area = f"{landline['area']}-" if landline["area"] else ""
        return f"{area}****{landline['local'][-3:]}"
    return "****"
