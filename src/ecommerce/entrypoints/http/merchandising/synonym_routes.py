"""Synonyms: words that find the same."""

from typing import Final

from litestar import delete, get, post, put

from ecommerce.application.merchandising.create_synonym_group import (
    CreateSynonymGroup,
    CreateSynonymGroupHandler,
)
from ecommerce.application.merchandising.delete_synonym_group import (
    DeleteSynonymGroup,
    DeleteSynonymGroupHandler,
)
from ecommerce.application.merchandising.queries import MerchandisingQueries, SynonymGroupView
from ecommerce.application.merchandising.replace_synonym_group import (
    ReplaceSynonymGroup,
    ReplaceSynonymGroupHandler,
)
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.merchandising.errors import (
    InvalidSynonymsError,
    SynonymGroupNotFoundError,
    SynonymTakenError,
)
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import SynonymGroupId
from ecommerce.entrypoints.http.answers import (
    Answer,
    created_answer,
    no_content,
    read_answer,
    resource_answer,
)
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.etag import State, expected_version
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.merchandising import fields, schemas
from ecommerce.entrypoints.http.operation import operation, permission
from ecommerce.entrypoints.http.paging import page_answer, page_request
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest, PathText


@get(
    "/v1/search/synonyms",
    **operation(
        "listSynonymGroups",
        "List groups of synonyms",
        description="In the order of creation: all, or the one that has a term.",
        tag=fields.TAG,
        access=permission(Permission.MERCHANDISING_READ),
        query=schemas.SynonymGroupsQuery,
        returns=schemas.SynonymGroupPage,
        response_example=schemas.SYNONYM_GROUP_PAGE,
        conditional="read",
    ),
)
async def list_synonym_groups(
    request: HttpRequest, merchandising: Given[MerchandisingQueries]
) -> Answer:
    """A page of groups."""
    query = read_query(request, schemas.SynonymGroupsQuery)
    page = await merchandising.synonym_groups(query.term, page_request(request, query))
    return page_answer(request, query, page)


@get(
    "/v1/search/synonyms/{synonym_id:str}",
    **operation(
        "getSynonymGroup",
        "Read a group of synonyms",
        tag=fields.TAG,
        access=permission(Permission.MERCHANDISING_READ),
        path={"synonym_id": fields.SYNONYM_ID},
        returns=SynonymGroupView,
        response_example=schemas.SYNONYM_GROUP,
        problems=(SynonymGroupNotFoundError,),
        conditional="read",
    ),
)
async def get_synonym_group(
    request: HttpRequest, synonym_id: PathText, merchandising: Given[MerchandisingQueries]
) -> Answer:
    """One group."""
    group = await _read(merchandising, fields.synonym_id(synonym_id))
    return read_answer(request, group, state=State(group.id, group.version))


@post(
    "/v1/search/synonyms",
    **operation(
        "createSynonymGroup",
        "Create a group of synonyms",
        description="Says that some terms mean the same. A term stands in one group only; case and "
        "accents do not count.",
        tag=fields.TAG,
        access=permission(Permission.MERCHANDISING_WRITE),
        status=201,
        body=schemas.SetSynonymGroupBody,
        returns=SynonymGroupView,
        request_examples={"What one carries on the back": schemas.SET_SYNONYM_GROUP},
        response_example=schemas.SYNONYM_GROUP,
        problems=(InvalidSynonymsError, SynonymTakenError),
        idempotency="honoured",
    ),
)
async def create_synonym_group(
    request: HttpRequest,
    create_synonym_group: Given[CreateSynonymGroupHandler],
    merchandising: Given[MerchandisingQueries],
    writing: Given[Writing],
) -> Answer:
    """Create it and show it."""
    body = await read_body(request, schemas.SetSynonymGroupBody)
    command = CreateSynonymGroup(terms=body.terms)

    async def work() -> Answer:
        created = await create_synonym_group(command)
        group = await _read(merchandising, created.id)
        return created_answer(
            group, state=State(group.id, group.version), at=f"/v1/search/synonyms/{created.id}"
        )

    return await writing(request, work)


@put(
    "/v1/search/synonyms/{synonym_id:str}",
    **operation(
        "replaceSynonymGroup",
        "Replace the terms of a group",
        description="The group has these terms from now on; those left out are free again.",
        tag=fields.TAG,
        access=permission(Permission.MERCHANDISING_WRITE),
        path={"synonym_id": fields.SYNONYM_ID},
        body=schemas.SetSynonymGroupBody,
        returns=SynonymGroupView,
        request_examples={"What one carries on the back": schemas.SET_SYNONYM_GROUP},
        response_example=schemas.SYNONYM_GROUP,
        problems=(
            SynonymGroupNotFoundError,
            StaleVersionError,
            InvalidSynonymsError,
            SynonymTakenError,
        ),
        conditional="write",
    ),
)
async def replace_synonym_group(
    request: HttpRequest,
    synonym_id: PathText,
    replace_synonym_group: Given[ReplaceSynonymGroupHandler],
    merchandising: Given[MerchandisingQueries],
    writing: Given[Writing],
) -> Answer:
    """Replace them and show the group."""
    which = fields.synonym_id(synonym_id)
    expected = expected_version(request, which)
    body = await read_body(request, schemas.SetSynonymGroupBody)
    command = ReplaceSynonymGroup(group_id=which, terms=body.terms, expected_version=expected)

    async def work() -> Answer:
        await replace_synonym_group(command)
        group = await _read(merchandising, which)
        return resource_answer(group, state=State(group.id, group.version))

    return await writing(request, work)


@delete(
    "/v1/search/synonyms/{synonym_id:str}",
    status_code=200,
    **operation(
        "deleteSynonymGroup",
        "Delete a group of synonyms",
        description="Its terms find what they say again, and may go into other groups.",
        tag=fields.TAG,
        access=permission(Permission.MERCHANDISING_WRITE),
        status=204,
        path={"synonym_id": fields.SYNONYM_ID},
        problems=(SynonymGroupNotFoundError, StaleVersionError),
        conditional="write",
    ),
)
async def delete_synonym_group(
    request: HttpRequest,
    synonym_id: PathText,
    delete_synonym_group: Given[DeleteSynonymGroupHandler],
) -> Answer:
    """Remove it."""
    which = fields.synonym_id(synonym_id)
    await delete_synonym_group(
        DeleteSynonymGroup(group_id=which, expected_version=expected_version(request, which))
    )
    return no_content()


async def _read(merchandising: MerchandisingQueries, which: SynonymGroupId) -> SynonymGroupView:
    group = await merchandising.synonym_group(which)
    if group is None:
        raise fields.no_synonym_group()
    return group


ROUTES: Final = (
    list_synonym_groups,
    get_synonym_group,
    create_synonym_group,
    replace_synonym_group,
    delete_synonym_group,
)
