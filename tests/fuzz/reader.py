"""``python -m tests.fuzz.reader [libFuzzer's arguments]``: any bytes end as objects or a refusal, known or not.

Guided by what the reader's own code runs into (atheris; the group `fuzz`). A file that fails is kept beside the corpus.
"""

import sys

import atheris  # type: ignore[import-untyped] # in the group `fuzz` only

with atheris.instrument_imports(include=["catalog_sync.xzufi", "catalog_sync.catalog.markup"]):
    from tests.catalog_sync.xzufi.recognising import agree, hashes
    from tests.catalog_sync.xzufi.test_hostile import GOOD
    from tests.makers import authority, carried_rule, message, online_service, rule, service, specialisation

SEEDS = [
    GOOD,
    *(
        message(
            version,
            writes=[
                service("1", fees=["37.00"]),
                authority("2", rules=[carried_rule("7", "1")]),
                online_service("3"),
                specialisation("4", "1"),
                rule("5", "2", "1"),
            ],
        )
        for version in ("2.1", "2.2", "2.3.1")
    ),
]
KNOWN = frozenset().union(*map(hashes, SEEDS))


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Begin with a message where the fuzzer has nothing that looks like one."""
    start = data if b"xzufi" in data else SEEDS[seed % len(SEEDS)]
    mutated: bytes = atheris.Mutate(start, max_size)
    return mutated


def look(data: bytes) -> None:
    """One file: read with and without known objects, whole and in small parts."""
    size = 1 + (data[-1] if data else 0) * 16
    agree(data, KNOWN, size)


def main() -> None:
    """Run until something is found or the arguments say that it is enough."""
    atheris.Setup(sys.argv, look, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
