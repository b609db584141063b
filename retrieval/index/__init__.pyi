from .generations.generation import BuildOrigin as BuildOrigin
from .generations.generation import Manifest as Manifest
from .generations.generation import build_origin as build_origin
from .generations.generation import live_folder as live_folder
from .generations.generation import read_manifest as read_manifest
from .storage.store import DocumentRecord as DocumentRecord
from .storage.store import Store as Store
from .storage.store import open_store as open_store
