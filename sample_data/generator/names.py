"""The words that the sample is written in."""

from random import Random


def words(text: str, mark: str = " ") -> list[str]:
    """The parts of a text."""
    return text.split(mark)


FIRST = words(
    "Adler Alster Amber Anker Arbor Astra Aurora Balt Bergo Birch Blau Brück Cedar Citra Corvus "
    "Delta Drei Eider Elbe Falk Fjord Forsa Gamma Grün Hansa Harbor Havel Helio Inno Iris Isar "
    "Jade Juno Kite Koral Krone Lahn Linde Lumen Luna Main Merkur Mosel Nord Nova Oder Onyx Orbit "
    "Pico Quint Rhein Ruby Saale Sigma Spree Stella Terra Ural Vega Wald Weser Xeno Zenit"
)
SECOND = words(
    "Logistik Foods Health Energie Medien Software Bank Retail Studio Werke Textil Mobility "
    "Pharma Travel Bau Systems Labs Chemie Versicherung Handel Solar Print Motors Optik"
)
INDUSTRY = words(
    "logistics food health energy media software finance retail media manufacturing retail "
    "logistics health travel construction software software manufacturing finance retail energy "
    "media manufacturing health"
)
REGIONS = ("DACH", "Benelux", "Nordics", "UK & Ireland", "North America")
REGION_WEIGHTS = (42, 14, 12, 13, 19)
ENDINGS = {
    "DACH": (" GmbH", "de"),
    "Benelux": (" B.V.", "nl"),
    "Nordics": (" AB", "se"),
    "UK & Ireland": (" Ltd", "co.uk"),
    "North America": (", Inc.", "com"),
}
PEOPLE = words(
    "Lena Hartmann,Jonas Weber,Mia Schulz,Paul Becker,Emma Koch,Luis Vogel,Sofia Lang,"
    "Noah Brandt,Clara Simon,Finn Jansen,Ida Lorenz,Max Krüger,Anouk de Vries,Erik Lindqvist,"
    "Grace O'Neill,Tom Baker,Olivia Reyes,Ben Carter,Nora Haas,Ali Yilmaz",
    ",",
)
REPS = ("Mara Voss", "Tim Adler", "Julia Roth", "Sam Okafor", "Petra Klein", "Henrik Dahl")
CSMS = ("Anna Berg", "Chris Novak", "Deniz Kaya", "Eva Lund")
CAMPAIGNS = {
    "website": ("seo_guides", "benchmark_report", None),
    "paid_search": ("search_brand", "search_reporting"),
    "webinar": ("webinar_series",),
    "event": ("spring_fair", "autumn_fair"),
    "outbound": ("outbound_dach", "outbound_us"),
    "partner": ("partner_program",),
    "referral": (None,),
}
COMMENTS = (
    "Fast and reliable",
    "Exports are slow, dashboards are great",
    'We call it "the cockpit"',
    "Preis/Leistung passt, Übersicht könnte besser sein",
    "More integrations, please; fewer clicks",
    "=better than our spreadsheets",
    "Love the <b>alerts</b> & weekly mail",
    "Support answered within the hour",
)


def companies() -> list[tuple[str, str]]:
    """Names without an ending, each with its industry, in an order of their own."""
    pairs = [
        (f"{first} {second}", industry)
        for first in FIRST
        for second, industry in zip(SECOND, INDUSTRY, strict=True)
    ]
    Random("companies").shuffle(pairs)
    return pairs


def domain(name: str, region: str) -> str:
    """A company's mail domain."""
    stem = name.lower().replace(" ", "-").replace("ü", "ue")
    return f"{stem}.{ENDINGS[region][1]}"
