"""Copy the few files of other projects that the portal serves from node_modules to var/vendor.

Whole packages would be thousands of files to hash and compress; pages use these.
"""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/css/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/js/bootstrap.bundle.min.js",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "bootstrap-icons/font/bootstrap-icons.min.css": "bootstrap-icons/bootstrap-icons.min.css",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff2": "bootstrap-icons/fonts/bootstrap-icons.woff2",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff": "bootstrap-icons/fonts/bootstrap-icons.woff",
    "bootstrap-icons/LICENSE": "bootstrap-icons/LICENSE",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
}
# The maps are not copied, and the manifest of static files stops at a name that is not there.
MAP_LINE = re.compile(rb"\n?(//[#@] sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ ?\*/)\s*$")


def copy_vendor_files(modules: Path = ROOT / "node_modules", target: Path = ROOT / "var" / "vendor") -> None:
    """Fill `target` anew; a file that an update has moved raises FileNotFoundError."""
    shutil.rmtree(target, ignore_errors=True)
    for source, name in FILES.items():
        content = (modules / source).read_bytes()
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(MAP_LINE.sub(b"\n", content))
