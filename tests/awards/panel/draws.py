"""Files of a draw by two halves, as the rules read them."""

from collections.abc import Mapping, Sequence
from typing import Any

from awards.panel.rules.draw import Candidate
from awards.panel.rules.reveal import FORMAT, NAMES, check_lock, dump_line, redraw


def make_half(random: bytes, words: str = "") -> str:
    """A half: 32 random bytes made by the server, in hex, then | and optional typed words."""
    return f"{random.hex()}|{words}"


def make_lock(
    names: Mapping[str, str],
    attempt: int,
    pool: Sequence[Candidate],
    *,
    seats: int,
    reserves: int,
    commit: str,
    per_unit: int | None = None,
    entries: Sequence[str] = (),
    public: str = "",
    options: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The lock of a panel's draw. names: campaign, category, stage, purpose; options: kept as told, for reading.

    public: which later public number will be added, empty for none. Raises Refused when any seed could leave
    a seat empty.
    """
    lock = {
        "format": FORMAT,
        **{name: names[name] for name in NAMES},
        "attempt": attempt,
        "pool": [
            {"key": one.key, "group": one.unit, "excluded": one.excluded}
            for one in sorted(pool, key=lambda one: one.key)
        ],
        "seats": seats,
        "reserves": reserves,
        "per_unit": per_unit,
        "options": dict(options or {}),
        "entries": sorted(entries),
        "public": public,
        "commit": commit,
    }
    check_lock(lock)
    return lock


def drawn_by_halves(
    lock: Mapping[str, Any], office: str, supervisor: str, public: str = ""
) -> dict[str, Any]:
    """The file published after the draw: lock, halves, seed and a line for everybody in the pool."""
    file = {"format": FORMAT, "lock": lock, "office": office, "supervisor": supervisor, "public": public}
    seed, lines = redraw(file)
    return {**file, "seed": seed, "lines": [dump_line(line) for line in lines]}
