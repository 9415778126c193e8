"""The part of JavaScript in which pagers are written, parsed into a tree; what is not understood is left out.

Portals' scripts are of every age and often broken. A statement that cannot be parsed is skipped, and the next one is
tried: what matters is the few lines that build an address. Size and depth are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 400_000
"""Characters of one script that are looked at."""
_DEEPEST = 60
_PATIENCE = 1_000
_PATIENCE_EACH = 4
"""Words read over in broken statements, in all and for each word of the script."""
_TOKEN = re.compile(
    r"(?P<space>[\s\ufeff]+)|(?P<number>0[xX][0-9a-fA-F]{1,12}|\d{1,15}(?:\.\d{1,15})?)|"
    r"(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')|(?P<template>`(?:[^`\\]|\\.)*`)|(?P<name>[^\W\d][\w$]*|\$[\w$]*)|"
    r"(?P<mark>=>|\+\+|--|[+\-*/%]=|===|!==|==|!=|<=|>=|&&|\|\||\?\.|\?\?|\.\.\.|.)",
    re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,500}\]){1,500}/[a-z]{0,8}")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "\n": ""}
_HOLE = re.compile(r"\$\{((?:[^{}`]|\{[^{}`]{0,200}\}){0,500})\}")
_AFTER_VALUE = frozenset({"number", "string", "template", "name", "regex"})
_BINARY = (
    ("??", "||"),
    ("&&",),
    ("==", "===", "!=", "!=="),
    ("<", ">", "<=", ">=", "in", "instanceof"),
    ("+", "-"),
    ("*", "/", "%"),
)
_SETTERS = frozenset({"=", "+=", "-=", "*=", "/=", "%="})
_PREFIXES = frozenset({"!", "-", "+", "typeof", "void", "delete", "await", "..."})

Tree = tuple[object, ...]
"""A node: its kind, then its parts (further nodes, names, texts, lists of nodes)."""


class NotUnderstoodError(Exception):
    """A piece of a script that is beyond this grammar."""


@dataclass(frozen=True)
class Token:
    """A word of a script."""

    kind: str
    text: str
    after_line: bool = False


def tokens_of(script: str) -> list[Token]:
    """The words of a script, without comments."""
    text = script[:LONGEST]
    found: list[Token] = []
    position, after_line = 0, False
    while position < len(text):
        if text.startswith(("//", "<!--"), position):
            end = text.find("\n", position)
            position = len(text) if end < 0 else end
            continue
        if text.startswith("/*", position):
            end = text.find("*/", position)
            position = len(text) if end < 0 else end + 2
            continue
        regex = _REGEX.match(text, position) if text[position] == "/" and not _after_value(found) else None
        match = regex or _TOKEN.match(text, position)
        if match is None:
            break
        kind = "regex" if regex else str(match.lastgroup)
        if kind == "space":
            after_line = after_line or "\n" in match[0]
        else:
            found.append(Token(kind, match[0], after_line))
            after_line = False
        position = match.end()
    return found


def _after_value(found: Sequence[Token]) -> bool:
    return bool(found) and (found[-1].kind in _AFTER_VALUE or found[-1].text in {")", "]", "}"})


def parse(script: str) -> list[Tree]:
    """The statements of a script that are understood, in turn."""
    return _Parser(tokens_of(script)).statements()


def unquoted(text: str) -> str:
    """What a quoted text says."""

    def meant(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, code)

    return _ESCAPE.sub(meant, text[1:-1])


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = [*tokens, Token("end", "")]
        self.at = 0
        self.depth = 0
        self.patience = _PATIENCE + _PATIENCE_EACH * len(tokens)

    # --- moving on

    @property
    def text(self) -> str:
        token = self.tokens[self.at]
        return token.text if token.kind in {"mark", "name"} else ""

    def take(self) -> Token:
        token = self.tokens[self.at]
        if token.kind == "end":
            raise NotUnderstoodError
        self.at += 1
        return token

    def skip(self, text: str) -> bool:
        if self.text == text and self.tokens[self.at].kind != "string":
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.skip(text):
            raise NotUnderstoodError(text)

    # --- statements

    def statements(self, end: str = "") -> list[Tree]:
        found: list[Tree] = []
        while self.tokens[self.at].kind != "end" and not (end and self.text == end):
            start = self.at
            try:
                found.append(self.statement())
            except (NotUnderstoodError, RecursionError):
                self.recover(start)
        return found

    def recover(self, start: int) -> None:
        """Goes behind the statement that began at `start`: to its semicolon, the brace around it, a function's line."""
        if self.patience < 0:  # broken throughout: what is left is not worth the time
            self.at = len(self.tokens) - 1
            return
        self.at = start
        level = 0
        while self.tokens[self.at].kind != "end":
            text = self.text
            level += (text in {"(", "[", "{"}) - (text in {")", "]", "}"})
            if level < 0:
                self.at += start == self.at
                break
            self.at += 1
            if level == 0 and (text == ";" or (text == "}" and self.at > start + 1)):
                break
            if self.tokens[self.at].after_line and self.text == "function":
                break
        self.patience -= self.at - start

    def statement(self) -> Tree:
        text = self.text
        if text == "{":
            return ("block", self.block())
        if text == "function" and self.tokens[self.at + 1].kind == "name":
            self.take()
            return ("var", [(self.take().text, self.function())])
        if text == "async" and self.tokens[self.at + 1].text == "function":
            self.take()
            return self.statement()
        reader = _STATEMENTS.get(text)
        if reader is not None:
            self.take()
            return reader(self)
        if self.skip(";"):
            return ("block", [])
        tree = ("expr", self.sequence())
        self.skip(";")
        return tree

    def block(self) -> list[Tree]:
        self.expect("{")
        found = self.statements("}")
        self.expect("}")
        return found

    def variables(self) -> Tree:
        found: list[tuple[str, Tree]] = []
        while True:
            name = self.take()
            if name.kind != "name":
                raise NotUnderstoodError
            found.append((name.text, self.assignment() if self.skip("=") else ("none",)))
            if not self.skip(","):
                break
        self.skip(";")
        return ("var", found)

    def branch(self) -> Tree:
        self.expect("(")
        condition = self.sequence()
        self.expect(")")
        then = self.statement()
        return ("if", condition, then, self.statement() if self.skip("else") else ("block", []))

    def loop(self) -> Tree:
        """A loop is no pager's: it is read over."""
        self.expect("(")
        level = 1
        while level:
            text = self.take().text
            level += (text == "(") - (text == ")")
        self.statement()
        return ("block", [])

    def attempt(self) -> Tree:
        tried = self.block()
        if self.skip("catch"):
            if self.skip("("):
                self.take()
                self.expect(")")
            self.block()
        if self.skip("finally"):
            tried += self.block()
        return ("block", tried)

    def giving_back(self) -> Tree:
        ends = self.text in {";", "}", ""} and self.tokens[self.at].kind in {"mark", "end"}
        value: Tree = ("none",) if ends or self.tokens[self.at].after_line else self.sequence()
        self.skip(";")
        return ("return", value)

    def leaving(self) -> Tree:
        self.skip(";")
        return ("return", ("none",))

    # --- expressions

    def sequence(self) -> Tree:
        tree = self.assignment()
        while self.skip(","):
            tree = ("both", tree, self.assignment())
        return tree

    def assignment(self) -> Tree:
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
        start = self.at
        self.skip("async")
        names: list[str] = []
        if self.tokens[self.at].kind == "name" and self.tokens[self.at + 1].text == "=>":
            names.append(self.take().text)
        elif self.skip("("):
            while self.tokens[self.at].kind == "name":
                names.append(self.take().text)
                self.skip(",")
            if not self.skip(")"):
                self.at = start
                return None
        if not self.skip("=>"):
            self.at = start
            return None
        body = self.block() if self.text == "{" else [("return", self.assignment())]
        return ("function", names, body)

    def choice(self) -> Tree:
        condition = self.binary(0)
        if not self.skip("?"):
            return condition
        then = self.assignment()
        self.expect(":")
        return ("if-else", condition, then, self.assignment())

    def binary(self, level: int) -> Tree:
        if level == len(_BINARY):
            return self.unary()
        tree = self.binary(level + 1)
        while self.text in _BINARY[level]:
            operator = self.take().text
            tree = ("binary", operator, tree, self.binary(level + 1))
        return tree

    def unary(self) -> Tree:
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
        self.expect("(")
        return self.listed(")")

    def listed(self, end: str) -> list[Tree]:
        found: list[Tree] = []
        while not self.skip(end):
            found.append(self.assignment())
            if not self.skip(",") and self.text != end:
                raise NotUnderstoodError(end)
        return found

    def primary(self) -> Tree:
        token = self.take()
        if token.kind == "mark":
            return self.enclosed(token.text)
        if token.kind == "name":
            return self.function() if token.text == "function" else ("name", token.text)
        if token.kind == "number":
            return ("number", float(int(token.text, 16)) if token.text[:2] in {"0x", "0X"} else float(token.text))
        if token.kind == "template":
            return self.template(token.text)
        return ("text", unquoted(token.text)) if token.kind == "string" else ("unknown",)

    def enclosed(self, mark: str) -> Tree:
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
        if self.tokens[self.at].kind == "name":
            self.take()
        self.expect("(")
        names: list[str] = []
        while not self.skip(")"):
            token = self.take()
            if token.kind == "name":
                names.append(token.text)
            if self.skip("="):
                self.assignment()
        return ("function", names, self.block())

    def record(self) -> Tree:
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
        name = unquoted(token.text) if token.kind == "string" else token.text
        if token.kind == "mark":
            raise NotUnderstoodError
        if self.text == "(":
            return name, self.function()
        return name, self.assignment() if self.skip(":") else ("name", name)

    def template(self, text: str) -> Tree:
        pieces: list[Tree] = []
        position = 1
        for hole in _HOLE.finditer(text):
            pieces.append(("text", unquoted(f"`{text[position : hole.start()]}`")))
            inner = _Parser(tokens_of(hole[1]))
            inner.depth = self.depth
            pieces.append(inner.sequence())
            position = hole.end()
        return ("template", [*pieces, ("text", unquoted(f"`{text[position:-1]}`"))])


_STATEMENTS = {
    "var": _Parser.variables,
    "let": _Parser.variables,
    "const": _Parser.variables,
    "if": _Parser.branch,
    "for": _Parser.loop,
    "while": _Parser.loop,
    "try": _Parser.attempt,
    "return": _Parser.giving_back,
    "break": _Parser.leaving,
    "continue": _Parser.leaving,
}
