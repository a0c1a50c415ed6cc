"""The organisation's own sign-in, by OpenID Connect, held to more than django-allauth's stock provider."""
