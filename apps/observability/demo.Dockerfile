# The demo with its workspace, for the compose file beside this one.
FROM node:24.9.0-bookworm-slim
WORKDIR /twiceproof
COPY . .
RUN npx -y pnpm@12.18.0 install --frozen-lockfile \
  && npx -y pnpm@12.18.0 exec turbo run build --filter=@twiceproof/demo...
ENTRYPOINT ["node", "apps/demo/dist/main.js"]
