FROM python:3.13-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

# The dependencies change seldom: a layer of their own, in an environment without pip.
COPY requirements/production.txt requirements/build.txt requirements/
RUN python -m venv --without-pip /opt/ecommerce \
 && pip --python /opt/ecommerce/bin/python install --no-deps --require-hashes \
    --only-binary :all: -r requirements/production.txt \
 && pip install --no-deps --require-hashes -r requirements/build.txt

COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY src src
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && pip --python /opt/ecommerce/bin/python install --no-deps --no-index dist/*.whl

FROM python:3.13-slim
RUN groupadd --system --gid 10001 ecommerce \
 && useradd --system --uid 10001 --gid 10001 --no-create-home ecommerce \
 && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/ecommerce /opt/ecommerce
ENV PATH=/opt/ecommerce/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ECOMMERCE_HOST=0.0.0.0 \
    ECOMMERCE_PORT=8000 \
    ECOMMERCE_DATA_DIR=/data \
    ECOMMERCE_LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --start-interval=1s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['ECOMMERCE_PORT'] + '/health/live', timeout=2)"]
ENTRYPOINT ["ecommerce"]
CMD ["serve"]
