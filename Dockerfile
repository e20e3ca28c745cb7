# The image that configs/cluster/kubernetes.yaml names: the repository after `npm ci` and `npm run setup`, for a user without rights.
#
#   docker build --build-arg COMMIT=$(git rev-parse --short=12 HEAD) --tag iop-fl-workbench:latest .
#   docker run --rm iop-fl-workbench:latest doctor
#   docker run --rm --user "$(id -u):$(id -g)" --env IOPFL_WORK=/shared/work --env IOPFL_RESULTS=/shared/results \
#     --volume "$PWD/shared:/shared" iop-fl-workbench:latest run inside-prostate --profile quick

# What building needs: npm's packages without install scripts, pip for TensorFlow's library, g++ for our operations. Git is for people.
FROM node:22.23.3-bookworm-slim AS tools
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates g++ git python3 python3-pip python3-venv \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /workbench

FROM tools AS build
COPY . .
# Without what only checks and tests need. The download is checked by its SHA-256, and set-up trains a step on what it built.
RUN npm ci --omit=dev && npm run setup -- --no-jupyter

FROM node:22.23.3-bookworm-slim
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="IOP-FL Workbench" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.revision="$COMMIT"
COPY --from=build --chown=1000:1000 /workbench /workbench
WORKDIR /workbench
# The user `node` of the base image, by number: Kubernetes checks `runAsNonRoot` by it.
USER 1000:1000
ENTRYPOINT ["node", "/workbench/lib/cli/iopfl.cjs"]
CMD ["--help"]
