import pytest

from rehab.roles import Role
from tests import factories


@pytest.fixture
def clinic(db):
    return factories.facility("Klinik Contoh", of=factories.unit("BNNP-53"))


@pytest.fixture
def counselor(clinic):
    return factories.user(Role.COUNSELOR, clinic)
