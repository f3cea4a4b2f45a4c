"""Typed identifiers. All are UUIDv7 (RFC 9562), so their order is the order of creation."""

from typing import NewType
from uuid import UUID

ProductId = NewType("ProductId", UUID)
VariantId = NewType("VariantId", UUID)
CategoryId = NewType("CategoryId", UUID)
MovementId = NewType("MovementId", UUID)
SynonymGroupId = NewType("SynonymGroupId", UUID)
PinId = NewType("PinId", UUID)
UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
AuditRecordId = NewType("AuditRecordId", UUID)
StaffRoleId = NewType("StaffRoleId", UUID)
ApiKeyId = NewType("ApiKeyId", UUID)
AddressId = NewType("AddressId", UUID)
MailId = NewType("MailId", UUID)
ResetRequestId = NewType("ResetRequestId", UUID)
