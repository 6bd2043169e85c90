"""A place in a text that is being read, with the errors that name it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.errors import NotationError, message

CLOSING = {"[": "]", "(": ")", "{": "}"}
NUMBER = re.compile(r"\d+")


@dataclass
class Cursor:
    """Where reading stands in a text."""

    text: str
    vocabulary: Vocabulary
    at: int = 0

    @property
    def rest(self) -> str:
        """What is still unread."""
        return self.text[self.at :]

    def peek(self) -> str:
        """The next character, or nothing at the end."""
        return self.text[self.at : self.at + 1]

    def skip_space(self) -> None:
        """Go on to the next character that is not a space."""
        while self.peek().isspace():
            self.at += 1

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What the pattern matches here; the cursor ends behind it."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def count(self) -> int:
        """The count that stands here, 1 when none does."""
        number = self.match(NUMBER)
        if number is None:
            return 1
        if number[0].startswith("0") or len(number[0]) > 6:
            self.at -= len(number[0])
            raise self.error("a count from 1 to 999999")
        return int(number[0])

    def group(self) -> str:
        """The text inside the bracket that opens here; the cursor ends behind it."""
        end = matching_bracket(self.text, self.at)
        if end is None:
            raise self.error(f'a closing "{CLOSING[self.peek()]}"')
        inside = self.text[self.at + 1 : end]
        self.at = end + 1
        return inside

    def error(self, expected: str) -> NotationError:
        """The error that says what stands here and what should."""
        found = f'"{self.rest[:12]}" at character {self.at + 1}' if self.rest else "its end"
        return NotationError(message(f'"{self.text}"', found=found, expected=expected))


def matching_bracket(text: str, start: int) -> int | None:
    """Index of the bracket that closes the one at `start`; None when none does."""
    stack = []
    for index in range(start, len(text)):
        if text[index] in CLOSING:
            stack.append(CLOSING[text[index]])
        elif text[index] in CLOSING.values():
            if text[index] != stack.pop():
                return None
            if not stack:
                return index
    return None
