"""HTTP in and out: the SOAP services, health, and the answers to exceptions. Only this folder imports Flask."""
