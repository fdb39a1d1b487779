"""What is asked of many descriptions: words that many services have, rare ones, mistyped, begun, unknown."""

from collections.abc import Iterator, Mapping
from itertools import islice
from random import Random

from bench.data.described import Described

_COMMON = ("Erteilung", "Anmeldung", "Genehmigung", "beantragen", "anmelden", "verlängern", "Bewilligung")
_FEW = 200


def kinds_of_questions(data: Described, count: int) -> Mapping[str, list[str]]:
    """So many questions of each kind, the same each time."""
    random = Random(11)
    kinds = {
        "common word": lambda: random.choice((*_COMMON, *data.vocabulary[:_FEW])),
        "rare word": lambda: data.vocabulary[-1 - int(random.random() * len(data.vocabulary) / 2)],
        "two words": lambda: data.title(random.randrange(data.services)),
        "three to five words": lambda: _long(data, random),
        "question": lambda: (
            f"Was brauche ich, um {data.title(random.randrange(data.services))} zu beantragen?"
        ),
        "typing error": lambda: _mistyped(data, random),
        "beginning": lambda: data.title(random.randrange(data.services)).split()[0][:6],
        "nothing": lambda: "".join(random.choices("bcdfghjklmnpqrstvwxz", k=9)),
    }
    return {name: list(islice(_made(make), count)) for name, make in kinds.items()}


def _made(make: object) -> Iterator[str]:
    while callable(make):
        yield str(make())


def _long(data: Described, random: Random) -> str:
    words = [data.word(random) for _ in range(2 + int(random.random() * 3))]
    return " ".join([*words, random.choice(_COMMON)])


def _mistyped(data: Described, random: Random) -> str:
    word = data.word(random)
    at = 1 + int(random.random() * (len(word) - 2))
    return word[:at] + random.choice("aeinrst") + word[at + 1 :]
