"""The service category and subcategory of FOCUS 1.2 for what a bill of inference holds."""

import polars as pl

_LEARNING = ("AI and Machine Learning", "Machine Learning")
_GENERATIVE = ("AI and Machine Learning", "Generative AI")
_OTHER = ("Other", "Other (Other)")

# A word in the service's name, else in its code: the first that is found counts. Names come first, for FOCUS wants one
# category per name, and Marketplace's codes are opaque.
_WORDS = {
    "bedrock": _GENERATIVE,
    "sagemaker": _LEARNING,
    "machine learning": _LEARNING,
    "machinelearning": _LEARNING,
    "savings plan": ("Compute", "Virtual Machines"),
    "savingsplan": ("Compute", "Virtual Machines"),
    "ec2": ("Compute", "Virtual Machines"),
    "elastic compute cloud": ("Compute", "Virtual Machines"),
    "amazons3": ("Storage", "Object Storage"),
    "simple storage service": ("Storage", "Object Storage"),
    "amazonsns": ("Integration", "Messaging"),
    "simple notification service": ("Integration", "Messaging"),
}


def category() -> pl.Expr:
    """Returns ServiceCategory."""
    return _look_up(0)


def subcategory() -> pl.Expr:
    """Returns ServiceSubcategory, whose parent is `category`."""
    return _look_up(1)


def _look_up(place: int) -> pl.Expr:
    found = [
        pl.when(column.str.to_lowercase().str.contains(word, literal=True)).then(pl.lit(names[place]))
        for column in (pl.col("service_name"), pl.col("service_code"))
        for word, names in _WORDS.items()
    ]
    return pl.coalesce(*found, pl.lit(_OTHER[place]))
