"""An audit every night: tables kept in parts by calendar stretch, and only those redone that changed.

A part's rows are a function of what its fingerprint names, whichever parts are made together; so an audit
brought up to date night by night holds the same bytes as one made from nothing.
"""
