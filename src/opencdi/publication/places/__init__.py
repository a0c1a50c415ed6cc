"""The 43 territorial forces of England and Wales and their statistical codes.

The codes are the Office for National Statistics' own for police force areas, entities E23 (England) and
W15 (Wales) of the Register of Geographic Codes; see ``SOURCE``.
"""

from opencdi.publication.places.forces import SOURCE, PoliceForce, force, forces

__all__ = ["SOURCE", "PoliceForce", "force", "forces"]
