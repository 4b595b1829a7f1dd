"""Made-up names and texts. Nobody is meant."""

from __future__ import annotations

from typing import Final

__all__ = [
    "CITIES",
    "COMPANIES",
    "FIRST_NAMES",
    "LAST_NAMES",
    "PRACTICE_AREAS",
    "SENTENCES",
    "STREETS",
    "TASKS",
    "WORDS",
]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


FIRST_NAMES: Final = _words("""
    Adela Aldo Amina Anouk Arlo Basil Beatrix Bruno Cecily Cosmo Dalia Dario Edda Elio Esme Fabian Freya Gideon
    Greta Hal Hedda Idris Ilse Ivo Jonna Jules Kaya Kasper Lena Linus Mabel Mattis Mina Nadia Nils Odette Orson
    Petra Quentin Rafaela Romy Rufus Saskia Silas Tamsin Theo Una Viggo Wanda Xenia Yara Zeno
""")
LAST_NAMES: Final = _words("""
    Abernell Ashgrove Bexwick Birchmoor Calloryn Corbray Dunmarrow Dwellin Eastmark Elverton Fairlock Fenwhistle
    Garrowby Glasswell Hartmoss Hollinbeck Ingrave Islewright Jarrowden Kestermann Kilnbrook Larkwater
    Lindquarry Marrowitz Mossgate Nettlefold Northquay Oakhurstel Orrinsby Pellgrove Plumstone Quillmore
    Ravensholt Redfenn Saltmarsh Silverthorn Tannerly Thistlewood Umberfield Vanterpole Vossbrink Waterlow
    Wexcombe Yarrowby Zellwick
""")
COMPANIES: Final = _words("""
    Bakery Boatyard Brickworks Ceramics Dairy Engines Glassworks Ironmongers Joinery Mill Orchards Quarry
    Railways Ropery Theatre Vineyard Weavers
""")
CITIES: Final = _words("Ashby-on-Marl Brindlemere Caldermouth Duskfield Elmstead Fallowick Greyhaven Millrace")
STREETS: Final = _words("Alder Bell Canal Dyer Ferry Granary Linden Mason Orchard Quay")
PRACTICE_AREAS: Final = _lines("""
    Estates
    Family
    Real Estate
    Employment
    Corporate
    Immigration
    Personal Injury
    Criminal
    Tax
    Intellectual Property
""")
TASKS: Final = _lines("""
    Call the client
    Draft the letter
    File the motion
    Review the contract
    Collect the signatures
    Prepare the exhibits
    Check the deadline
    Answer the other side
    Order the transcript
    Close the file
""")
SENTENCES: Final = _lines("""
    The parties met and agreed on the next steps.
    A copy was sent to the other side.
    Waiting for an answer from the registry.
    The deadline was moved by two weeks.
    Documents are complete.
    The client asked for a second opinion.
    Fees were discussed and accepted.
    Nothing further until the hearing.
""")
WORDS: Final = _words("""
    boundary lease harbour orchard estate licence patent merger custody tenancy easement salvage pension
    franchise inheritance partnership covenant trademark refund permit
""")
