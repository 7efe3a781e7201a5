import pytest

from lanzarote_atlas import citation, terms
from lanzarote_atlas.errors import UsageError


def cited(atlas, built, facts):
    return citation.of_thing(atlas, f"id/scenario/{facts}", built.manifest)


def test_a_scenario_is_cited_with_the_build_that_judges_it(atlas, built):
    facts = "date=2026-01-01;offence=grooming"
    made = cited(atlas, built, facts)
    assert made.title == "Who may prosecute? A scenario of 2 facts"
    assert made.iri == f"{terms.prefixes()['id']}scenario/{facts}/build/{built.manifest.short}"
    assert made.iri in citation.formatted(made, "ris")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("nothing", "is no scenario"),
        ("date=2026-01-01;nonsense=foo;offence=grooming", "nonsense: "),
        ("date=2026-01-01;offence=no-such", "offence: "),
        ("date=2026-01-01;offence=grooming;place-of-act=XXX", "place-of-act: "),
        ("offence=grooming", "date: "),
        ("date=2026-01-01;offence=grooming;title=x", "title: an address tells facts alone"),
    ],
)
def test_a_scenario_that_cannot_be_judged_is_not_cited(atlas, built, facts, said):
    with pytest.raises(UsageError, match=said):
        cited(atlas, built, facts)
