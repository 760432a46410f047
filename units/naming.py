"""What a unit is called besides its name: 区卫生健康局 is 卫生健康局, 区卫生健康 and 卫健局 in a text written about it."""

import re
from collections.abc import Iterable

ORGANS = ("机关党委", "机关党总支", "机关党支部", "党委", "党总支", "党支部", "党组")
SHORTEST = 3
PLACE = re.compile(r"^(?:中共)?(?:[\u4e00-\u9fff]{2,3}?[市县区旗]){0,2}[区县旗]?")
OFFICE = re.compile(r"(?:委员会|管理局|局|委|办|中心|站|所)$")
BUREAU = re.compile(r"([\u4e00-\u9fff]{4,9}?)(管理)?(局)$")
# Left alone they say no unit: half of all texts would be hidden.
EVERYBODY = frozenset(
    [
        "办公室", "委办公室", "政府办公室", "机关党委", "服务中心", "管理局", "办事处", "街道办", "街道办事处", "人民政府",
        "人民法院", "检察院", "人民检察院", "委员会", "组织部", "宣传部", "统战部", "委组织部", "委宣传部", "委统战部",
        "信息中心", "管理中心", "工作委员会", "机关工委", "直机关工委", "直属机关", "人民医院", "中心小学", "实验学校",
    ]
)  # fmt: skip


def called(names: Iterable[str]) -> set[str]:
    """The names with all that they are shortened to: without organ, place or 局, and one character for each word.

    names: of a unit, with its short name and aliases. What is left must have three characters and be nobody else's.
    """
    found: set[str] = set()
    for name in filter(None, names):
        found.add(name)
        stem = next((cut for organ in ORGANS if len(cut := name.removesuffix(organ)) >= SHORTEST), name)
        plain = PLACE.sub("", stem)
        forms = {stem, plain, OFFICE.sub("", stem), *_initials(plain)}
        found |= {form for form in forms if len(form) >= SHORTEST and form not in EVERYBODY}
    return found


def _initials(plain: str) -> set[str]:
    """卫生健康局 → 卫健局, 文化和旅游局 → 文旅局, 市场监督管理局 → 市监局 and 市场监管局."""
    found = BUREAU.fullmatch(plain)
    if not found:
        return set()
    words, office = found[1].replace("和", ""), found[3][0]
    forms = {words[0] + words[-2] + office}
    if "和" in found[1].strip("和"):
        forms.add(words[0] + found[1].partition("和")[2][0] + office)
    if found[2] and len(words) == 4:
        forms.add(words[:3] + "管" + office)
    return forms
