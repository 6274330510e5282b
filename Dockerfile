# syntax=docker/dockerfile:1
# One image for every process of this repository: the first argument says which (deploy/image/run.mjs lists them). docs/containers.md explains it.

# Debian with glibc: Temporal's native core has no build for musl. Node as pinned in package.json.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY tools tools
COPY src src
COPY sandbox sandbox
RUN npm run build

# Left out: what only building needs, and what npm brings for machines without this Node (optional). Temporal's core comes for five platforms.
FROM base AS dependencies
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional \
 && rm -rf node_modules/@temporalio/core-bridge/releases/*-apple-darwin node_modules/@temporalio/core-bridge/releases/*-pc-windows-* \
    node_modules/@temporalio/core-bridge/sdk-core

FROM base AS image
# Temporal's core reads the system's certificate store, which slim images lack; the newest store is the wanted one.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json deploy/image/run.mjs ./
# A container holds one process, so all of them answer on the same port and one health check fits all.
ENV NODE_ENV=production \
    WORKER_WORKFLOW_BUNDLE=/app/dist/workflow-bundle.js \
    WORKER_HEALTH_HOST=0.0.0.0 WORKER_HEALTH_PORT=8080 \
    INGRESS_HOST=0.0.0.0 INGRESS_PORT=8080 \
    BWP_SANDBOX_HOST=0.0.0.0 BWP_SANDBOX_PORT=8080 \
    OMS_HOST=0.0.0.0 OMS_PORT=8080
EXPOSE 8080
# The image's user "node", by number: only that tells a cluster that it is not root.
USER 1000:1000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "run.mjs", "health", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["node", "run.mjs"]
CMD ["worker"]
