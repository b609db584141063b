from .address import AnyAddress as AnyAddress
from .address import IndexAddress as IndexAddress
from .contract import Index as Index
from .contract import Place as Place
from .manifest import BuildOrigin as BuildOrigin
from .manifest import Manifest as Manifest
from .opening import open_place as open_place
from .records.document_record import DocumentRecord as DocumentRecord
