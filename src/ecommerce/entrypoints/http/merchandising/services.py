"""What merchandising's routes need."""

from dataclasses import dataclass

from ecommerce.application.merchandising.create_pin import CreatePinHandler
from ecommerce.application.merchandising.create_synonym_group import CreateSynonymGroupHandler
from ecommerce.application.merchandising.delete_pin import DeletePinHandler
from ecommerce.application.merchandising.delete_synonym_group import DeleteSynonymGroupHandler
from ecommerce.application.merchandising.queries import MerchandisingQueries
from ecommerce.application.merchandising.replace_pin import ReplacePinHandler
from ecommerce.application.merchandising.replace_synonym_group import ReplaceSynonymGroupHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchandisingServices:
    """Use cases and reads of synonyms and pins; each field is a dependency of its name."""

    merchandising: MerchandisingQueries
    create_synonym_group: CreateSynonymGroupHandler
    replace_synonym_group: ReplaceSynonymGroupHandler
    delete_synonym_group: DeleteSynonymGroupHandler
    create_pin: CreatePinHandler
    replace_pin: ReplacePinHandler
    delete_pin: DeletePinHandler
