"""What stands: agreement of two judgements, or an adjudicator's decision with its reason."""
