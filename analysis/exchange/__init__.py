"""In and out: the layer table as a file of any format, and figures as HTML."""
