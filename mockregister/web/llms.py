"""``/llms.txt``: what this server is and where to read on, in the form for assistants (llmstxt.org)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from mockregister.web.api.resource import PREFIX

blueprint = Blueprint("llms", __name__)

TEXT = """# mockregister

> A stand-in for the Danish National Patient Register (Landspatientregisteret, LPR3), for testing only. It takes HL7 CDA
> documents over the same SOAP/MTOM services (ITI-41), checks them on the same four levels, answers with the same errors, and
> stores them.

Never send a real person's data. Findings of levels XSD, SCHEMATRON, INTEGRITY_CHECK and BUSINESS_RULE come with an explanation
(the values that decided, their lines, what to do) where `explain=en` or `explain=da` is asked for. `mockregister mcp --url {url}`
offers the same as tools over the Model Context Protocol.

## Ask it

- [Validate a document]({api}/submissions?service=validate&explain=en): POST the CDA as application/xml; nothing is stored
- [Mend a document]({api}/mendings): POST the CDA; clear errors are mended; the answer has the difference and what is left
- [Submit a document]({api}/submissions?service=save-if-no-errors&explain=en): POST the CDA; stored if no level finds an error
- [Reset the register]({url}/__admin/reset): POST; it holds again what it held at the start

## Read

- [OpenAPI document]({api}/openapi.json): every resource, parameter and field
- [Business rules]({api}/rules): what a rule looks at and when it is violated; one at /rules/05.53
- [Integrity codes]({api}/integrity-codes): when the register answers with each, and what to do
- [Templates]({api}/templates): what the document profile declares
- [SKS codes]({api}/codes?list=diag): codes, terms, validity and code lists
- [What is stored]({api}/episodes-of-care): also encounters, conditions, procedures, results, documents, document-sets
- [What was sent]({url}/__admin/requests): the journal of exchanges

## SOAP

- [WSDL]({url}/cda-ws/DocumentRepository_Service/PatientHealthcareReportingService?wsdl): the service that stores

## Optional

- [The page for people]({url}/)
"""


@blueprint.get("/llms.txt")
def llms() -> Response:
    """Return the description of the server for assistants, with the addresses of the register in the request."""
    url = request.host_url.rstrip("/") + request.script_root
    return Response(TEXT.format(url=url, api=f"{url}{PREFIX}"), content_type="text/plain; charset=utf-8")
