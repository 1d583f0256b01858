"""The colours of the default theme: every text colour is at least 4.5:1 on every background it is drawn on."""

from typing import Final

from textual.theme import Theme

SNAPTUI_DARK: Final = Theme(
    name="snaptui-dark",
    dark=True,
    primary="#5fb8ff",
    secondary="#8fa1b3",
    accent="#5fd7d7",
    foreground="#d8dee6",
    background="#0f1419",
    surface="#0f1419",
    panel="#18202a",
    success="#7fd88f",
    warning="#f5c56b",
    error="#ff8a80",
    text_alpha=1.0,
    variables={
        "dim": "#93a1b0",
        "cursor": "#ffffff",
        "cursor-background": "#274460",
        "border": "#3a4a5c",
    },
)
