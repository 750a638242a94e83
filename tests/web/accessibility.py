"""What axe-core finds on a page in a browser."""

from axe_playwright_python.sync_playwright import Axe

BUT_FOR_THE_BRUSH = {"exclude": [[".st-key-timeline [class*=brush_]"]]}
"""Vega draws it, without a name; the chart as a whole has one, and the sidebar has the dates."""


def serious_faults(page):
    """Each serious or critical fault with the elements that have it."""
    violations = Axe().run(page, context=BUT_FOR_THE_BRUSH).response["violations"]
    return [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]
