"""What is changed: every place of a C file where one small change could be a
bug. Used by mutants.py.

The rules go by tokens and by the format that clang-format gives: a binary
operator has a space on either side, a pointer's star and a sign have not.
"""

import re
from typing import NamedTuple


class Mutant(NamedTuple):
    file: str
    line: int
    start: int  # in the file's text
    old: str
    new: str
    is_order: bool  # of a memory order: no test on x86 need see it

    def apply(self, text):
        return text[:self.start] + self.new + text[self.start + len(self.old):]

    def change(self):
        short = [" ".join(part.split()) or "nothing"
                 for part in (self.old, self.new)]
        return "%s -> %s" % tuple(short)

    def words(self):
        return "%s:%d: %s" % (self.file, self.line, self.change())


BINARY = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
    "==": ("!=",), "!=": ("==",), "&&": ("||",), "||": ("&&",),
    "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "%": ("/",),
    "&": ("|",), "|": ("&",), "^": ("|",), "<<": (">>",), ">>": ("<<",),
    "+=": ("-=",), "-=": ("+=",), "*=": ("/=",), "|=": ("&=",), "&=": ("|=",),
}
WORDS = {
    "true": ("false",), "false": ("true",),
    "if": ("while",), "while": ("if",),
    "break": ("continue",), "continue": ("break",),
}
ORDERS = {
    "acquire": ("relaxed",), "release": ("relaxed",),
    "acq_rel": ("acquire", "release"),
}
# The order that replaces seq_cst, and how many orders a call takes.
WEAKER = {"load": "acquire", "store": "release"}

TOKEN = re.compile(r"""
    (?P<skip> //[^\n]* | /\*.*?\*/ | ^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*
            | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | \s+ )
  | (?P<number> 0[xX][0-9a-fA-F]+\w* | \d[\w.]* )
  | (?P<word> [A-Za-z_]\w* )
  | (?P<operator> \+\+ | -- | -> | <<= | >>= | [-+*/%&|^<>=!]= | && | \|\|
                | << | >> | \.\.\. | . )
""", re.VERBOSE | re.DOTALL | re.MULTILINE)

# An expression that stands alone: a call, an assignment, a step.
STATEMENT = re.compile(
    r"(?:\*|\+\+|--|\(\*)*[A-Za-z_]\w*(?:\(|->|\.|\[|\+\+|--|\)| [-+*/|&^]?= )")
NOT_STATEMENTS = re.compile(
    r"(?:if|while|for|switch|return|sizeof|case|default|do|else|goto|typedef|"
    r"static_assert|_Static_assert|__attribute__|__asm__|va_end|va_start)\b")
# Not worth a look: in the C libraries that we know they do nothing.
IDLE = re.compile(r"must\(pthread_(?:mutex|cond)?attr_destroy\(|va_end\(")


def tokens(text):
    return [(m.lastgroup, m.group(), m.start()) for m in TOKEN.finditer(text)
            if m.lastgroup != "skip"]


def end_of_statement(text, start):
    """Of the `;` that ends what starts here, or None in a `for` or a list."""
    depth = 0
    for kind, token, at in tokens(text[start:start + 800]):
        depth += (token in "([{") - (token in ")]}")
        if depth < 0 or token == "{":
            return None
        if token == ";" and depth == 0:
            return start + at
    return None


def call_at(text, start):
    """The text of the call whose name starts here."""
    depth = 0
    for _, token, at in tokens(text[start:start + 800]):
        depth += (token == "(") - (token == ")")
        if token == ")" and depth == 0:
            return text[start:start + at + 1]
    return ""


def of_number(token):
    if token == "0":
        return ("1",)
    if token == "1":
        return ("0", "2")
    return (str(int(token) + 1),) if token.isdigit() else ()


def of_operator(text, token, at):
    end = at + len(token)
    apart = text[at - 1].isspace() and text[end].isspace()
    if token == "!":
        return ("",)
    if token in ("++", "--"):
        return ("--" if token == "++" else "++",)
    return BINARY.get(token, ()) if apart else ()


def of_atomic(text, name, at):
    """Calls without an order have the strongest, and get a weaker one."""
    match = re.fullmatch(r"atomic_(load|store|exchange|fetch_\w+|compare_\w+)",
                         name)
    if not match or name.endswith("_explicit"):
        return
    call = call_at(text, at)
    orders = ", memory_order_" + WEAKER.get(match.group(1), "acq_rel")
    if name.startswith("atomic_compare"):
        orders += ", memory_order_relaxed"
    yield call, name + "_explicit" + call[len(name):-1] + orders + ")"


def of_order(text, name, at):
    order = name[len("memory_order_"):]
    if order == "seq_cst":
        call = list(re.finditer(r"atomic_(\w+?)(?:_explicit)?\(", text[:at]))[-1]
        operation = call.group(1)
        # The second order of a compare-and-swap is that of a load.
        if (operation.startswith("compare_exchange")
                and "memory_order_" in text[call.end():at]):
            operation = "load"
        return ("memory_order_" + WEAKER.get(operation, "acq_rel"),)
    return tuple("memory_order_" + weaker for weaker in ORDERS.get(order, ()))


def of_return(text, at):
    end = end_of_statement(text, at)
    value = text[at + len("return"):end].strip() if end else ""
    if value and not re.fullmatch(r"true|false|\d+|NULL|\w*WAIT_\w+", value):
        yield text[at:end], "return !(%s)" % value


def leaves(text, at):
    """Whether what this `if` does is to return: then `while` is the same."""
    after = at + len("if ") + len(call_at(text, at + len("if ")))
    return re.match(r"\s*(?:return\b|die\()", text[after:])


def of_word(text, word, at):
    if word.startswith("memory_order_"):
        for new in of_order(text, word, at):
            yield word, new, True
        return
    for old, new in of_atomic(text, word, at):
        yield old, new, True
    if word == "return":
        for old, new in of_return(text, at):
            yield old, new, False
    if word == "if" and leaves(text, at):
        return
    for new in WORDS.get(word, ()):
        yield word, new, False


def of_statement(text, at):
    if NOT_STATEMENTS.match(text, at) or IDLE.match(text, at):
        return
    end = end_of_statement(text, at)
    if end and STATEMENT.match(text, at):
        yield text[at:end], "", False


def changes(text, token, starts_statement):
    kind, word, at = token
    if kind == "number":
        for new in of_number(word):
            yield word, new, False
    if kind == "operator":
        for new in of_operator(text, word, at):
            yield word, new, False
    if kind == "word":
        yield from of_word(text, word, at)
    if starts_statement:
        yield from of_statement(text, at)


def without_hooks(text):
    """What is nothing in a normal build (trace_hooks.h) becomes blanks."""
    for hook in re.finditer(r"\bTRACED\(", text):
        end = end_of_statement(text, hook.start())
        blanks = re.sub(r"[^\n]", " ", text[hook.start():end])
        text = text[:hook.start()] + blanks + text[end:]
    return text


def mutants_of(file, text, active_lines):
    """All mutants on lines that the compiler sees."""
    found = []
    text = without_hooks(text)
    before = "}"
    for token in tokens(text):
        line = text.count("\n", 0, token[2]) + 1
        alone = not text[text.rfind("\n", 0, token[2]) + 1:token[2]].strip()
        first = alone and before in (";", "{", "}", ")", ":", "else", "do")
        if line in active_lines:
            for old, new, is_order in changes(text, token, first):
                found.append(Mutant(file, line, token[2], old, new, is_order))
        before = token[1]
    return found
