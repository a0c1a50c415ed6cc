"""Signing off a release: two different people read what was withheld and sign one record of what goes out.

``record.txt`` says by hash what goes out and what was withheld; each person signs it with a key of their own;
nothing but a draft is written until two signatures hold.
"""
