# syntax=docker/dockerfile:1
# Pin it by digest where you build for production: node:26-trixie-slim@sha256:…
ARG NODE_IMAGE=node:26-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build
# What only builds and tests need goes, and so does the Node that npm brings: the image has one.
RUN npm prune --omit=dev --omit=optional

FROM ${NODE_IMAGE}
# Nothing that installs or builds is left for an intruder.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
WORKDIR /app
COPY package.json LICENSE ./
COPY bin ./bin
COPY config ./config
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN mkdir /data && chown node:node /data && chmod 700 /data
# One arena: see bin/accord.js, which need not start anew then.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    ACCORD_DATA=/data \
    ACCORD_CONFIG=/config \
    ACCORD_HOST=0.0.0.0
USER node
VOLUME /data
EXPOSE 4300
# Alive, not ready: a database that is away for a minute is no reason to kill what waits for it.
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ACCORD_PORT || 4300}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/accord.js"]
CMD ["serve"]
