from .paragraphs import ReadParagraph as ReadParagraph
from .paragraphs import read_paragraphs as read_paragraphs
