"""A reference that keeps a row from going, as releases of PostgreSQL say it."""

from types import SimpleNamespace

import pytest
from psycopg import errors

from ecommerce.adapters.postgres.constraints import domain_error_of
from ecommerce.domain.catalog.errors import CategoryNotEmptyError, UnknownCategoryError
from ecommerce.domain.identity.access_errors import RoleInUseError, UnknownRoleError


def broken(kind: type[errors.IntegrityError], constraint: str) -> errors.IntegrityError:
    class Broken(kind):  # type: ignore[misc,valid-type]
        diag = SimpleNamespace(constraint_name=constraint)

    error = Broken()
    assert isinstance(error, errors.IntegrityError)
    return error


@pytest.mark.parametrize(
    ("constraint", "kept", "unknown"),
    [
        ("user_role_role_id_fkey", RoleInUseError, UnknownRoleError),
        ("product_category_id_fkey", CategoryNotEmptyError, UnknownCategoryError),
    ],
)
def test_a_row_that_others_refer_to_stays(
    constraint: str, kept: type[Exception], unknown: type[Exception]
) -> None:
    of_18 = broken(errors.RestrictViolation, constraint)
    before = broken(errors.ForeignKeyViolation, constraint)
    assert isinstance(domain_error_of(of_18, removing=True), kept)
    assert isinstance(domain_error_of(before, removing=True), kept)
    assert isinstance(domain_error_of(before), unknown)
