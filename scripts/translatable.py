"""Finds every string that a page may show in a reader's language, in Python and in templates."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "luyue"
LANGUAGES = ("zh_Hans", "zh_Hant")

PLAIN = {"_", "_g", "gettext", "gettext_lazy", "gettext_noop"}
ACTION_DECORATOR = "action"
ACTION_MAKERS = {"_general"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
LITERAL = r"""(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
TEMPLATE_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(((?:u?{LITERAL}\s*,?\s*)+)")


@dataclass(frozen=True, order=True)
class Translatable:
    """One string to translate: its context, its text, its plural, and where it stands."""

    text: str
    context: str
    plural: str
    file: Path
    line: int

    @property
    def area(self) -> str:
        """The area whose locale folder should hold the translation."""
        return self.file.relative_to(PACKAGE).parts[0]

    @property
    def place(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"


def translatables() -> list[Translatable]:
    """All strings of the product, in the order of the files."""
    found = [item for file in sorted(PACKAGE.rglob("*.py")) if "migrations" not in file.parts for item in _python(file)]
    for template in sorted(PACKAGE.rglob("templates/**/*")):
        if template.suffix in {".html", ".txt", ".typ", ".svg"}:
            found.extend(_template(template))
    return found


def _python(file: Path) -> Iterator[Translatable]:
    module = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            yield from _call(_function_name(node), texts, file=file, line=node.lineno)
    yield from _hints(module, file)


def _hints(module: ast.Module, file: Path) -> Iterator[Translatable]:
    """The docstrings of the functions declared as actions, as the action dialog shows them."""
    handed_over = {
        argument.id
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and _function_name(call) in ACTION_MAKERS
        for argument in call.args
        if isinstance(argument, ast.Name)
    }
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and (node.name in handed_over or _is_declared_as_action(node)):
            hint = ast.get_docstring(node)
            if hint:
                yield Translatable(text=hint, context="", plural="", file=file, line=node.lineno)


def _is_declared_as_action(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(decorator, ast.Call) and _function_name(decorator) == ACTION_DECORATOR
        for decorator in function.decorator_list
    )


def _function_name(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _template(file: Path) -> Iterator[Translatable]:
    source = templatize(file.read_text(encoding="utf-8"), origin=str(file))
    for call in TEMPLATE_CALL.finditer(source):
        texts = [ast.literal_eval(literal.lstrip("u")) for literal in re.findall(f"u?{LITERAL}", call.group(2))]
        yield from _call(call.group(1), texts, file=file, line=source.count("\n", 0, call.start()) + 1)


def _call(function: str, texts: list[str], *, file: Path, line: int) -> Iterator[Translatable]:
    def item(text: str, *, context: str = "", plural: str = "") -> Translatable:
        return Translatable(text=text, context=context, plural=plural, file=file, line=line)

    match texts:
        case [text, *_] if function in PLAIN and text:
            yield item(text)
        case [text, plural, *_] if function in PLURAL:
            yield item(text, plural=plural)
        case [context, text, *_] if function in CONTEXT:
            yield item(text, context=context)
        case [context, text, plural, *_] if function in CONTEXT_PLURAL:
            yield item(text, context=context, plural=plural)
