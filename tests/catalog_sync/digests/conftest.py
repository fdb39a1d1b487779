from tests.catalogues import stored

__all__ = ["stored"]
