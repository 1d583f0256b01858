"""Listings as Markdown: what comes from outside stays text."""

from msgspec.structs import replace

from snaptui.report.fields import Facts, fields_named
from snaptui.report.formats import pieces
from tests.unit.audit.rows import row


def test_a_name_is_text_in_markdown_whatever_it_is() -> None:
    hostile = replace(row("1"), name="![x](http://e/t.png) *b* &lt;i> a|b", tags=("`c`",))
    text = "".join(pieces("markdown", (hostile,), fields_named("name,size,tags"), Facts(0.0)))
    assert text.splitlines() == [
        "| NAME | SIZE | TAGS |",
        "| --- | ---: | --- |",
        r"| !\[x\](http://e/t.png) \*b\* &amp;lt;i> a\|b | 10.00 GB | \`c\` |",
    ]
