"""The part of JavaScript in which pagers are written, parsed into a tree; what is not understood is left out.

Portals' scripts are of every age and often broken. A statement that cannot be parsed is skipped, and the next one is
tried: what matters is the few lines that build an address. Size and depth are bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from auditor.reading.scripting.expressions import Expressions, NotUnderstoodError, Tree
from auditor.reading.scripting.tokens import LONGEST, MOST_TOKENS, Token, tokens_of

_PATIENCE = 1_000
_PATIENCE_EACH = 4
"""Words read over in broken statements, in all and for each word of the script."""


def parse(script: str, longest: int = LONGEST) -> list[Tree]:
    """The statements of a script that are understood, in turn."""
    return _Parser(tokens_of(script, longest)).statements()


def parse_all(scripts: Iterable[str], longest: int = LONGEST, most: int = MOST_TOKENS) -> Iterator[list[Tree]]:
    """The statements of each of a page's scripts; what stands behind the first `most` words of all is left out."""
    for script in scripts:
        tokens = tokens_of(script, longest, most)
        most -= len(tokens)
        yield _Parser(tokens).statements()


def parse_value(text: str, longest: int = LONGEST, most: int = MOST_TOKENS) -> Tree | None:
    """The one expression a text is; None where it is none that is understood."""
    parser = _Parser(tokens_of(text, longest, most))
    with suppress(NotUnderstoodError, RecursionError):
        tree = parser.sequence()
        return tree if parser.tokens[parser.at].kind == "end" else None
    return None


class _Parser(Expressions):
    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.patience = _PATIENCE + _PATIENCE_EACH * len(tokens)

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
        if text in {"function", "class"} and self.tokens[self.at + 1].kind == "name":
            self.take()
            return ("var", [(self.tokens[self.at].text, self.function() if text == "function" else self.classed())])
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
            if self.text in {"{", "["}:
                found += self.unpacked()
            else:
                found.append((self.named(), self.assignment() if self.skip("=") else ("none",)))
            if not self.skip(","):
                break
        self.skip(";")
        return ("var", found)

    def unpacked(self) -> list[tuple[str, Tree]]:
        """`{a, b: c} = …`, `[a, b] = …`."""
        whole = f"\0{self.at}"
        parts = self.pattern(whole)
        self.expect("=")
        return [(whole, self.assignment()), *parts]

    def exported(self) -> Tree:
        if not self.skip("default") or self.text in {"function", "class", "async"}:
            return self.statement()
        return ("expr", self.sequence())

    def imported(self) -> Tree:
        while self.take().kind != "string":
            pass
        self.skip(";")
        return ("block", [])

    def thrown(self) -> Tree:
        self.sequence()
        self.skip(";")
        return ("return", ("none",))

    def switch(self) -> Tree:
        """Each case with what stands in it; one that falls through to the next is not run on."""
        self.expect("(")
        value = self.sequence()
        self.expect(")")
        self.expect("{")
        cases: list[tuple[Tree, list[Tree]]] = []
        while not self.skip("}"):
            test: Tree = ("binary", "===", value, self.sequence()) if self.skip("case") else ("number", 1.0)
            if test[0] == "number":
                self.expect("default")
            self.expect(":")
            body: list[Tree] = []
            while self.text not in {"case", "default", "}"}:
                if self.skip("break"):
                    self.skip(";")
                else:
                    body.append(self.statement())
            cases.append((test, body))
        tree: Tree = ("block", [])
        for test, body in reversed(cases):
            tree = ("if", test, ("block", body), tree)
        return tree

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
    "throw": _Parser.thrown,
    "switch": _Parser.switch,
    "export": _Parser.exported,
    "import": _Parser.imported,
}
