"""The draw by two halves: neither half steers, every lock can be drawn, and anybody draws again from the file."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.panel.rules.draw import Candidate, PoolTooSmall, draw, most_seats
from awards.panel.rules.redraw_file import redraw_source
from awards.panel.rules.reveal import commit_to, seed_of
from awards.scoring.numbers import Refused
from awards.scoring.strict_json import canonical
from tests.awards.panel.draws import drawn_by_halves, make_half, make_lock

ROOT = Path(__file__).parents[3]
NAMES = {"campaign": "2026", "category": "F", "stage": "live", "purpose": "panel"}
POOL = [Candidate(f"reviewer{n}", unit=n % 4) for n in range(12)]
OFFICE, SUPERVISOR = make_half(bytes(32), "秋分"), make_half(bytes([7]) * 32)


def locked(pool=POOL, office=OFFICE, **change):
    told = {"seats": 3, "reserves": 2, "per_unit": 1, "entries": ["2026-F-001"]} | change
    return make_lock(NAMES, 1, pool, commit=commit_to(office), **told)


def random_half(number):
    return make_half(hashlib.sha256(str(number).encode()).digest())


def test_the_seed_is_the_hash_the_contract_names():
    lock = locked()
    digest = hashlib.sha256(canonical(lock)).hexdigest()
    text = f"three-best-draw/1|2026|F|live|panel|1|{digest}|{'00' * 32}|秋分|{'07' * 32}||"

    assert seed_of(lock, OFFICE, SUPERVISOR) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("steering", ["office", "supervisor"])
def test_neither_half_alone_steers(steering):
    """One side keeps the half it likes best against one answer; over 2,000 others everybody is seated alike."""
    wanted = {"reviewer0", "reviewer1", "reviewer2"}

    def seated(mine, other):
        office, supervisor = (mine, other) if steering == "office" else (other, mine)
        file = drawn_by_halves(locked(office=office, per_unit=None), office, supervisor)
        return {line["key"] for line in file["lines"] if line["drawn"] == "seat"}

    best = next(
        half for half in map(random_half, range(5000)) if seated(half, random_half("guess")) == wanted
    )
    seats = Counter(key for n in range(2000) for key in seated(best, random_half(f"other {n}")))

    assert set(seats) == {one.key for one in POOL}
    assert all(400 < count < 600 for count in seats.values())  # 500 each, five deviations of 19


@given(
    st.lists(st.tuples(st.none() | st.integers(0, 3), st.booleans()), max_size=14),
    st.none() | st.integers(1, 3),
    st.integers(1, 8),
    st.text(max_size=5),
)
def test_what_the_lock_promises_every_seed_keeps(people, per_unit, seats, seed):
    """Pools with many left out for ties and many of one employer: drawable by every seed, or by none."""
    pool = [Candidate(str(n), "有回避关系" if tied else "", unit) for n, (unit, tied) in enumerate(people)]

    if most_seats(pool, per_unit) >= seats:
        drawn = draw(pool, seats, 2, seed, per_unit)
        assert sum(line.drawn == "seat" for line in drawn) == seats
        locked(pool, seats=seats, per_unit=per_unit)
    else:
        with pytest.raises(PoolTooSmall):
            draw(pool, seats, 2, seed, per_unit)
        with pytest.raises(Refused, match="只能产生"):
            locked(pool, seats=seats, per_unit=per_unit)


@pytest.mark.parametrize("words", ["a|b", "a\nb", "a\x00"])
def test_words_cannot_move_the_border_between_the_halves(words):
    with pytest.raises(Refused, match="一半随机数"):
        drawn_by_halves(locked(), OFFICE, make_half(bytes(32), words))


@pytest.mark.parametrize(("locked_for", "told"), [("", "123"), ("开奖号码", "")])
def test_a_public_number_is_added_when_the_lock_names_one_and_never_else(locked_for, told):
    with pytest.raises(Refused, match="公开数"):
        drawn_by_halves(locked(public=locked_for), OFFICE, SUPERVISOR, told)


def test_the_order_in_which_the_pool_is_listed_is_no_handle():
    assert locked(POOL[::-1]) == locked()


SPOILT = {
    "whole": (lambda file: None, 0, ""),
    "no result": (lambda file: file.pop("lines"), 0, '[{"drawn"'),
    "a seat given away": (lambda file: file["lines"][0].update(key="reviewer99"), 1, "第1行"),
    "a line left out": (lambda file: file["lines"].pop(), 1, "lines"),
    "another half": (lambda file: file.update(office=SUPERVISOR), 1, "commit"),
    "another seed": (lambda file: file.update(seed="0"), 1, "seed"),
    "another pool": (lambda file: file["lock"]["pool"].pop(), 1, "seed"),
    "not drawn yet": (lambda file: file.pop("supervisor"), 2, ""),
    "too few": (lambda file: file["lock"].update(seats=5), 2, ""),
    "another purpose": (lambda file: file["lock"].update(purpose="x"), 2, ""),
    "another format": (lambda file: file.update(format="other/1"), 2, ""),
    "no lock": (lambda file: file.pop("lock"), 2, ""),
    "a pool of numbers": (lambda file: file["lock"].update(pool=[1]), 2, ""),
    "lines of another kind": (lambda file: file.update(lines="x"), 2, ""),
}


@pytest.mark.parametrize("case", SPOILT)
def test_redraw_tells_alike_as_command_and_as_one_file(tmp_path, case):
    """Without settings, database or packages: exit 0 agrees, 1 differs, 2 cannot be taken."""
    spoil, code, said = SPOILT[case]
    file = json.loads(canonical(drawn_by_halves(locked(), OFFICE, SUPERVISOR)))
    spoil(file)
    (tmp_path / "draw.json").write_bytes(canonical(file))
    (tmp_path / "redraw.py").write_text(redraw_source(), encoding="utf-8")

    def ran(*program):
        done = subprocess.run(
            [sys.executable, *program, "draw.json"],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            capture_output=True,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    alone = ran("-I", "-S", "redraw.py")

    assert alone == ran(str(ROOT / "manage.py"), "redraw")
    assert (alone[0], "Traceback" in alone[2]) == (code, False)
    assert said in alone[1] if said else not alone[1]
