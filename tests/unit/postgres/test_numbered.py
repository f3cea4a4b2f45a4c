from ecommerce.adapters.postgres.slow_statements import numbered


def test_placeholders_become_postgresqls_own() -> None:
    text = "SELECT %(a)s::INTEGER, %(b_1)s, %(a)s WHERE name LIKE '50%%'"

    assert numbered(text) == ("SELECT $1::INTEGER, $2, $1 WHERE name LIKE '50%'", 2)


def test_a_statement_without_values_stays_as_it_is() -> None:
    assert numbered("COMMIT") == ("COMMIT", 0)
