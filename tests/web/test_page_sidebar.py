"""What the controls of the sidebar send, and what it stands for."""

import pytest

from search.web.sidebar import option_label, read_options


@pytest.mark.parametrize("now", [0, 8, 1_312])
def test_a_label_of_an_earlier_drawing_is_the_value_it_was_made_of(now):
    offered = ("Politico", "Politico (8)", "CNN")
    sent = [option_label("source", value, now) for value in ("Politico (8)", "Politico", "Gone")]

    assert read_options("source", sent, offered) == ("Politico (8)", "Politico", "Gone")


def test_values_are_themselves_and_each_is_taken_once():
    sent = ["CNN", option_label("source", "CNN", 3), "NPR"]

    assert read_options("source", sent, ("CNN", "NPR")) == ("CNN", "NPR")


def test_a_language_is_read_by_its_name():
    assert read_options("language", [option_label("language", "de", 2)], ("en", "de")) == ("de",)
