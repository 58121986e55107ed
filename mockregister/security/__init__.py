"""Den Gode Webservice: ID cards, their signatures, trust, and the test STS. Only this folder imports cryptography."""
