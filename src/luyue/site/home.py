"""The folder in which one installation keeps what must survive: data, attachments, secret key."""

import os
import secrets
import sys
from pathlib import Path

from django.utils.translation import gettext_noop as _

from luyue.site.environment import SettingError

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parents[1]


def luyue_home() -> Path:
    """LUYUE_HOME, else var/ beside the source in a checkout, else the user's own data folder."""
    named = os.environ.get("LUYUE_HOME")
    if named:
        return Path(named).expanduser().resolve()
    if (CHECKOUT / "pyproject.toml").is_file() and PACKAGE.parent.name == "src":
        return CHECKOUT / "var"
    return _user_data_folder() / "luyue"


def existing_home() -> Path:
    """The home, made if it is not there yet."""
    home = luyue_home()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            _("LUYUE_HOME cannot be made at %(home)s: %(reason)s"), home=home, reason=error.strerror
        ) from error
    return home


def secret_key(home: Path) -> str:
    """The installation's secret, made at the first start and readable by its owner only.

    Two processes that start together agree: whoever links the finished file first wins, the other reads it.
    """
    file = home / "secret_key"
    try:
        if not file.exists():
            _create_once(file, secrets.token_urlsafe(50))
        key = file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingError(
            _("the secret key %(file)s cannot be read or made: %(reason)s"), file=file, reason=error.strerror
        ) from error
    if not key:
        raise SettingError(_("the secret key %(file)s is empty; put it back from a backup"), file=file)
    return key


def _create_once(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _user_data_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
