"""The query language as examples, for the help and the README."""

from typing import Final

SYNTAX: Final[tuple[tuple[str, str], ...]] = (
    ("web prod", "both words in name, id, regions or tags"),
    ("web or (db and not tag:old)", "and, or, not, parentheses; or in quotes"),
    ('"monday backup"', "text with spaces"),
    ("web-*-db web-[0-9]? {web,db}-*", "a pattern for the whole name or id"),
    ("/^web-[0-9]+/", "a regular expression on the name"),
    ("name:web id:63 source:db-1", "part of name, id, source's id or name"),
    ("source:=63012345 name:=web-1", "exactly this"),
    ("family:web-image", "the name without dates, stamps, UUIDs"),
    ("type:volume state:gone", "or droplet; exists, gone or unknown"),
    ("region:nyc1,nyc3 region:none", "one of these regions; no region"),
    ("tag:prod tag:env:* is:untagged", "a tag, whole; a pattern; no tag"),
    ("size>20GB size<=500MB", "also TB; = to two decimals; size:unknown"),
    ("age>90d age<6mo age:unknown", "h d w mo (30 days) y (365 days)"),
    ("created>=2024-01 month:2024-03", "a year, month, day or time, in UTC"),
    ("cost>1.50 min_disk>=25GB", "US dollars a month; smallest disk"),
    ("nth>3 is:latest is:only", "place among its source's, newest = 1"),
    ("family-nth>3 is:family-latest", "in its family; also is:family-only"),
    ("of>=24 is:same-day growth>3", "its source has 24; newer that day; grew"),
    ("-tag:keep !web", "not"),
    ("is:marked is:orphan is:damaged", "marked; source gone; a damaged row"),
)
