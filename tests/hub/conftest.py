from tests.catalogues import catalogue, stored, template

__all__ = ["catalogue", "stored", "template"]
