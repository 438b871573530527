# The image of every Airflow service: Python, our lock, our code. Build: docker compose build
ARG PYTHON_IMAGE=python:3.11.7-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
# Empty: pip's own default. On an intranet: docker compose build --build-arg PIP_INDEX_URL=…
ARG PIP_INDEX_URL=
COPY requirements.lock /build/requirements.lock
RUN if [ -n "$PIP_INDEX_URL" ]; then export PIP_INDEX_URL; else unset PIP_INDEX_URL; fi \
    && python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps \
        --requirement /build/requirements.lock

FROM ${PYTHON_IMAGE}
RUN useradd --uid 50000 --gid 0 --create-home --home-dir /home/airflow airflow
COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/minsheng
COPY etl/ etl/
COPY expectations/ expectations/
COPY sql/ sql/
COPY plans/ plans/
COPY dags/ dags/
RUN mkdir -p /opt/airflow/logs /var/lib/minsheng/home /var/lib/minsheng/inbox \
    && chown -R airflow:0 /opt/airflow /var/lib/minsheng
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/minsheng/etl \
    PYTHONDONTWRITEBYTECODE=1 \
    AIRFLOW_HOME=/opt/airflow
USER airflow
CMD ["airflow", "version"]
