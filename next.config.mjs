/** @type {import('next').NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // Types are checked once, by `npm run types`; the build does not check them a second time.
  typescript: { ignoreBuildErrors: true },
  // These speak to brokers and to Postgres with sockets and native parts; bundling them breaks both.
  serverExternalPackages: ["kafkajs", "@platformatic/kafka", "lz4-napi", "snappyjs", "pg", "pg-copy-streams", "@prisma/client", "@prisma/adapter-pg", "pino", "prom-client", "@datadog/sketches-js"],
};
