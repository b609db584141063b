from .document_bytes import document_of_bytes as document_of_bytes
from .paragraphs import ReadParagraph as ReadParagraph
from .paragraphs import read_paragraphs as read_paragraphs
from .write_page import WrittenPage as WrittenPage
from .write_page import write_html_page as write_html_page
