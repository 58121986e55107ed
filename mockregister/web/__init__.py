"""HTTP in and out: SOAP services, JSON API, XDS, controls, pages and health. Only this folder and ``app.py`` import Flask."""
