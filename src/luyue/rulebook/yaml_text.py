"""Reading YAML as an author of procedures means it: `on` is a word, nothing stands twice, each line tells its place."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from luyue.rulebook.problems import Place, Problem, RulebookError, written_path

MOST_CHARACTERS = 2_000_000


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's plain values: only true and false are yes and no, only plain numbers are numbers, dates are texts."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _composed_and_constructed(text: str) -> tuple[Any, Any]:
    """The tree as written, and its plain values."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        return root, loader.construct_document(root) if root is not None else None
    finally:
        loader.dispose()


@dataclass(frozen=True, slots=True)
class _Spot:
    """A value in the tree, how it was reached, and the line on which it was begun."""

    node: yaml.Node
    place: Place
    line: int

    def part(self, step: str | int) -> _Spot | None:
        if isinstance(self.node, yaml.SequenceNode) and isinstance(step, int) and step < len(self.node.value):
            value = self.node.value[step]
            return _Spot(value, (*self.place, step), value.start_mark.line + 1)
        if isinstance(self.node, yaml.MappingNode) and isinstance(step, str):
            for key, value in self.node.value:
                if key.value == step:
                    return _Spot(value, (*self.place, step), key.start_mark.line + 1)
        return None


class WrittenYaml:
    """A YAML text as a tree that still knows on which line, and in which characters, each value was written."""

    def __init__(self, text: str, *, file: str) -> None:
        self.file = file
        if len(text) > MOST_CHARACTERS:
            raise RulebookError([Problem(file, "", "too_long", _("the file is too long to be a procedure"))])
        try:
            self.root, self.value = _composed_and_constructed(text.removeprefix("\ufeff"))
        except yaml.MarkedYAMLError as wrong:
            raise RulebookError([self._of_mark(wrong)]) from wrong
        except yaml.YAMLError as wrong:
            raise RulebookError([self._unreadable(str(wrong).splitlines()[0])]) from wrong
        if self.root is None:
            raise RulebookError([Problem(file, "", "empty", _("the file is empty"))])
        self._refuse_what_stands_twice()

    def line_of(self, place: Place) -> int:
        """The line on which the key or list entry at this place, or the nearest above it, is written."""
        return self._nearest(place).line

    def written_at(self, place: Place) -> str:
        """The characters of the plain value at this place."""
        node = self._nearest(place).node
        return str(node.value) if isinstance(node, yaml.ScalarNode) else ""

    def place_as_written(self, place: Place) -> Place:
        """The place without the steps that the file does not have: a single name standing for a list of one."""
        return self._nearest(place).place

    def _nearest(self, place: Place) -> _Spot:
        spot = _Spot(self.root, (), self.root.start_mark.line + 1)
        for step in place:
            spot = spot.part(step) or spot
        return spot

    def _refuse_what_stands_twice(self) -> None:
        problems: list[Problem] = []
        seen: set[int] = set()
        waiting: list[tuple[Place, yaml.Node]] = [((), self.root)]
        while waiting:
            place, node = waiting.pop()
            if id(node) in seen:
                sentence = _(
                    "this repeats an earlier part by its name (*…); write it out, so that each clause stands alone"
                )
                problems.append(self._problem(place, "alias", sentence, node))
                continue
            if not isinstance(node, yaml.ScalarNode):
                seen.add(id(node))
            if isinstance(node, yaml.SequenceNode):
                waiting += [((*place, position), part) for position, part in enumerate(node.value)]
            elif isinstance(node, yaml.MappingNode):
                problems += self._keys_standing_twice(place, node)
                waiting += [((*place, str(key.value)), part) for key, part in node.value]
        if problems:
            raise RulebookError(sorted(problems, key=lambda problem: problem.line))

    def _keys_standing_twice(self, place: Place, mapping: yaml.MappingNode) -> list[Problem]:
        first_at: dict[Hashable, int] = {}
        problems = []
        for key, _value in mapping.value:
            name = str(key.value)
            if name in first_at:
                sentence = _("`%(key)s` stands here twice; it was already said on line %(line)d") % {
                    "key": name,
                    "line": first_at[name],
                }
                problems.append(self._problem((*place, name), "duplicate_key", sentence, key))
            else:
                first_at[name] = key.start_mark.line + 1
        return problems

    def _problem(self, place: Place, code: str, sentence: str, node: yaml.Node) -> Problem:
        return Problem(self.file, written_path(place), code, sentence, node.start_mark.line + 1)

    def _unreadable(self, reason: str) -> Problem:
        return Problem(self.file, "", "not_yaml", _("this is no YAML: %(reason)s") % {"reason": reason})

    def _of_mark(self, wrong: yaml.MarkedYAMLError) -> Problem:
        mark = wrong.problem_mark or wrong.context_mark
        said = ", ".join(part for part in (wrong.context, wrong.problem) if part)
        sentence = _("this is no YAML: %(reason)s (column %(column)d)") % {
            "reason": said,
            "column": mark.column + 1 if mark else 1,
        }
        return Problem(self.file, "", "not_yaml", sentence, mark.line + 1 if mark else 0)
