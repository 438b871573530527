# The image of every service of ours: Python, the lock for servers, our code. Build: docker compose build
ARG PYTHON_IMAGE=python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${PYTHON_IMAGE} AS packages
# Empty: pip's own default. On an intranet: docker compose build --build-arg PIP_INDEX_URL=…
ARG PIP_INDEX_URL=
# Empty: no client for Spark. As the cluster's own version: docker compose build --build-arg SPARK_CLIENT=4.1.3 (docs/adr/0058)
ARG SPARK_CLIENT=
COPY requirements-deploy.lock /build/requirements-deploy.lock
RUN if [ -n "$PIP_INDEX_URL" ]; then export PIP_INDEX_URL; else unset PIP_INDEX_URL; fi \
    && python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps \
        --requirement /build/requirements-deploy.lock \
    && if [ -n "$SPARK_CLIENT" ]; then \
        /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check "pyspark-client==$SPARK_CLIENT"; fi

FROM ${PYTHON_IMAGE}
# pg_dump of the server's version, for backups of Airflow's metadata.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 50000 --gid 0 --create-home --home-dir /home/airflow airflow
COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/minsheng
COPY etl/ etl/
COPY expectations/ expectations/
COPY sql/ sql/
COPY plans/ plans/
COPY dags/ dags/
COPY plugins/ plugins/
COPY deploy/webserver_config.py deploy/webserver_config.py
# Airflow shows it beside each DAG.
COPY docs/runbook.md docs/runbook.md
# Airflow writes a configuration file where there is none, and its root cannot be written to.
RUN mkdir -p /opt/airflow/logs /var/lib/minsheng/home /var/lib/minsheng/inbox /var/lib/minsheng/backups \
    && touch /opt/airflow/airflow.cfg \
    && chown -R airflow:0 /opt/airflow /var/lib/minsheng
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/minsheng/etl \
    PYTHONDONTWRITEBYTECODE=1 \
    TMPDIR=/run/scratch \
    AIRFLOW_HOME=/opt/airflow
USER airflow
CMD ["airflow", "version"]
