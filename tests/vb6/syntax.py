"""syntax.py FILE...: reads Visual Basic with a grammar of VBA, and says where it is none. Exit status 1 then.

Of what stands under #If, only what the compiler of VB6 sees: the grammar takes whole procedures.
"""

import sys

from antlr4 import CommonTokenStream, InputStream
from antlr4.error.ErrorListener import ErrorListener
from antlr4_vba.vbaLexer import vbaLexer
from antlr4_vba.vbaParser import vbaParser

import conditions


class Problems(ErrorListener):
    def __init__(self):
        self.found = []

    def syntaxError(self, recognizer, symbol, line, column, message, error):
        self.found.append("{}:{}: {}".format(line, column, message))


def problems(text):
    found = Problems()
    lexer = vbaLexer(InputStream(text))
    parser = vbaParser(CommonTokenStream(lexer))
    for one in (lexer, parser):
        one.removeErrorListeners()
        one.addErrorListener(found)
    parser.startRule()
    return found.found


def main(paths):
    wrong = 0
    for path in paths:
        with open(path, encoding="cp1252", newline="") as file:
            text = conditions.seen(file.read(), ())
        for problem in problems(text):
            print("{}:{}".format(path, problem))
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
