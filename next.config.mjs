/** @type {import('next').NextConfig} */
export default {
  // Each build of the pages has a folder of its own (lib/web/build.ts); the development server keeps the usual one.
  distDir: process.env.FLOWTAP_PAGES_DIR ?? ".next",
  // A cache inside a folder that is built once would never be read.
  experimental: { turbopackFileSystemCacheForBuild: false },
  // Where Flowtap is one of several things behind a name: see "Under a path" in docs/operations.md.
  ...(process.env.NEXT_PUBLIC_FLOWTAP_BASE_PATH && { basePath: process.env.NEXT_PUBLIC_FLOWTAP_BASE_PATH }),
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // Types are checked once, by `npm run types`; the build does not check them a second time.
  typescript: { ignoreBuildErrors: true },
  // These speak to brokers and to Postgres with sockets and native parts; bundling them breaks both.
  serverExternalPackages: [
    "kafkajs",
    "@platformatic/kafka",
    "lz4-napi",
    "snappyjs",
    "pg",
    "pg-copy-streams",
    "@prisma/client",
    "@prisma/adapter-pg",
    "pino",
    "prom-client",
    "@datadog/sketches-js",
  ],
};
