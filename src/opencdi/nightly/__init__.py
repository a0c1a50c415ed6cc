"""An audit every night: tables kept in parts by calendar stretch, and only those redone that changed.

A part's rows are a function of what its fingerprint names, whichever parts are made together; so an audit
brought up to date night by night holds the same bytes as one made from nothing.

The words of the room:

part        the rows of one stretch of days, named by its first day (``parts``)
home        the number of the part that a record belongs to, as SQL has it
print       the fingerprint of all that the rows of a part rest on
page        a file kept to save work, named by its part, its print and its bytes (``pages``)
kept table  a table worked out part by part, a page each (``kept_parts``)
said        what records say, and what is found beside them, as kept tables (``said``, ``events``)
subject     an incident (``i`` and its number), or a crime by itself (``c`` and its number)
digest      a number that differs where what it was made from does, of a row or of all that a subject rests on
list        the subjects of a part with their digests (``lists``)
moved       rows of a kept table that came, went or changed since the last time
asked       subjects whose digest a moved row may reach (``reaching``)
around      the records that the digests of some subjects rest on (``surroundings``)
changed     subjects whose digest is another now, so that their rows are made again (``memory``)
needed      the records that those rows are made from (``needed``)

The steps, in order, and where to begin reading: ``reading`` (exports; ``laying`` for a night's alone),
``linking``, ``rowwise`` (disclose and count), ``comparing`` (findings and the population, by way of
``standing``), ``morning`` (the list); ``country`` for many forces at once. In SQL, tables named ``nightly_*``
are steps of this room that last for one run of one step; a function that makes one says so in its docstring.
"""
