"""The expressions of JavaScript, parsed into trees. Depth is bounded."""

from __future__ import annotations

import re

from auditor.reading.scripting.tokens import Token, tokens_of, unquoted

_DEEPEST = 60
_LONGEST_HEAD = 200
_HOLE = re.compile(r"\$\{((?:[^{}`]|\{[^{}`]{0,200}\}){0,500})\}")
_BINARY = (
    ("??", "||"),
    ("&&",),
    ("==", "===", "!=", "!=="),
    ("<", ">", "<=", ">=", "in", "instanceof"),
    ("+", "-"),
    ("*", "/", "%"),
)
_BINDS = {operator: level for level, operators in enumerate(_BINARY) for operator in operators}
"""How close operators bind."""
_SETTERS = frozenset({"=", "+=", "-=", "*=", "/=", "%="})
_PREFIXES = frozenset({"!", "-", "+", "typeof", "void", "delete", "await", "..."})

Tree = tuple[object, ...]
"""A node: its kind, then its parts (further nodes, names, texts, lists of nodes)."""


class NotUnderstoodError(Exception):
    """A piece of a script that is beyond this grammar."""


class Expressions:
    """Reads the expressions among the words of a script; statements are read by who knows them."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = [*tokens, Token("end", "")]
        self.at = 0
        self.depth = 0

    # --- moving on

    @property
    def text(self) -> str:
        """The word at hand, where it is a name or a mark; "" for texts and figures."""
        token = self.tokens[self.at]
        return token.text if token.kind in {"mark", "name"} else ""

    def take(self) -> Token:
        """The word at hand, and on to the next."""
        token = self.tokens[self.at]
        if token.kind == "end":
            raise NotUnderstoodError
        self.at += 1
        return token

    def skip(self, text: str) -> bool:
        """Whether the word at hand is this one; if so, on to the next."""
        if self.text == text and self.tokens[self.at].kind != "string":
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Goes on over a word that has to stand here."""
        if not self.skip(text):
            raise NotUnderstoodError(text)

    # --- expressions

    def block(self) -> list[Tree]:
        """The statements between braces."""
        raise NotImplementedError

    def sequence(self) -> Tree:
        """Expressions with commas between them."""
        tree = self.assignment()
        while self.skip(","):
            tree = ("both", tree, self.assignment())
        return tree

    def assignment(self) -> Tree:
        """One expression."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotUnderstoodError("too deep")
        try:
            arrow = self.arrow()
            if arrow is not None:
                return arrow
            tree = self.choice()
            if self.text in _SETTERS:
                operator = self.take().text
                return ("set", operator, tree, self.assignment())
            return tree
        finally:
            self.depth -= 1

    def arrow(self) -> Tree | None:
        """`x => …`, `(x, y) => …`."""
        ahead = self.at + (self.text == "async")
        names: list[str] = []
        defaults: list[Tree] = []
        if self.tokens[ahead].kind == "name" and self.tokens[ahead + 1].text == "=>":
            self.at = ahead
            names.append(self.take().text)
        elif self.tokens[ahead].text == "(" and self.is_head(ahead):
            self.at = ahead + 1
            names, defaults = self.parameters()
        else:
            return None
        self.expect("=>")
        body = self.block() if self.text == "{" else [("return", self.assignment())]
        return ("function", names, [*defaults, *body])

    def is_head(self, place: int) -> bool:
        """Whether the bracket at a place closes before an arrow."""
        level = 0
        for index in range(place, min(place + _LONGEST_HEAD, len(self.tokens) - 1)):
            text = self.tokens[index].text
            level += (text in {"(", "{", "["}) - (text in {")", "}", "]"})
            if not level:
                return self.tokens[index + 1].text == "=>"
        return False

    def choice(self) -> Tree:
        """`a ? b : c`, and what binds closer."""
        condition = self.binary(0)
        if not self.skip("?"):
            return condition
        then = self.assignment()
        self.expect(":")
        return ("if-else", condition, then, self.assignment())

    def binary(self, least: int) -> Tree:
        """Operators of a level and of those that bind closer."""
        tree = self.unary()
        while (level := _BINDS.get(self.text, -1)) >= least:
            operator = self.take().text
            tree = ("binary", operator, tree, self.binary(level + 1))
        return tree

    def unary(self) -> Tree:
        """What stands before a value: `!`, `typeof`, `new`, `++`."""
        if self.text in _PREFIXES:
            return ("unary", self.take().text, self.unary())
        if self.text in {"++", "--"}:
            return ("step", self.take().text, self.unary())
        if self.skip("new"):
            return self.calls(
                ("new", self.calls(self.primary(), calling=False), self.arguments() if self.text == "(" else [])
            )
        tree = self.calls(self.primary())
        if self.text in {"++", "--"} and not self.tokens[self.at].after_line:
            return ("step-after", self.take().text, tree)
        return tree

    def calls(self, tree: Tree, *, calling: bool = True) -> Tree:
        """What follows a value: properties and calls."""
        while True:
            if self.skip(".") or self.skip("?."):
                tree = ("get", tree, ("text", self.take().text))
            elif self.skip("["):
                tree = ("get", tree, self.sequence())
                self.expect("]")
            elif calling and self.text == "(":
                tree = ("call", tree, self.arguments())
            else:
                return tree

    def arguments(self) -> list[Tree]:
        """What stands in the brackets of a call."""
        self.expect("(")
        return self.listed(")")

    def listed(self, end: str) -> list[Tree]:
        """Expressions with commas between them, up to a closing bracket."""
        found: list[Tree] = []
        while not self.skip(end):
            found.append(self.assignment())
            if not self.skip(",") and self.text != end:
                raise NotUnderstoodError(end)
        return found

    def primary(self) -> Tree:
        """A value: a name, a figure, a text, a function, what stands in brackets."""
        token = self.take()
        if token.kind == "mark":
            return self.enclosed(token.text)
        if token.kind == "name":
            reader = _VALUES.get(token.text)
            return reader(self) if reader else ("name", token.text)
        if token.kind == "number":
            return ("number", float(int(token.text, 16)) if token.text[:2] in {"0x", "0X"} else float(token.text))
        if token.kind == "template":
            return self.template(token.text)
        return ("text", unquoted(token.text)) if token.kind == "string" else ("unknown",)

    def enclosed(self, mark: str) -> Tree:
        """What stands in brackets, the first of which was taken."""
        if mark == "[":
            return ("list", self.listed("]"))
        if mark == "{":
            return self.record()
        if mark != "(":
            raise NotUnderstoodError(mark)
        tree = self.sequence()
        self.expect(")")
        return tree

    def function(self) -> Tree:
        """A function, from behind its keyword."""
        self.skip("*")
        if self.tokens[self.at].kind == "name":
            self.take()
        self.expect("(")
        names, defaults = self.parameters()
        return ("function", names, [*defaults, *self.block()])

    def parameters(self) -> tuple[list[str], list[Tree]]:
        """The names between the brackets of a function, and what gives those that lack a value their own."""
        names: list[str] = []
        defaults: list[Tree] = []
        while not self.skip(")"):
            name = self.text
            parts: list[tuple[str, Tree]] = []
            if name in {"{", "["}:
                name = f"\0{self.at}"
                parts = self.pattern(name)
            else:
                self.take()
            if name not in {",", "..."}:
                names.append(name)
            if self.skip("="):
                value: Tree = ("if-none", ("name", name), self.assignment())
                defaults.append(("expr", ("set", "=", ("name", name), value)))
            if parts:
                defaults.append(("var", parts))
        return names, defaults

    def record(self) -> Tree:
        """`{…}`, from behind its brace."""
        pairs: list[tuple[str, Tree]] = []
        while not self.skip("}"):
            token = self.take()
            if token.text == "...":
                self.assignment()
            else:
                pairs.append(self.pair(token))
            if not self.skip(",") and self.text != "}":
                raise NotUnderstoodError
        return ("record", pairs)

    def pair(self, token: Token) -> tuple[str, Tree]:
        """One name of a record and its value."""
        while token.text in {"get", "set", "async", "*"} and self.text not in {":", "(", ",", "}"}:
            token = self.take()
        name = unquoted(token.text) if token.kind == "string" else token.text
        if token.text == "[":
            self.sequence()
            self.expect("]")
        elif token.kind == "mark":
            raise NotUnderstoodError
        if self.text == "(":
            return name, self.function()
        return name, self.assignment() if self.skip(":") else ("name", name)

    def template(self, text: str) -> Tree:
        """A text between backticks."""
        pieces: list[Tree] = []
        position = 1
        for hole in _HOLE.finditer(text):
            pieces.append(("text", unquoted(f"`{text[position : hole.start()]}`")))
            inner = type(self)(tokens_of(hole[1]))
            inner.depth = self.depth
            pieces.append(inner.sequence())
            position = hole.end()
        return ("template", [*pieces, ("text", unquoted(f"`{text[position:-1]}`"))])

    def named(self) -> str:
        """A name that has to stand here."""
        token = self.take()
        if token.kind != "name":
            raise NotUnderstoodError
        return token.text

    def pattern(self, whole: str) -> list[tuple[str, Tree]]:
        """What is taken out of a value, by the names it is given: `{a, b: c, d = 1}`, `[a, b]`."""
        end = "}" if self.take().text == "{" else "]"
        found: list[tuple[str, Tree]] = []
        while not self.skip(end):
            if self.skip(","):
                continue
            self.skip("...")
            key = self.named()
            name = self.named() if self.skip(":") else key
            tree: Tree = ("get", ("name", whole), ("text", key if end == "}" else str(len(found))))
            if self.skip("="):
                tree = ("if-none", tree, self.assignment())
            found.append((name, tree))
        return found

    def classed(self) -> Tree:
        """A class is read as the record of its methods."""
        while self.text != "{":
            self.take()
        self.take()
        pairs: list[tuple[str, Tree]] = []
        while not self.skip("}"):
            if self.skip(";"):
                continue
            token = self.take()
            while token.text in {"static", "async", "get", "set", "*", "#"} and self.text not in {"(", "="}:
                token = self.take()
            if self.text == "(":
                pairs.append((token.text, self.function()))
            elif self.skip("="):
                pairs.append((token.text, self.assignment()))
        return ("record", pairs)


_VALUES = {"function": Expressions.function, "class": Expressions.classed}
