"""Every hostile or messy input that we know of, and where its behaviour is tested.

`ROWS` has one line for each kind. What is not tested with its format or its module is tested in
`test_hostile_inputs.py`, under the number of its row.
"""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
REST = "ingest/test_hostile_inputs.py"

ROWS = {
    1: (
        "mojibake",
        ("ingest/test_normalising.py", "test_mojibake_is_repaired_and_quotes_stay_curly"),
        ("ingest/test_html.py", "test_mojibake_is_repaired"),
    ),
    2: (
        "entities, escaped twice",
        (
            "ingest/test_html.py",
            "test_entities_are_unescaped_once",
            "test_json_ld_is_unescaped_once",
        ),
        ("ingest/test_reading_feeds.py", "test_entities_are_unescaped_and_no_more"),
        (REST, "test_row_02_entities_of_plain_text_and_json_stay"),
    ),
    3: (
        "an empty body",
        ("ingest/test_identity.py", "test_an_article_without_text_is_refused"),
        ("ingest/test_reading_feeds.py", "test_entries_without_text_cost_themselves"),
        ("ingest/test_reading_formats.py", "test_a_bad_line_costs_itself"),
    ),
    4: (
        "duplicates and versions",
        ("test_index.py", "test_an_article_that_comes_again_in_one_call_is_unchanged"),
        ("test_index.py", "test_the_same_url_replaces_too"),
        ("test_index.py", "test_copies_make_one_hit_that_names_the_others"),
        ("test_withdrawals.py", "test_a_newer_version_replaces_and_an_older_one_does_not"),
    ),
    5: (
        "a stub before a paywall",
        ("ingest/test_reading_feeds.py", "test_a_summary_alone_is_a_stub_however_long"),
        (REST, "test_row_05_a_text_cut_by_a_paywall_is_a_stub"),
        ("test_index.py", "test_of_two_equal_texts_the_whole_article_is_before_the_excerpt"),
    ),
    6: (
        "a cookie banner",
        (REST, "test_row_06_a_cookie_banner_is_no_part_of_the_article"),
    ),
    7: (
        "ten megabytes, a live blog",
        ("ingest/test_normalising.py", "test_long_text_is_cut_between_words_and_flagged"),
        ("ingest/test_html.py", "test_a_page_of_many_megabytes_is_cut"),
        (REST, "test_row_07_a_live_blog_is_parted_at_its_times"),
        (REST, "test_row_07_paragraphs_that_repeat_are_all_kept"),
    ),
    8: (
        "0000-00-00",
        ("ingest/test_reading_dates.py", "test_dates_without_one_reading_are_refused"),
        (REST, "test_rows_08_and_09_impossible_and_implausible_dates_are_kept_aside"),
    ),
    9: (
        "the future, epoch 0, the year 1523",
        ("ingest/test_reading_dates.py", "test_dates_without_one_reading_are_refused"),
        (REST, "test_rows_08_and_09_impossible_and_implausible_dates_are_kept_aside"),
    ),
    10: (
        "06/10/2022",
        (REST, "test_row_10_the_order_of_a_date_is_the_outlets"),
        (REST, "test_row_10_an_order_that_is_none_is_refused"),
    ),
    11: (
        "no outlet",
        ("ingest/test_reading_formats.py", "test_a_missing_outlet_is_taken_from_the_link"),
    ),
    12: (
        "direction controls",
        ("ingest/test_normalising.py", "test_titles_lose_line_ends_and_direction_controls"),
        (REST, "test_row_12_direction_controls_stay_in_texts_alone"),
    ),
    13: (
        "emoji, combining and astral characters",
        ("ingest/test_html.py", "test_emoji_and_combining_characters_are_kept"),
        ("test_passages.py", "test_passages_keep_their_contract"),
        (REST, "test_row_13_a_long_title_is_cut_between_characters"),
    ),
    14: (
        "NUL and control bytes",
        ("ingest/test_normalising.py", "test_text_of_more_than_one_percent_controls_is_binary"),
        (
            "ingest/test_html.py",
            "test_control_characters_are_dropped_and_many_of_them_reject_the_page",
        ),
    ),
    15: (
        "marks, UTF-16, CRLF, no-break spaces, soft hyphens",
        ("ingest/test_normalising.py", "test_text_is_brought_into_one_form"),
        ("ingest/test_reading_formats.py", "test_formats_are_told_apart_by_content"),
    ),
    16: (
        "cut gzip, wrong sums",
        ("ingest/test_reading_formats.py", "test_damaged_gzip_yields_what_decodes_and_a_reject"),
        ("ingest/test_reading_warc.py", "test_a_cut_gzip_archive_is_read_up_to_the_cut"),
        ("ingest/test_reading_warc.py", "test_a_cut_archive_is_read_up_to_the_cut_and_says_so"),
        ("ingest/test_reading_archives.py", "test_a_member_with_a_wrong_sum_is_reported"),
        (REST, "test_row_16_a_zip_whose_directory_points_before_the_file"),
    ),
    17: (
        "paths that lead out, links, bombs",
        ("ingest/test_reading_archives.py", "test_names_that_lead_out_are_refused"),
        ("ingest/test_reading_archives.py", "test_links_devices_and_pipes_in_tar_are_refused"),
        ("ingest/test_reading_archives.py", "test_bombs_are_refused"),
        ("ingest/test_reading_formats.py", "test_a_gzip_bomb_is_refused"),
    ),
    18: (
        "entities and document types",
        ("ingest/test_reading_newsml.py", "test_entities_are_refused_unread"),
        ("ingest/test_reading_newsml.py", "test_entities_are_refused_in_messages_and_feeds_too"),
        ("ingest/test_reading_newsml.py", "test_nothing_else_is_included"),
        ("ingest/test_html.py", "test_nothing_is_fetched_and_no_entity_is_expanded"),
    ),
    19: (
        "scripts, markup, escapes of terminals",
        ("ingest/test_html.py", "test_markup_of_other_kinds_is_text"),
        ("test_cli.py", "test_search_prints_for_people_without_control_characters"),
        ("web/test_page_highlight.py", "test_markup_in_news_is_text"),
        ("web/test_page_labels.py", "test_only_web_addresses_become_links"),
        ("web/test_page_browser.py", "test_news_stays_text_wherever_it_stands"),
    ),
    20: (
        "formulas",
        (REST, "test_row_20_formulas_are_text_and_no_formula_in_a_spreadsheet"),
    ),
    21: (
        "a query of 100 kB",
        ("test_query.py", "test_too_long_a_query_is_refused"),
        ("web/test_page_address.py", "test_a_long_text_is_cut_and_said_so"),
        ("web/test_page_states.py", "test_a_query_that_is_too_long_is_cut_and_said"),
        (REST, "test_row_21_a_query_of_100_kb_is_refused_with_a_sentence"),
    ),
    22: (
        "(a+)+$ as a query",
        ("test_query.py", "test_what_only_looks_like_an_operator_is_text"),
        ("test_query.py", "test_any_text_is_read_or_refused_with_a_reason"),
        (REST, "test_row_22_a_pattern_and_an_odd_quote_are_searched_as_words"),
    ),
    23: (
        "a sentence of 100,000 words",
        ("test_sentences.py", "test_a_long_text_of_anything_is_read_in_one_pass"),
        ("test_passages.py", "test_a_long_text_of_anything_is_read_in_one_pass"),
    ),
    24: (
        "odd and clashing ids",
        ("ingest/test_identity.py", "test_odd_ids_are_hashed_and_kept"),
        (REST, "test_row_24_two_outlets_may_use_the_same_id"),
        (REST, "test_row_24_the_second_stays_one_when_the_first_is_removed"),
        (REST, "test_row_24_an_outlet_that_changes_its_name_updates_its_articles"),
    ),
    25: (
        "broken lines, numbers that are none, open quotes, odd types",
        ("ingest/test_reading_formats.py", "test_a_bad_line_costs_itself"),
        ("ingest/test_reading_formats.py", "test_an_open_quote_swallows_no_rows"),
        ("ingest/test_reading_formats.py", "test_a_row_over_many_lines_is_flagged"),
        ("ingest/test_reading_parquet.py", "test_columns_of_other_types"),
        ("ingest/test_reading_parquet.py", "test_a_row_that_cannot_be_read_costs_itself"),
        (REST, "test_row_25_half_characters_cost_nothing_else"),
        (REST, "test_row_25_half_characters_do_not_spoil_a_report"),
        (REST, "test_row_25_html_in_a_text_becomes_paragraphs"),
        (REST, "test_row_25_text_about_html_stays"),
        (REST, "test_row_25_values_over_several_lines_are_read_one_after_another"),
    ),
    26: (
        "kills, embargoes, corrections",
        ("test_withdrawals.py", "test_a_kill_removes_the_article"),
        ("test_withdrawals.py", "test_an_embargoed_version_leaves_the_one_before"),
        ("ingest/test_reading_newsml.py", "test_an_embargoed_item_is_held"),
        ("test_withdrawals.py", "test_a_newer_version_replaces_and_an_older_one_does_not"),
    ),
    27: (
        "datelines, captions, credits",
        ("ingest/test_reading_newsml.py", "test_a_news_item_is_read_from_its_places"),
        (
            "ingest/test_reading_newsml.py",
            "test_pictures_stay_out_of_the_text_and_captions_are_kept",
        ),
        ("ingest/test_reading_ninjs.py", "test_associated_pictures_leave_their_captions"),
    ),
    28: (
        "a wrong language",
        ("ingest/test_identity.py", "test_languages_are_detected_when_there_is_enough_to_go_by"),
        (REST, "test_row_28_a_language_that_the_text_contradicts_is_doubted"),
    ),
    29: (
        "tracking parameters, AMP",
        ("ingest/test_identity.py", "test_links_to_the_same_article_have_one_canonical_form"),
        ("ingest/test_html.py", "test_tracking_and_amp_forms_have_one_id_and_keep_their_link"),
    ),
    30: (
        "pipes, devices, circles, odd names, changing files",
        ("ingest/test_finding_files.py", "test_what_is_no_article_is_rejected"),
        ("ingest/test_finding_files.py", "test_links_in_a_circle_are_followed_once"),
        ("ingest/test_finding_files.py", "test_names_of_any_bytes_are_read_and_shown_printable"),
        ("ingest/test_finding_files.py", "test_a_file_that_changes_while_it_is_read_is_reported"),
        (REST, "test_row_30_a_pipe_is_rejected_and_nobody_waits_for_it"),
    ),
    31: (
        "crashes, full disks",
        ("store/test_store_crashes.py", "test_killed_at_random_moments_again_and_again"),
        ("store/test_store_crashes.py", "test_a_crash_between_any_two_steps"),
        (
            "store/test_store_damage.py",
            "test_a_full_disk_and_a_read_only_one_lose_nothing_and_say_so",
        ),
    ),
    32: (
        "a poisoned index",
        ("test_encoder_files.py", "test_pickles_and_code_are_not_shown_to_the_loader"),
        ("test_house.py", "test_nothing_we_read_can_run_code"),
        ("test_index.py", "test_another_model_is_refused"),
        ("store/test_store_damage.py", "test_a_newer_format_is_refused_whatever_its_columns"),
        ("store/test_store_compaction.py", "test_a_flipped_byte_in_the_vectors_is_refused_by_all"),
        ("store/test_store_life.py", "test_vectors_that_are_no_directions_are_refused"),
    ),
}


@cache
def functions_of(file):
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_row_has_tests_and_they_exist():
    assert sorted(ROWS) == list(range(1, 33))
    named = [
        (file, test) for _, *places in ROWS.values() for file, *tests in places for test in tests
    ]
    assert [one for one in named if one[1] not in functions_of(one[0])] == []
    rows = {test for test in functions_of(REST) if test.startswith("test_row")}
    assert rows == {test for file, test in named if file == REST}
