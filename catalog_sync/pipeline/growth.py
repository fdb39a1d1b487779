"""How much there is of a spool that another process still fills: one thread hears it, another waits for it."""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Condition


class StoppedError(Exception):
    """Nobody waits any more for what is read."""


class Growth:
    """What was said of a spool so far."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._size = 0
        self._judged = self._ended = self._stopped = False
        self._error: BaseException | None = None

    def of(self, filling: Callable[[], object]) -> None:
        """Let it be filled; how that ends is for whoever takes from it."""
        try:
            filling()
        except Exception as error:  # noqa: BLE001 - they meet it
            self.end(error)
        else:
            self.end()

    def judge(self) -> None:
        """Say that all that will be in it may be written."""
        self._say(judged=True)

    def grow(self, size: int) -> None:
        """Say how many bytes can be read by now.

        Raises:
            StoppedError: where nobody wants to know.
        """
        if self._stopped:
            raise StoppedError
        self._say(size=size)

    def end(self, error: BaseException | None = None) -> None:
        """Say that it is whole, or why it will never be."""
        self._say(error=error, ended=True)

    def stop(self) -> None:
        """Let it be: whoever waits is woken, and who fills it hears it when it says something."""
        self._stopped = True
        self.end(StoppedError())

    def judged(self) -> None:
        """Wait until it is said that all may be written.

        Raises:
            Exception: why it will never be whole.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._judged or self._ended)
            if self._error is not None:
                raise self._error

    def sizes(self) -> Iterator[int]:
        """The sizes that it reaches, each as soon as it does.

        Raises:
            Exception: why it will never be whole.
        """
        known, ended = 0, False
        while not ended:
            with self._changed:
                self._changed.wait_for(partial(self._is_beyond, known))
                if self._error is not None:
                    raise self._error
                known, ended = self._size, self._ended
            yield known

    def _is_beyond(self, known: int) -> bool:
        return self._size > known or self._ended

    def _say(
        self,
        *,
        size: int = 0,
        judged: bool = False,
        ended: bool = False,
        error: BaseException | None = None,
    ) -> None:
        with self._changed:
            self._size = max(self._size, size)
            self._judged = self._judged or judged
            self._error = self._error or error
            self._ended = self._ended or ended
            self._changed.notify_all()
