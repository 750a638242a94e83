"""A German archive, so that what is English on its page was said by the page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from search.types import Article

NINE = datetime(2022, 3, 4, 9, 0, tzinfo=UTC)

MAUER = Article(
    id="mauer",
    title="Hafenmauer von Westernis gibt nach",
    text="\n\n".join(
        [
            "Die Hafenmauer von Westernis hat am Freitag vor Sonnenaufgang nachgegeben. Zwei Boote "
            "sanken an ihren Liegeplätzen, während die Mannschaft zu Hause schlief.",
            "Taucher suchten das Becken den ganzen Tag lang ab. Der Rat hatte die Sanierung der "
            "Mauer drei Jahre lang verschoben, wie aus Protokollen seiner Sitzungen hervorgeht.",
            "„Uns wurde gesagt, dass sie hält“, sagte Ida Brandt, die seit ihrer Kindheit Fisch am "
            "Kai verkauft. Kommende Woche prüfen Fachleute die Fundamente.",
        ]
    ),
    source="Küstenbote",
    authors=("Ida Brandt",),
    section="Lokales",
    published=NINE,
    published_precision="second",
    url="https://bote.example/mauer",
    language="de",
)
FRUEHER = replace(MAUER, title="Mauer bricht", text=MAUER.text.replace("Zwei Boote", "Ein Boot"))
KOPIEN = [
    replace(
        MAUER,
        id=f"mauer-{name.casefold()}",
        source=f"{name} Zeitung",
        title=f"Zwei Boote sinken, meldet {name}",
        published=NINE + timedelta(hours=hours),
        url=f"https://{name.casefold()}.example/mauer",
    )
    for name, hours in (("Norder", 3), ("Süder", 30))
]
DAVOR = replace(
    MAUER,
    id="davor",
    title="Rat verschiebt Sanierung der Hafenmauer",
    text="Der Rat von Westernis hat die Sanierung der Hafenmauer zum dritten Mal verschoben. Die "
    "Mauer am Hafen werde halten, sagte die Bürgermeisterin, und die Boote seien sicher.",
    source="Norder Zeitung",
    published=NINE - timedelta(days=3),
    url="https://norder.example/davor",
)
SITZUNGEN = [
    Article(
        id=f"sitzung-{n}",
        title=f"{n + 1}. Sitzung des Hafenrats",
        text=f"Der Rat kam zu seiner {n + 1}. Sitzung über den Hafen zusammen. Es ging um Mauern.",
        source="Küstenbote" if n % 2 else "Norder Zeitung",
        section="Politik",
        published=NINE.date() - timedelta(days=20 * n),
        published_precision="day",
        language="de",
    )
    for n in range(12)
]
UNDATIERT = Article(
    id="undatiert",
    title="Fahrplan der Fähre",
    text="Die Fähre verlässt den Hafen zweimal am Tag. Seit wann, weiß niemand mehr.",
    source="Küstenbote",
    language="de",
)
ARTIKEL = [FRUEHER, MAUER, *KOPIEN, DAVOR, *SITZUNGEN, UNDATIERT]
