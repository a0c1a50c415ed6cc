"""What the public sees: a release of audits as pages, tables, charts and sentences.

Everything rendered is a pure function of a `Release`; the order is read, check,
disclosure control, render.
"""
