"""A first mapping profile, proposed from an export's headings and contents."""

from opencdi.records.guessing.proposal import Proposal, propose

__all__ = ["Proposal", "propose"]
