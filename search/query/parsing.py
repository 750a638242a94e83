"""From tokens to a tree. NOT binds closest, then AND and standing side by side, then OR."""

from __future__ import annotations

from search.errors import QueryError
from search.query.nodes import FieldValues, Group, Negated, Node, Phrase, Word
from search.query.tokens import Token, holds_word, tokens

_DEEPEST = 20
_SHORTEST_PREFIX = 2
_MOST_PREFIXES = 10


def parse(text: str, notes: list[str]) -> tuple[Group, list[str]]:
    """The tree of a query, and the bare signs in it, which are no words.

    What joins nothing (an operator at an end, a parenthesis without its other) is left out with a
    note.

    Raises:
        QueryError: parentheses deeper than 20, values of a field joined by more than OR, a prefix
            too short, or too many of them.
    """
    parser = _Parser(text, notes)
    return parser.whole(), parser.signs


class _Parser:
    """Walks the tokens once; a method of the grammar takes those of its part of the tree."""

    def __init__(self, text: str, notes: list[str]) -> None:
        self._text, self._notes = text, notes
        self._tokens = list(tokens(text, notes))
        self.signs: list[str] = []
        self._at = 0
        self._depth = 0
        self._prefixes = 0

    # The grammar

    def whole(self) -> Group:
        parts: list[Node] = []
        required: list[bool] = []
        while self._at < len(self._tokens):
            group = self._alternatives()
            if isinstance(group, Group) and not group.is_or:
                parts += group.nodes
                required += group.required
            elif group is not None:
                parts.append(group)
                required.append(False)
            if self._is_next(")"):
                self._leave_out(self._next(), "closes nothing")
        return Group(False, tuple(parts), tuple(required), (0, len(self._text)))

    def _alternatives(self) -> Node | None:
        """Parts joined by OR."""
        found = [self._side_by_side()]
        while self._is_next("or"):
            operator = self._next()
            found.append(self._side_by_side())
            if found[-2] is None or found[-1] is None:
                self._leave_out(operator, "needs something on both sides")
        nodes = tuple(node for node in found if node is not None)
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        span = (nodes[0].span[0], nodes[-1].span[1])
        return Group(True, nodes, (True,) * len(nodes), span)

    def _side_by_side(self) -> Node | None:
        """Parts that stand beside one another or are joined by AND."""
        nodes: list[Node] = []
        required: list[bool] = []
        joint: Token | None = None
        while self._at < len(self._tokens) and not self._is_next("or", ")"):
            if self._is_next("and"):
                if joint is not None or not nodes:
                    self._leave_out(self._next(), "needs something on both sides")
                else:
                    joint = self._next()
                continue
            node = self._negatable()
            if node is None:
                continue
            if joint is not None:
                required[-1] = True
            nodes.append(node)
            required.append(joint is not None)
            joint = None
        if joint is not None:
            self._leave_out(joint, "needs something on both sides")
        if not nodes:
            return None
        if len(nodes) == 1:
            return nodes[0]
        return Group(False, tuple(nodes), tuple(required), (nodes[0].span[0], nodes[-1].span[1]))

    def _negatable(self) -> Node | None:
        """A part with the signs before it; two of them are none."""
        start, is_negated = self._tokens[self._at].start, False
        while self._is_next("minus", "not"):
            sign = self._next()
            is_negated = not is_negated
            if self._at == len(self._tokens) or self._is_next("and", "or", ")"):
                self._leave_out(sign, "needs something after it")
                return None
        node = self._one()
        if node is None or not is_negated:
            return node
        return node.node if isinstance(node, Negated) else Negated(node, (start, node.span[1]))

    def _one(self) -> Node | None:
        token = self._next()
        match token.kind:
            case "(":
                return self._parenthesis(token)
            case "field":
                return self._field(token)
            case "phrase":
                return self._phrase(token)
            case _:
                return self._word(token)

    def _parenthesis(self, opening: Token) -> Node | None:
        self._depth += 1
        if self._depth > _DEEPEST:
            msg = f"parentheses stand more than {_DEEPEST} deep here"
            raise QueryError(msg, text=self._text, position=opening.start)
        node = self._alternatives()
        self._depth -= 1
        if node is None:
            self._leave_out(opening, "holds nothing")
        self._close(opening)
        return node

    def _close(self, opening: Token) -> None:
        if self._is_next(")"):
            self._next()
        else:
            self._leave_out(opening, "is not closed")

    # Leaves

    def _field(self, token: Token) -> FieldValues:
        values: tuple[Word | Phrase, ...] = ()
        if self._has_value():
            values = self._values() if self._is_next("(") else (self._value(),)
        end = self._tokens[self._at - 1].end
        return FieldValues(token.text, values, (token.start, end))

    def _has_value(self) -> bool:
        """Whether something stands right after the last token, as a value after its colon."""
        if self._at == len(self._tokens) or not self._tokens[self._at].is_attached:
            return False
        return self._tokens[self._at].kind != ")"

    def _value(self) -> Word | Phrase:
        token = self._next()
        if token.kind == "phrase":
            return Phrase(token.text, (token.start, token.end), token.within)
        start, end = token.start, token.end
        while self._has_value() and not self._is_next("phrase", "("):  # "after:10:30", "x:-y"
            end = self._next().end
        return Word(self._text[start:end], (start, end))

    def _values(self) -> tuple[Word | Phrase, ...]:
        """Those in parentheses; words that no OR parts are one value."""
        opening = self._next()
        found: list[Word | Phrase] = []
        is_parted = True
        while self._at < len(self._tokens) and not self._is_next(")"):
            if self._is_next("or"):
                self._next()
                is_parted = True
                continue
            if self._is_next("and", "not", "minus", "field", "("):
                msg = "several values of a field are joined by OR alone: source:(CNN OR BBC)"
                raise QueryError(msg, text=self._text, position=self._tokens[self._at].start)
            value = self._value()
            last = None if is_parted or not found else found[-1]
            if isinstance(last, Word) and isinstance(value, Word):
                found[-1] = Word(f"{last.text} {value.text}", (last.span[0], value.span[1]))
            else:
                found.append(value)
            is_parted = False
        self._close(opening)
        return tuple(found)

    def _phrase(self, token: Token) -> Phrase | None:
        if not holds_word(token.text):
            self._notes.append(f"“{token.text}” holds no word and was left out")
            return None
        return Phrase(token.text, (token.start, token.end), token.within)

    def _word(self, token: Token) -> Word | None:
        if not holds_word(token.text):
            self.signs.append(token.text)
            return None
        stem = token.text.rstrip("*")
        if stem == token.text:
            return Word(token.text, (token.start, token.end))
        self._prefixes += 1
        fault = None
        if sum(map(str.isalnum, stem)) < _SHORTEST_PREFIX:
            fault = f"{token.text}: write at least {_SHORTEST_PREFIX} letters before the star"
        elif self._prefixes > _MOST_PREFIXES:
            fault = f"more than {_MOST_PREFIXES} words with a star in one query"
        if fault is not None:
            raise QueryError(fault, text=self._text, position=token.start)
        return Word(stem, (token.start, token.end), is_prefix=True)

    # Walking

    def _is_next(self, *kinds: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at].kind in kinds

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _leave_out(self, token: Token, why: str) -> None:
        sign = "parenthesis" if token.kind in "()" else token.text
        self._notes.append(f"the {sign} at character {token.start + 1} {why}; it was left out")
