"""The shop's language, from its name."""

from ecommerce.adapters.text.analyzer import LANGUAGES, SnowballAnalyzer
from ecommerce.entrypoints.settings import Settings, SettingsError


def load_analyzer(settings: Settings) -> SnowballAnalyzer:
    """The analyzer of the shop's language."""
    language = settings.search_language
    if language not in LANGUAGES:
        raise SettingsError(
            f"ECOMMERCE_SEARCH_LANGUAGE: {language[:80]!r} is not one of {', '.join(LANGUAGES)}"
        )
    return SnowballAnalyzer(language)
