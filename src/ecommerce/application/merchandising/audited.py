"""What the audit log says of synonyms and pins."""

from ecommerce.application.shared.audit_facts import Facts
from ecommerce.domain.merchandising.pin import Pin
from ecommerce.domain.merchandising.synonym_group import SynonymGroup


def group_facts(group: SynonymGroup) -> Facts:
    """All that a group of synonyms says."""
    return {"terms": group.terms}


def pin_facts(pin: Pin) -> Facts:
    """All that a pin says."""
    return {"query": pin.query, "category_id": pin.category_id, "product_ids": pin.product_ids}
