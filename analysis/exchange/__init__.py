"""In and out: the layer table as a file of any format, and figures as HTML."""

from analysis.exchange.formats import FORMATS, Format
from analysis.exchange.identity import rebuild_command
from analysis.exchange.tables import export_table, file_name

__all__ = ["FORMATS", "Format", "export_table", "file_name", "rebuild_command"]
