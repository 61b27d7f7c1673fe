"""Reference networks: the branching networks that MobileNets are compared with, as plain ``torch.nn.Module``s.

They are not made of rows, so they have no closed form and no sliders; fvcore alone counts them. Importing this
package does not import torch; building a network does.
"""

from analysis.networks.reference.registry import REFERENCES, Reference

__all__ = ["REFERENCES", "Reference"]
