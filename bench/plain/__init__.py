"""The stack that one would begin with: Strawberry as it comes, SQLAlchemy sessions, a DataLoader for each relation.

It reads the same SQLite file and answers the page of 20 services with the same values. Where the hub does more
(specialisations, alternatives within one length, a snapshot over all reads), this one does less: it is quicker by it.
"""
