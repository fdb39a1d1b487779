"""Tables of the accounts' database."""

from sqlalchemy import MetaData

metadata = MetaData()
