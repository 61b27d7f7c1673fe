"""Networks as files of data: YAML or TOML, one schema.

Imports nothing, for the catalogue is read by it: ask :mod:`~analysis.networks.files.read`,
:mod:`~analysis.networks.files.write`, :mod:`~analysis.networks.files.grid` or
:mod:`~analysis.networks.files.schema`.
"""
