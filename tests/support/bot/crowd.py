"""
A crowd of people who ask at once, and the fate of each question.

An answer replies to its question, so each is found without guessing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from tests.support.bot.call import Call
from tests.support.bot.server import BotApi

QUESTIONS = ("Bệnh viện dã chiến cấp 2 có bao nhiêu người?", "Báo cáo quý được nộp trước ngày nào?")


@dataclass
class Crowd:
    """Users by their ids, each with the message ids of their questions and when these were asked."""

    api: BotApi
    users: range
    asked: dict[int, list[int]] = field(default_factory=dict)
    at: dict[int, float] = field(default_factory=dict)

    def ask(self) -> None:
        """Everybody asks both questions at once."""
        for text in QUESTIONS:
            for user in self.users:
                number = self.api.say(text, user)
                self.asked.setdefault(user, []).append(number)
                self.at[number] = time.monotonic()

    def answers(self) -> dict[int, list[Call]]:
        """The answers to each question, in the order in which they came."""
        found: dict[int, list[Call]] = {number: [] for number in self.at}
        for call in self.api.sent():
            number = (call.parameters.get("reply_parameters") or {}).get("message_id")
            if number in found:
                found[number].append(call)
        return found

    def wait(self, share: float = 1.0, seconds: float = 300.0) -> None:
        """Wait until this share of the questions is answered."""
        self.api.wait(lambda: sum(map(bool, self.answers().values())) >= share * len(self.at), seconds)

    def in_order(self) -> bool:
        """Whether nobody's second question was first answered before their first."""
        first = {number: calls[0].at for number, calls in self.answers().items()}
        return all(first[one] < first[two] for one, two in self.asked.values())

    def repeats(self) -> dict[int, int]:
        """The number of surplus answers for each user who got any."""
        answers = self.answers()
        extra = {user: sum(len(answers[n]) - 1 for n in numbers) for user, numbers in self.asked.items()}
        return {user: count for user, count in extra.items() if count}

    def p95(self) -> float:
        """The seconds within which 95 of a hundred questions were answered."""
        waited = sorted(calls[0].at - self.at[number] for number, calls in self.answers().items())
        return waited[int(0.95 * (len(waited) - 1))]
