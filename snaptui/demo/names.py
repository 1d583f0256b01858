"""The words that the demo account is made of."""

from typing import Final

REGIONS: Final = ("nyc1", "nyc3", "sfo3", "ams3", "fra1", "sgp1", "lon1", "blr1", "tor1", "syd1")
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
VOLUMES: Final = ("pg-data", "media", "logs", "registry", "backups", "mailstore", "metrics")
TAGS: Final = ("web", "env:prod", "env:staging", "team:infra", "team:data", "nightly", "manual", "before-upgrade")
REASONS: Final = ("before-upgrade", "weekly", "golden", "manual", "pre-migration", "release")

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
