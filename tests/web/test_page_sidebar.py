"""What the controls of the sidebar send, and what it stands for."""

import pytest

from search.web.sidebar import names_of, option_label, read_options, value_label


@pytest.mark.parametrize("now", [0, 8, 1_312])
def test_a_label_of_an_earlier_drawing_is_the_value_it_was_made_of(now):
    offered = ("Politico", "Politico (8)", "CNN")
    sent = [option_label(value, now) for value in ("Politico (8)", "Politico", "Gone")]

    assert read_options("source", sent, offered) == ("Politico (8)", "Politico", "Gone")


def test_values_are_themselves_and_each_is_taken_once():
    sent = ["CNN", option_label("CNN", 3), "NPR"]

    assert read_options("source", sent, ("CNN", "NPR")) == ("CNN", "NPR")


def test_a_language_is_read_by_its_name():
    assert read_options(
        "language", [option_label(value_label("language", "de"), 2)], ("en", "de")
    ) == ("de",)


def test_long_names_are_shortened_unless_two_would_then_read_the_same():
    long = "Lighthouse" * 9
    alike = (f"{long}-a", f"{long}-b")

    assert names_of("source", ["Gull", long]) == {"Gull": "Gull", long: f"{long[:80]}…"}
    assert names_of("source", ["Gull", *alike]) == {name: name for name in ("Gull", *alike)}


def test_a_shortened_name_is_the_value_it_was_made_of():
    long = "Lighthouse" * 9
    sent = [option_label(name, 3) for name in (f"{long[:80]}…", long)]

    assert read_options("source", sent[:1], ("Gull", long)) == (long,)
    assert read_options("source", sent[1:], ("Gull", long)) == (long,)
