"""What an account holds as staff: a part of the statements that ask who is calling."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array

from ecommerce.adapters.postgres import tables as t
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE
from ecommerce.domain.identity.user import Role

_user, _role, _given, _factor = t.user_account, t.staff_role, t.user_role, t.second_factor


def _given_permissions() -> sa.ColumnElement[Any]:
    """The permissions of the roles given, or of the default role where none is.

    Only of staff: for others nothing is looked up. Each look-up is by a primary key.
    """
    none: sa.ColumnElement[Any] = sa.cast(array([], type_=sa.Text), ARRAY(sa.Text))
    theirs = _given.c.user_id == _user.c.id
    named = sa.func.unnest(_role.c.permissions).table_valued("name").render_derived("named")
    own = (
        sa.select(sa.func.array_agg(sa.distinct(named.c.name), type_=ARRAY(sa.Text)))
        .select_from(_given.join(_role, _role.c.id == _given.c.role_id).join(named, sa.true()))
        .where(theirs)
        .correlate(_user)
        .scalar_subquery()
    )
    default = sa.select(_role.c.permissions).where(_role.c.id == DEFAULT_ROLE).scalar_subquery()
    has_any = sa.exists(sa.select(_given.c.role_id).where(theirs).correlate(_user))
    return sa.case(
        (_user.c.role != Role.STAFF.value, none),
        (has_any, sa.func.coalesce(own, none)),
        else_=sa.func.coalesce(default, none),
    ).label("given")


_HAS_FACTOR: Final = sa.exists(
    sa.select(_factor.c.user_id)
    .where(_factor.c.user_id == _user.c.id, _factor.c.confirmed_at.is_not(None))
    .correlate(_user)
).label("has_second_factor")

STANDING: Final[tuple[sa.ColumnElement[Any], ...]] = (
    _user.c.id,
    _user.c.role,
    _user.c.disabled,
    _given_permissions(),
    _HAS_FACTOR,
    _user.c.long_password,
)
"""Columns that say what an account is at this moment; they go with ``user_account``."""
