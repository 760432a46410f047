"""Build `verify.py`, the one-file checker that is published beside every record.

It is the source of the very modules the portal itself counts with, joined into one file, so that
the two cannot drift apart.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from types import ModuleType

from awards.scoring import (
    arithmetic,
    numbers,
    parsing,
    program,
    ranking,
    record,
    recount,
    rule,
    strict_json,
)

# In the order in which they need each other.
PARTS = (numbers, strict_json, program, rule, arithmetic, ranking, parsing, record, recount)

HEADER = '''#!/usr/bin/env python3
"""“三个最佳”评选公开记录核算程序（单个文件，只用 Python 标准库，Python 3.8 或更新版本）。

用法：python verify.py record.json
      按记录中的规则和评分重新计算全部名次，并与记录中的名次、摘要比较。
      退出码：0 一致，1 有不一致（每处一行），2 文件无法核算（原因见标准错误）。

Recounts a public record of the award: same rule, same sheets, exact arithmetic. One file, standard
library only. Exit 0 when all agrees, 1 when something differs, 2 when the file cannot be taken.
"""
'''

FOOTER = """

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


@lru_cache(maxsize=1)
def checker_source() -> str:
    """The text of `verify.py`; the same bytes for the same code."""
    return joined(PARTS, HEADER)


def joined(modules: Sequence[ModuleType], header: str) -> str:
    """One program made of modules that import only each other and the standard library; the last has `main`."""
    offered = {(module.__name__, name) for module in modules for name in vars(module)}
    parts = [_Part(module, offered) for module in modules]
    names = [name for part in parts for name in part.names]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"Defined in more than one part of the checker: {sorted(twice)}")
    imports = _joined_imports(pair for part in parts for pair in part.imports)
    bodies = "".join(f"\n\n# ======== {part.title} ========\n\n\n{part.body}\n" for part in parts)
    return f"{header}\n" + "\n".join(["from __future__ import annotations", "", *imports]) + bodies + FOOTER


class _Part:
    """One module: what it imports from the standard library, what it defines, and its text without
    docstring and imports."""

    def __init__(self, module: ModuleType, offered: Collection[tuple[str, str]] = ()) -> None:
        source = inspect.getsource(module)
        tree = ast.parse(source)
        self.title = module.__name__.replace(".", "/") + ".py"
        self.imports = [pair for node in tree.body for pair in _outside_imports(node, offered)]
        self.names = [name for node in tree.body for name in _defined(node)]
        self._refuse_hidden_imports(tree)
        gone = [node for i, node in enumerate(tree.body) if _is_import(node) or _is_docstring(i, node)]
        dropped = {n for node in gone for n in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
        lines = source.splitlines()
        self.body = "\n".join(line for n, line in enumerate(lines, 1) if n not in dropped).strip("\n")

    def _refuse_hidden_imports(self, tree: ast.Module) -> None:
        inside = [node for top in tree.body for node in ast.walk(top) if node is not top and _is_import(node)]
        if inside:
            raise ValueError(f"{self.title}: imports belong at the top of the module")


def _is_import(node: ast.AST) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _is_docstring(index: int, node: ast.AST) -> bool:
    return index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _outside_imports(node: ast.AST, offered: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What a joined file still imports, as (module, name), the name empty for a whole module; the
    imports between the parts fall away."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.asname or alias.name.split(".")[0] == "awards":
                raise ValueError(f"Import names, not modules, from other parts: {ast.unparse(node)}")
            yield alias.name, ""
    elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
        module = node.module or ""
        own = node.level > 0 or module.split(".")[0] == "awards"
        for alias in node.names:
            if alias.asname or (own and (module, alias.name) not in offered):
                raise ValueError(f"Not a plain name of another part: {ast.unparse(node)}")
            if not own:
                yield module, alias.name


def _joined_imports(pairs: Iterable[tuple[str, str]]) -> list[str]:
    names: dict[str, set[str]] = {}
    for module, name in pairs:
        names.setdefault(module, set()).add(name)
    whole = [f"import {module}" for module in sorted(names) if "" in names[module]]
    parts = {module: sorted(names[module] - {""}) for module in sorted(names)}
    return whole + [f"from {module} import {', '.join(some)}" for module, some in parts.items() if some]


def _defined(node: ast.AST) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return []
