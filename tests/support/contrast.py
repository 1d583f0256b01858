"""Contrast of two colours as WCAG defines it: from 1 to 21."""

from textual.color import Color


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    """Return the relative luminance."""
    channels = (channel / 255 for channel in colour.rgb)
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
