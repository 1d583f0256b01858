"""Words for the demo account: regions, servers and other names."""

from typing import Final

REGIONS: Final = ("nyc1", "nyc3", "sfo3", "ams3", "fra1", "sgp1", "lon1", "blr1", "tor1", "syd1")
REGION_NAMES: Final = {
    "nyc1": "New York 1",
    "nyc3": "New York 3",
    "sfo3": "San Francisco 3",
    "ams3": "Amsterdam 3",
    "fra1": "Frankfurt 1",
    "sgp1": "Singapore 1",
    "lon1": "London 1",
    "blr1": "Bangalore 1",
    "tor1": "Toronto 1",
    "syd1": "Sydney 1",
}
SERVERS: Final = (
    "web",
    "api",
    "worker",
    "db-primary",
    "db-replica",
    "redis",
    "mail",
    "ci-runner",
    "bastion",
    "grafana",
)
UNSAVED_SERVERS: Final = ("web-7", "web-8", "mail-4")
UNSAVED_VOLUMES: Final = ("staging-scratch", "ci-cache")
"""Droplets and volumes of which there is no snapshot."""
VOLUMES: Final = ("pg-data", "media", "logs", "registry", "backups", "mailstore", "metrics")
TAGS: Final = ("web", "env:prod", "env:staging", "team:infra", "team:data", "nightly", "manual", "before-upgrade")
REASONS: Final = ("before-upgrade", "weekly", "golden", "manual", "pre-migration", "release")
PACKER_IMAGES: Final = (("web-image", 12), ("worker-image", 6))
"""Families of images that a builder makes, which is gone afterwards: their names before the stamp, and how many."""

DEAREST: Final = (
    # name, resource type, GB, age in days, whether the source is gone, tags
    ("mailstore-archive-before-migration", "volume", 287.42, 812, True, ("team:infra",)),
    ("shop-legacy-shutdown", "droplet", 238.36, 2_011, True, ("web",)),
    ("pg-data-before-postgres-16", "volume", 214.85, 143, False, ("env:prod",)),
    ("media-full-{date}", "volume", 196.31, 264, False, ("env:prod",)),
    ("db-primary-1-before-upgrade", "droplet", 181.70, 58, False, ("env:prod", "before-upgrade")),
    ("analytics-warehouse-final", "volume", 171.94, 1_204, True, ()),
    ("registry-before-cleanup", "volume", 148.27, 391, False, ("team:infra", "manual")),
    ("metrics-two-years", "volume", 104.58, 517, False, ("team:infra", "keep")),
)
"""The dearest snapshots, which head a list that is ordered by cost."""

HOSTILE: Final = (
    "[/] closing nothing",
    "[@click=app.quit]click me[/] [bold red]now",
    "\x1b]52;c;cm0gLXJmIC8=\x07clipboard",
    "\x1b[2J\x1b[31mred \x9b1mbold",
    "invoice-\u202egnp.exe",
    "two\nlines\tand a tab",
    "long-" + "x" * 280 + "-the-end-that-matters",
    "備份-資料庫-二〇二四年",
    "family-👩‍👩‍👧‍👦-photos",
    "cafe\u0301-" + "e" + "\u0301" * 12,
    '=HYPERLINK("http://example.invalid")',
    "$(date)",
)
LOOKALIKES: Final = (("pg-prod-2024", "pg-pr0d-2024"), ("web-01-final", "web-Ol-final"))
