import secrets

import pytest

from identity.keys import Keys, ensure_keys, load_keys
from tests.conftest import Databases
from tests.rfc.stage import Stage


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("data")
    ensure_keys(folder, secrets.token_bytes)
    return load_keys(folder)


@pytest.fixture
async def stage(databases: Databases, keys: Keys) -> Stage:
    return Stage(databases.identity, keys)
