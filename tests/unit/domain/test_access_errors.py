"""What a refusal hands out beside its words."""

from ecommerce.domain.identity.access_errors import SecondFactorRequiredError, StepUpRequiredError


def test_who_has_to_prove_themselves_again_is_told_how_long_a_proof_is_good() -> None:
    refusal = StepUpRequiredError("Prove it again.", max_age=900)
    assert (str(refusal), refusal.detail, refusal.max_age) == ("Prove it again.",) * 2 + (900,)
    assert (refusal.violations, refusal.members) == ((), {})


def test_whose_code_is_wanted_gets_the_challenge_that_goes_with_it() -> None:
    refusal = SecondFactorRequiredError("Send a code.", challenge_token="abc", expires_in=300)
    assert (str(refusal), refusal.detail) == ("Send a code.", "Send a code.")
    assert refusal.members == {"challenge_token": "abc", "challenge_expires_in": 300}
