"""Plain English that is true: from rates and counts to sentences that cannot say more than their numbers.

Every phrase for a number is a ``Claim``, which carries the values it is true of; a sentence is built from
claims, so that a test can hold each one against the figure behind it.
"""
