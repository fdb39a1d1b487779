"""The question that the consent page asks, and what becomes of its answer."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from identity import sessions
from identity.opaque import micros
from identity.provider import clients, consents, interactions
from identity.provider.claims import asked_for, required
from identity.provider.clients import Client
from identity.provider.forms import form_token, is_form_token
from identity.provider.interactions import Interaction
from identity.provider.provider import Provider
from identity.sessions import Session

_PURPOSE = "consent"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the person.

    Attributes:
        attributes: names of what the portal asks for (`identity.provider.claims.ATTRIBUTES`), in order.
        required: those that can't be left out.
        form_token: goes into the form; binds it to this session, this request and these attributes.
    """

    interaction: Interaction
    client: Client
    session: Session
    attributes: tuple[str, ...]
    required: frozenset[str]
    form_token: str


@dataclass(frozen=True, slots=True)
class Consenting:
    """Asks and keeps."""

    provider: Provider

    async def waiting(self, interaction_id: str, browser: str | None) -> Interaction | None:
        """The waiting request of that id in that browser."""
        now = micros(self.provider.clock)
        return await self.provider.database.read(
            lambda connection: interactions.load(connection, interaction_id, browser, now)
        )

    async def question(self, interaction: Interaction, cookie: str | None) -> Question | None:
        """What to ask for a waiting request; None when nobody is logged in any more."""
        now = micros(self.provider.clock)
        return await self.provider.database.read(
            lambda connection: self._question(connection, interaction, cookie, now)
        )

    def _question(
        self, connection: Connection, interaction: Interaction, cookie: str | None, now: int
    ) -> Question | None:
        session = sessions.load(connection, cookie, now)
        client = clients.load(connection, interaction.client_id)
        if session is None or client is None:
            return None
        wanted = interaction.params.get("scope", "").split()
        asked = asked_for((scope for scope in client.scopes if scope in wanted), session.acting_for)
        token = form_token(self.provider.keys.cookie_secret, _PURPOSE, session, _subject(interaction, asked))
        return Question(interaction, client, session, asked, required(asked), token)

    async def answer(self, question: Question, given_token: str, chosen: Collection[str]) -> bool:
        """Keep what the person granted: the required, and of the others those chosen; False for a forged form."""
        subject = _subject(question.interaction, question.attributes)
        secret = self.provider.keys.cookie_secret
        if not is_form_token(given_token, secret, _PURPOSE, question.session, subject):
            return False
        granted = [name for name in question.attributes if name in question.required or name in chosen]
        now = micros(self.provider.clock)
        await self.provider.database.write(lambda connection: _keep(connection, question, granted, now))
        return True


def _keep(connection: Connection, question: Question, granted: list[str], now: int) -> None:
    consents.give(
        connection,
        question.session.account_id,
        question.client.client_id,
        asked=question.attributes,
        granted=granted,
        now=now,
    )


def _subject(interaction: Interaction, asked: tuple[str, ...]) -> str:
    return " ".join((interaction.id, *asked))
