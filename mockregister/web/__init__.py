"""HTTP in and out: the SOAP services, health, and what turns an exception into an answer. Only here is Flask imported."""
