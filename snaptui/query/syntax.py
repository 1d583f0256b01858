"""The query language as examples, for the help and the README."""

from typing import Final

SYNTAX: Final[tuple[tuple[str, str], ...]] = (
    ("web prod", "both words in name, id, regions or tags"),
    ('"monday backup"', "text with spaces"),
    ("web-*-db", "* any text, ? one character: the whole name"),
    ("/^web-[0-9]+/", "a regular expression on the name"),
    ("name:web id:63 source:db-1", "part of the name, the id, the source's id or name"),
    ("type:volume", "droplet or volume"),
    ("region:nyc1,nyc3 region:n*", "one of these regions; a pattern"),
    ("tag:prod tag:env:*", "a tag, whole; a pattern"),
    ("name:=web-1", "exactly this"),
    ("size>20GB size<=500MB", "also TB; = means equal to two decimals"),
    ("age>90d age<6mo", "h d w mo (30 days) y (365 days)"),
    ("created>=2024-01", "a year, month, day or time, in UTC"),
    ("cost>1.50 min_disk>=25GB", "US dollars a month; smallest disk"),
    ("-tag:keep !web", "not"),
    ("is:marked is:latest", "also is:orphan is:damaged"),
)
