"""The words by which a scenario names the categories of disputes."""

from __future__ import annotations

from typing import Literal, get_args

CategoryName = Literal[
    "neighbour", "marriage_family", "property_management", "wages_labour", "consumer", "medical", "road_traffic",
    "land_housing", "lending", "damages", "inheritance_elder_care", "school", "environment", "collective_economic",
    "public_order",
]  # fmt: skip
CATEGORY_NAMES = get_args(CategoryName)
