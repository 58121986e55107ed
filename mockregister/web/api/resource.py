"""What every resource of the JSON API has in common.

- A list takes query parameters, rejects unknown ones, and answers page by page.
- A single resource takes no parameters; it has an ETag, and a request with If-None-Match may be answered with 304.
- Answers are compressed if the caller allows it; a caller that accepts none of the offered media types gets 406.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn, TypeVar

import flask_smorest
from flask import Request, Response, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import NotAcceptable

from mockregister.web import body
from mockregister.web.api.paging import LINK, page_schema, paged, query_schema
from mockregister.web.wrong_fields import refusal

PREFIX = "/api/v1"
JSON, XML = "application/json", "application/xml"
LOCATION = {"Location": {"description": "The address of the new submission.", "schema": {"type": "string"}}}
ETAG = {"ETag": {"description": "Changes when the resource does.", "schema": {"type": "string"}}}
View = TypeVar("View", bound=Callable[..., Any])


class Parser(FlaskParser):
    """Reads query parameters; unknown and repeated ones are rejected, not ignored."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {}  # noqa: RUF012 (an instance variable to webargs)

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Return the query parameters. Raise InvalidRequest for repeated ones."""
        repeated = {name: ["Give this parameter only once."] for name, values in req.args.lists() if len(values) > 1}
        if repeated:
            raise refusal(repeated)
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Raise InvalidRequest, which names every wrong parameter."""
        raise refusal(next(iter(error.messages_dict.values())))


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """The views of one resource, under its name."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, description: str, *offered: str) -> None:
        super().__init__(name, __name__, url_prefix=f"{PREFIX}/{name}", description=description)
        self.before_request(lambda: accept(*(offered or (JSON,))))
        self.after_request(conclude)

    def register_views_in_doc(self, api: Any, *more: Any, **named: Any) -> None:
        """Describe the views later; flask-smorest calls this when the blueprint is registered."""
        describe = super().register_views_in_doc
        api.describe_later(lambda: describe(api, *more, **named))

    def listing(self, item: type[Schema], *parameters: str, **own: Any) -> Callable[[View], View]:
        """Make a view the list of the resource; the view takes the query parameters by name and returns an iterator.

        ``parameters`` are names of the usual query parameters; ``own`` are fields for parameters that only this list has.
        """
        query = query_schema(self.name, parameters, own)

        def decorate(view: View) -> View:
            @wraps(view)
            def answer(values: dict[str, Any]) -> Any:
                number, size = values.pop("page"), values.pop("page_size")
                page = paged(view(**values), number, size)
                return page, {"Link": page.links()}

            documented = self.response(200, page_schema(item), headers=LINK)(answer)
            self.route("")(self.arguments(query, location="query")(documented))
            return view

        return decorate

    def single(
        self,
        rule: str,
        schema: type[Schema],
        description: str,
        other: Mapping[str, Any] | None = None,
        query: type[Schema] | None = None,
    ) -> Callable[[View], View]:
        """Make a view of the resource at ``/<rule>``; ``description`` describes the path parameter.

        ``other`` are the schemas of other media types that the view may answer with; ``query`` is the schema of the query
        parameters, which the view takes first.
        """
        name = rule.rpartition(":")[2].rstrip(">") if ":" in rule else rule.strip("<>")
        parameters = [{"in": "path", "name": name, "description": description}, "IF_NONE_MATCH"]

        def decorate(view: View) -> View:
            @wraps(view)
            def answer(*values: Any, **path: Any) -> Any:
                if request.args and query is None:
                    raise refusal({each: ["Unknown field."] for each in request.args})
                return view(*values, **path)

            documented = self.response(200, schema, headers=ETAG)(answer)
            for kind, content in (other or {}).items():
                documented = self.alt_response(200, schema=content, content_type=kind)(documented)
            documented = self.alt_response(304, description="The resource has not changed.")(documented)
            if query is not None:
                documented = self.arguments(query, location="query")(documented)
            self.route(f"/{rule}", parameters=parameters)(documented)
            return view

        return decorate

    def asking(self, query: type[Schema], answer: type[Schema], bodies: Mapping[str, Any]) -> Callable[[View], View]:
        """Let a view answer POST without storing anything; ``bodies`` are the schemas of the possible bodies, by media type."""
        content = {kind: {"schema": schema} for kind, schema in bodies.items()}

        def decorate(view: View) -> View:
            documented = self.doc(requestBody={"required": True, "content": content})(self.response(200, answer)(view))
            self.route("", methods=["POST"])(self.arguments(query, location="query")(documented))
            return view

        return decorate

    def posting(self, query: type[Schema], answer: type[Schema], bodies: Mapping[str, Any]) -> Callable[[View], View]:
        """Let a view answer POST; ``bodies`` are the schemas of the possible bodies, by media type.

        The view answers 201 if it stored something, else 200.
        """
        content = {kind: {"schema": schema} for kind, schema in bodies.items()}

        def decorate(view: View) -> View:
            documented = self.response(201, answer, headers=LOCATION)(view)
            documented = self.alt_response(200, schema=answer, success=True)(documented)
            documented = self.doc(requestBody={"required": True, "content": content})(documented)
            self.route("", methods=["POST"])(self.arguments(query, location="query")(documented))
            return view

        return decorate


def accept(*offered: str) -> None:
    """Raise NotAcceptable if the caller accepts none of the offered media types."""
    if request.accept_mimetypes and request.accept_mimetypes.best_match(offered) is None:
        raise NotAcceptable(f"This is offered as {' or '.join(offered)} only.")


def conclude(response: Response) -> Response:
    """Add an ETag to a successful answer to GET, and leave out the body if the caller has it already. Compress the body."""
    response.vary.add("Accept")
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        response.add_etag(weak=True)
        response.make_conditional(request)
    return body.compress(response)
