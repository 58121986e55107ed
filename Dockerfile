# syntax=docker/dockerfile:1
# Two stages: wheels are built where compilers may be, the image that runs has neither compiler nor root.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md ./
COPY mockregister ./mockregister
COPY seed_data ./seed_data
RUN python -m venv /opt/mockregister && /opt/mockregister/bin/pip install --no-cache-dir --disable-pip-version-check .

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 mockregister && mkdir /data && chown mockregister /data
COPY --from=build /opt/mockregister /opt/mockregister
USER mockregister
ENV PATH=/opt/mockregister/bin:$PATH \
    MOCKREGISTER_HOST=0.0.0.0 \
    MOCKREGISTER_PORT=8080 \
    MOCKREGISTER_STORE=tinydb:/data \
    PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --start-interval=1s CMD ["mockregister", "healthcheck"]
ENTRYPOINT ["mockregister"]
CMD ["serve"]
