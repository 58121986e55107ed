"""Den Gode Webservice: ID cards, their signatures, who is trusted, and the test STS. Only here is cryptography imported."""
