# Stage `train`: the pinned packages and dsf; runs the chain of the project found at /project.
#
#   docker build --target train -t dsf-train .
#   docker run --rm -v "$PWD/my-project:/project" dsf-train
#   docker run --rm -v "$PWD/my-project:/project" dsf-train run --set model_config.learning_rate=0.01
#
# The mounted folder must be writable for user 1000, or name yours: `docker run --user "$(id -u)"`.
FROM python:3.11-slim AS train

# Whatever pip reads from the environment can be given, e.g. the index that offers CPU builds of
# torch: --build-arg PIP_EXTRA_INDEX_URL=…
ARG PIP_EXTRA_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONUNBUFFERED=1 \
    MPLBACKEND=Agg \
    MPLCONFIGDIR=/tmp/matplotlib \
    DO_NOT_TRACK=true \
    MLFLOW_DISABLE_TELEMETRY=true

WORKDIR /opt/dsf
# The packages first: they change seldom, so that this layer stays in the cache.
COPY requirements_docker.txt ./
RUN pip install -r requirements_docker.txt
COPY setup.py pyproject.toml README.md ./
COPY dsf ./dsf
COPY templates ./templates
RUN pip install --no-deps --no-build-isolation . && dsf-cli --version

RUN useradd --create-home --uid 1000 dsf && mkdir /project && chown dsf:dsf /project
USER dsf
WORKDIR /project
ENTRYPOINT ["dsf-cli"]
CMD ["run"]
