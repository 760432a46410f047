"""What a code is sorted by: as text 2026-F-1000 would stand before 2026-F-999."""

DIGITS = 6


def code_key(code: str) -> str:
    """2026-F-012 → 2026-F-000012, which sorts by number; the column of this name is the same, kept in SQL.

    Pages, exports and rankings follow it. The public record alone is by the code as text, as its format says.
    """
    front, dash, number = code.rpartition("-")
    return f"{front}{dash}{number.zfill(DIGITS)}"
