"""Finding the account of somebody whom an upstream has just identified, or making it."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from identity.account_tables import account, account_link, account_organisation, organisation
from identity.opaque import Random, new_secret
from identity.person import Account, Identified
from identity.subject import Organisation


@dataclass(frozen=True, slots=True)
class Admission:
    """One arrival inside one transaction.

    Attributes:
        now: microseconds since 1970.
    """

    connection: Connection
    identified: Identified
    now: int
    random: Random

    def account(self) -> Account:
        """The account with what is verified now; of two first arrivals at once one ends in IntegrityError."""
        account_id = self._account_id() or self._created()
        self._refresh(account_id)
        return Account(account_id, self._came_for(account_id))

    def _account_id(self) -> str | None:
        query = select(account_link.c.account_id).where(self._link())
        found: str | None = self.connection.execute(query).scalar_one_or_none()
        return found

    def _link(self) -> ColumnElement[bool]:
        return and_(
            account_link.c.issuer == self.identified.issuer, account_link.c.subject == self.identified.subject
        )

    def _created(self) -> str:
        account_id = new_secret(self.random)
        self.connection.execute(insert(account).values(id=account_id, created_at=self.now, seen_at=self.now))
        self.connection.execute(
            insert(account_link).values(
                issuer=self.identified.issuer,
                subject=self.identified.subject,
                account_id=account_id,
                linked_at=self.now,
                **self._use(),
            )
        )
        return account_id

    def _use(self) -> dict[str, Any]:
        return {
            "upstream": self.identified.upstream,
            "level": int(self.identified.level),
            "used_at": self.now,
        }

    def _refresh(self, account_id: str) -> None:
        self.connection.execute(update(account_link).where(self._link()).values(self._use()))
        self.connection.execute(
            update(account)
            .where(account.c.id == account_id)
            .values(seen_at=self.now, **asdict(self.identified.person))
        )

    def _came_for(self, account_id: str) -> Organisation | None:
        if self.identified.organisation is None:
            return None
        named = self._known(self.identified.organisation)
        pair = and_(
            account_organisation.c.account_id == account_id,
            account_organisation.c.organisation_id == named.id,
        )
        seen = update(account_organisation).where(pair).values(seen_at=self.now)
        if not self.connection.execute(seen).rowcount:
            self.connection.execute(
                insert(account_organisation).values(
                    account_id=account_id, organisation_id=named.id, seen_at=self.now
                )
            )
        return named

    def _known(self, named: Organisation) -> Organisation:
        """The organisation under the hub's own id; two upstreams may use one key for different ones."""
        issuer = self.identified.issuer
        same = and_(organisation.c.issuer == issuer, organisation.c.key == named.id)
        values = {
            "name": named.name,
            "legal_form": named.legal_form,
            "register_number": named.register_number,
        }
        found = self.connection.execute(select(organisation.c.id).where(same)).scalar_one_or_none()
        if found is None:
            found = new_secret(self.random)
            self.connection.execute(
                insert(organisation).values(id=found, issuer=issuer, key=named.id, **values)
            )
        else:
            self.connection.execute(update(organisation).where(same).values(values))
        return replace(named, id=found)
