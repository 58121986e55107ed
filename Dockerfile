# syntax=docker/dockerfile:1
# Two stages: the first may have compilers and builds the wheels; the image that runs has no compiler and does not run as root.
# The base image has an exact version, and lock/run.txt the exact packages, so the same commit gives the same image.
ARG PYTHON=python:3.11.14-slim-trixie
FROM $PYTHON AS build
WORKDIR /src
COPY lock ./lock
RUN python -m venv /opt/mockregister && /opt/mockregister/bin/pip install --no-cache-dir --disable-pip-version-check -r lock/run.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY mockregister ./mockregister
COPY seed_data ./seed_data
RUN /opt/mockregister/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM $PYTHON
RUN useradd --create-home --uid 10001 mockregister && mkdir /data && chown mockregister /data
COPY --from=build /opt/mockregister /opt/mockregister
USER mockregister
ENV PATH=/opt/mockregister/bin:$PATH \
    MOCKREGISTER_HOST=0.0.0.0 \
    MOCKREGISTER_PORT=8080 \
    MOCKREGISTER_STORE=tinydb:/data \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
VOLUME /data
# 8080 is HTTP or HTTPS; 2222 is sFTP, if --sftp-port 2222 is set.
EXPOSE 8080 2222
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --start-interval=1s CMD ["mockregister", "healthcheck"]
ENTRYPOINT ["mockregister"]
CMD ["serve"]
