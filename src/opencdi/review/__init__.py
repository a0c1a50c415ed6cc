"""The review room: people judge a drawn sample, blind and two by two; a web application.

One idea an app: ``people`` (who, in which role), ``events`` (what was done, append-only), ``audits`` (the
loaded sample and its material), ``judging`` (blind judgements), ``adjudication`` (what stands where two
differ). ``policy`` says who may do what, ``access`` holds every route to it.
"""
