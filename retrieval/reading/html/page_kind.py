"""
The kind of a page: a site's page around an article, or a document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from retrieval.reading.html.paragraphs import PageBlock
from retrieval.reading.statute import article_number

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

PageKind = Literal["office", "document", "statute", "site"]
_OFFICE = re.compile(r"libreoffice|openoffice|staroffice|microsoft|^word|^excel|google docs|wps|aspose", re.IGNORECASE)
_GENERATOR = (
    "//meta[contains('|generator|progid|', concat('|', translate(@name, 'GENRATOPID', 'genratopid'), '|'))]/@content"
)
_WORD_BODY = "//body/div[starts-with(@class, 'WordSection') or starts-with(@class, 'Section1')]"
_AROUND = "//nav | //aside | //footer | //*[@role='navigation' or @role='banner' or @role='contentinfo']"
_TEXTS = "//body//text()[not(ancestor::script or ancestor::style)]"
_LINKED = "//body//a[@href and not(starts-with(@href, '#')) and not(starts-with(@href, 'mailto:'))]//text()"
_MAX_LINKED = 0.1  # share of the letters; menus and lists of other articles are links


def page_kind(tree: Any, blocks: Sequence[PageBlock]) -> PageKind:  # noqa: ANN401 - lxml's elements, which have no types
    """
    The kind of a page.

    "office": saved by a word processor. "document": no navigation around it. "statute": a site's page around
    articles that follow one another. "site": any other.
    """
    if any(_OFFICE.search(str(words)) for words in tree.xpath(_GENERATOR)) or tree.xpath(_WORD_BODY):
        return "office"
    if not tree.xpath(_AROUND) and not _is_full_of_links(tree):
        return "document"
    return "statute" if _is_statute(blocks) else "site"


def statute_in(blocks: Sequence[PageBlock], extracted: Collection[str]) -> Sequence[PageBlock]:
    """
    The blocks of the statute in a site's page.

    It reaches as far as the element that holds its articles, and as the texts that trafilatura `extracted`.
    """
    holder = _common_holder([block.element for block in blocks if article_number(block.piece.text)])
    known = {_letters(words) for words in extracted} - {""}
    places = [
        place
        for place, block in enumerate(blocks)
        if _letters(block.piece.text) in known or holder is None or _is_inside(block.element, holder)
    ]
    return blocks[places[0] : places[-1] + 1] if places else blocks


def _is_full_of_links(tree: Any) -> bool:  # noqa: ANN401 - as above
    shown = sum(len(_letters(words)) for words in tree.xpath(_TEXTS))
    return sum(len(_letters(words)) for words in tree.xpath(_LINKED)) > _MAX_LINKED * shown


def _is_statute(blocks: Sequence[PageBlock]) -> bool:
    """Whether an article follows another by number; news may quote two."""
    numbers = {article_number(block.piece.text) for block in blocks}
    return any(number and number + 1 in numbers for number in numbers)


def _common_holder(elements: Sequence[Any]) -> Any:  # noqa: ANN401 - as above
    """The innermost element around all of these."""
    ways = [[*reversed(list(element.iterancestors())), element] for element in elements]
    shared = [steps[0] for steps in zip(*ways, strict=False) if all(step is steps[0] for step in steps)]
    return shared[-1] if shared else None


def _is_inside(element: Any, holder: Any) -> bool:  # noqa: ANN401 - as above
    return element is holder or any(outer is holder for outer in element.iterancestors())


def _letters(words: str) -> str:
    return "".join(words.split())
