"""From the tree of a query to its reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from search.query import settings
from search.query.conditions import condition_of
from search.query.dates import DATES, date_range
from search.query.fields import METADATA, checked_name, known_name, settled, whole_values
from search.query.nodes import FieldValues, Group, Negated, Node, Phrase, Word
from search.query.parsing import parse
from search.query.parts import Part, Reading
from search.query.spelling import said, spelled, spelled_negated, spelled_values
from search.types import ChipKind, Condition


def interpret(text: str, today: date) -> Reading:
    """What a query says; `today` is the day that "last week" counts from.

    Raises:
        QueryError: it cannot be read.
    """
    reading = Reading()
    tree, signs = parse(text, reading.notes)
    interpreter = _Interpreter(text, today, reading)
    interpreter.add_group(tree, required=False)
    reading.notes.extend(interpreter.repeated())
    has_words = any(part.words for part in reading.parts)
    if signs and not has_words:  # beside words nobody misses a sign
        reading.notes.append(f"“{' '.join(signs)}” holds no word and was left out")
    return reading


class _Interpreter:
    """Adds nodes to a reading, each as what it means."""

    def __init__(self, text: str, today: date, reading: Reading) -> None:
        self._text, self._today, self._reading = text, today, reading
        self._given: dict[str, list[str]] = {}

    def add_group(self, group: Group, *, required: bool) -> None:
        for node, is_joined in zip(group.nodes, group.required, strict=True):
            self._add(node, required=required or is_joined)

    def repeated(self) -> Iterator[str]:
        """A note on each setting that was given several values, of which the last one holds."""
        for name, values in self._given.items():
            if len(set(values)) > 1:
                yield f"{name}: takes one value; {spelled_values(values[-1:])}, the last, was used"

    def _add(self, node: Node, *, required: bool) -> None:
        match node:
            case Word():
                self._add_word(node, required=required)
            case Phrase():
                self._reading.phrases.append(node.text)
                self._require(node, node.text, "phrase")
            case FieldValues():
                self._add_field(node)
            case Negated(FieldValues() as inner) if known_name(inner) in METADATA:
                self._add_values(inner, is_negated=True)
            case Negated():
                self._add_excluded(node)
            case Group(is_or=False):
                self.add_group(node, required=required)
            case Group():
                self._add_choice(node)

    def _add_word(self, word: Word, *, required: bool) -> None:
        if required or word.is_prefix:
            self._require(word, word.text, "required")
        else:
            self._reading.parts.append(Part(word.text, (word.text,), node=word))

    def _require(self, node: Word | Phrase, words: str, kind: ChipKind) -> None:
        label, condition = f"must contain {said(node)}", self._condition(node)
        self._reading.parts.append(Part(spelled(node), (words,), kind, label, condition))

    def _add_choice(self, group: Group) -> None:
        choice, condition = self._settled(group), self._condition(group)
        words = tuple(_positive_words(group))
        label = said(choice)[1:-1]  # nothing stands beside it that its parentheses would part
        if words and not _has_field(group):
            label = f"must contain {label}"
        self._reading.parts.append(Part(spelled(choice), words, "required", label, condition))

    def _add_excluded(self, excluded: Negated) -> None:
        condition, node = self._condition(excluded), self._settled(excluded.node)
        if isinstance(node, Word | Phrase):
            self._reading.excluded.append(node.text)
        label = f"{'not' if _has_field(node) else 'without'} {said(node)}"
        text = spelled_negated(node)
        if isinstance(node, Word) and not node.is_prefix and node.text.isalpha():
            text = f"-{node.text}"
        self._reading.parts.append(Part(text, (), "excluded", label, condition))

    # Fields

    def _add_field(self, node: FieldValues) -> None:
        name = known_name(node)
        if name is None and not node.values:  # "Brexit: what now"
            self._add_word(Word(f"{node.name}:", node.span), required=False)
        elif name in METADATA:
            self._add_values(node, is_negated=False)
        elif name in settings.SETTINGS:
            self._set(node)
        elif name in DATES:
            days = date_range(node, self._text, checked_name(node, self._text), self._today)
            self._reading.dates = self._reading.dates.intersection(days)
        else:
            condition, renamed = self._condition(node), self._settled(node)
            self._reading.parts.append(
                Part(spelled(renamed), (), "field", said(renamed), condition)
            )

    def _add_values(self, node: FieldValues, *, is_negated: bool) -> None:
        name = checked_name(node, self._text)
        values = whole_values(node, name, self._text)
        self._reading.values.setdefault((METADATA[name], is_negated), []).extend(values)

    def _set(self, node: FieldValues) -> None:
        reading, text = self._reading, self._text
        name = checked_name(node, text)
        match name:
            case "like":
                reading.like = settings.like(node, text)
            case "mode":
                reading.mode = settings.mode(node, text)
            case "sort":
                reading.sort = settings.sort(node, text)
            case "recency":
                reading.half_life = settings.half_life(node, text)
            case "undated":
                reading.with_undated = settings.is_on(node, text, "yes", "no")
            case "dates":
                reading.reads_dates = settings.is_on(node, text, "on", "off")
            case "group":
                reading.group = settings.group(node, text)
        value = node.values[0].text.strip()
        self._given.setdefault(name, []).append(value if name == "like" else value.lower())

    # At the place of the query that errors point at

    def _condition(self, node: Node) -> Condition:
        return condition_of(node, self._text, self._today)

    def _settled(self, node: Node) -> Node:
        return settled(node, self._text, self._today)


def _positive_words(node: Node) -> Iterator[str]:
    """The words and phrases that are not ruled out, and stand in no field."""
    match node:
        case Word(text) | Phrase(text):
            yield text
        case Group(_, nodes):
            for one in nodes:
                yield from _positive_words(one)


def _has_field(node: Node) -> bool:
    match node:
        case FieldValues():
            return True
        case Negated(inner):
            return _has_field(inner)
        case Group(_, nodes):
            return any(map(_has_field, nodes))
        case _:
            return False
