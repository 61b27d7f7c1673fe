"""Reference networks: those that MobileNets are compared with or are a part of, as plain ``torch.nn.Module``s.

They are not made of rows, so they have no closed form and no sliders; fvcore alone counts them. Importing this
package does not import torch; building a network does.
"""

from analysis.networks.reference.designs import TASK_DESIGNS, TaskDesign
from analysis.networks.reference.reference import Reference
from analysis.networks.reference.registry import REFERENCES

__all__ = ["REFERENCES", "TASK_DESIGNS", "Reference", "TaskDesign"]
