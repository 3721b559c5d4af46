"""A help page on a terminal: paragraphs are joined and wrapped, tables are aligned, code can be pasted."""

import pytest

from bulk_orders.cli.commands.help_pages import pages
from bulk_orders.cli.page_layout import page_lines
from bulk_orders.cli.wrapping import longest_piece

PAGE = """# Settings: a page

The first line of a paragraph, which is
joined with its second.

```toml
oauth2_url = "https://auth.marketplace.example/realms/reseller/protocol/openid-connect"
```

1. the first item
   goes on here;
2. the second.

| Name | Means |
|---|---|
| `po=20` | longer PO numbers are silently cut off, or refused |
"""


def test_a_page_is_laid_out_for_its_terminal() -> None:
    assert list(page_lines(PAGE, 44)) == [
        "# Settings: a page",
        "",
        "The first line of a paragraph, which is",
        "joined with its second.",
        "",
        'oauth2_url = "https://auth.marketplace.example/realms/reseller/protocol/openid-connect"',
        "",
        "1. the first item goes on here;",
        "2. the second.",
        "",
        "Name      Means",
        "-------   ----------------------------------",
        "`po=20`   longer PO numbers are silently cut",
        "          off, or refused",
    ]
    assert "The first line of a paragraph, which is joined with its second." in page_lines(PAGE, 80)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_page_loses_a_word_and_no_text_is_too_wide(width: int) -> None:
    for page in pages():
        text = page.read_text(encoding="utf-8")
        code = {line for block in text.split("```")[1::2] for line in block.splitlines()}
        lines = list(page_lines(text, width))
        assert not any(line.startswith("|") for line in lines), page.name
        for line in lines:
            assert len(line) <= width or line in code or _is_one_piece(line, width), (page.name, line)
        said = " ".join(lines)
        words = " ".join(line for line in text.splitlines() if not line.startswith("<!--")).split()
        assert all(word in said for word in words if word.isalpha()), page.name


def _is_one_piece(line: str, width: int) -> bool:
    """Tell whether a line has a piece that leaves no room, or stands beside another long one in a table."""
    return longest_piece(line) > width // 3
