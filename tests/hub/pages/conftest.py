import secrets

import pytest

from identity.keys import Keys, ensure_keys, load_keys
from tests.conftest import Databases
from tests.hub.pages.login_stage import LoginStage


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("data")
    ensure_keys(folder, secrets.token_bytes)
    return load_keys(folder)


@pytest.fixture
def stage(sqlite_databases: Databases, keys: Keys) -> LoginStage:
    return LoginStage(sqlite_databases.identity, keys)
