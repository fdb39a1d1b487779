"""Tables of the third database: raw deliveries, runs and their outcomes. Never exported with the catalogue."""

from sqlalchemy import MetaData

metadata = MetaData()
