// Parses one stack frame of the JVM, .NET, Node or Python: its name, without parts that change from build to build, and
// whether it is own code.

/** A frame such as "com.acme.Foo.bar" or "charge (payments.js)", and whether it belongs to a framework or runtime. */
export interface Frame {
  readonly name: string;
  readonly framework: boolean;
}

const FRAMEWORKS = [
  // JVM
  "java.",
  "javax.",
  "jakarta.",
  "jdk.",
  "sun.",
  "com.sun.",
  "kotlin.",
  "kotlinx.",
  "scala.",
  "akka.",
  "groovy.",
  "org.springframework.",
  "org.apache.",
  "org.hibernate.",
  "org.jboss.",
  "org.wildfly.",
  "org.postgresql.",
  "org.axonframework.",
  "org.junit.",
  "org.mongodb.",
  "org.eclipse.",
  "org.jetbrains.",
  "com.fasterxml.",
  "com.google.",
  "com.zaxxer.",
  "com.mysql.",
  "com.mongodb.",
  "com.rabbitmq.",
  "com.datadog.",
  "com.amazonaws.",
  "com.microsoft.",
  "oracle.",
  "io.netty.",
  "io.smallrye.",
  "io.quarkus.",
  "io.vertx.",
  "io.micrometer.",
  "io.micronaut.",
  "io.opentelemetry.",
  "io.grpc.",
  "io.confluent.",
  "io.eventuate.",
  "io.lettuce.",
  "io.reactivex.",
  "io.ktor.",
  "io.debezium.",
  "reactor.",
  "feign.",
  "okhttp3.",
  "okio.",
  "retrofit2.",
  "redis.clients.",
  "software.amazon.",
  "brave.",
  "zipkin2.",
  "$Proxy",
  // .NET
  "System.",
  "Microsoft.",
  "NServiceBus.",
  "MassTransit.",
  "Rebus.",
  "DotNetCore.",
  "Newtonsoft.",
  "Npgsql.",
  "Confluent.",
  "RabbitMQ.",
  "Grpc.",
  "Polly.",
  "Dapper.",
  "MediatR.",
  "Castle.",
  "Azure.",
];

/** Parses the text after "at " on a JVM, .NET or Node line; null if it is no frame. */
export function parseAtFrame(text: string): Frame | null {
  const paren = text.indexOf("(");
  if (paren > 0 && text.charAt(paren - 1) !== " ") return qualified(text.slice(0, paren));
  return nodeFrame(text, paren);
}

function qualified(raw: string): Frame | null {
  // "java.base/", "app//" and "loader/module@1.2/" name the class loader and module.
  const name = raw.slice(raw.lastIndexOf("/") + 1).trim();
  if (name === "" || /\s/.test(name)) return null;
  return { name: stableName(name), framework: FRAMEWORKS.some((prefix) => name.startsWith(prefix)) };
}

/**
 * Removes counters that differ between builds: those of proxies, lambdas, anonymous classes and async state machines.
 */
const stableName = (name: string): string =>
  name
    .replace(/\.<(\w{1,200})>d__\d+(?:`\d+)?\.MoveNext$/, ".$1")
    .replace(/\$\$[^.$]*(?:\$\$[^.]*)?/g, "")
    .replace(/\$\d+/g, "")
    .replace(/__\d+(?:_\d+)?/g, "__")
    .replace(/`\d+/g, "")
    .replace(/(Accessor|Proxy)\d+/g, "$1");

function nodeFrame(text: string, paren: number): Frame | null {
  const location = (paren < 0 ? text : text.slice(paren + 1).replace(/\).*$/, "")).replace(/^async /, "");
  const called =
    paren < 0
      ? ""
      : text
          .slice(0, paren)
          .trim()
          .replace(/^(?:async|new) /, "")
          .replace(/ \[as [^\]]{1,200}\]$/, "");
  const path = location.replace(/(?::\d+){1,2}$/, "");
  if (path === "" || (called === "" && path === location)) return null;
  const framework = path.startsWith("node:") || path.includes("node_modules") || !/[\\/]/.test(path);
  return { name: withFile(called, path), framework };
}

/** Parses a line of a Python traceback, `File "/app/x.py", line 3, in charge`; null if it is no frame. */
export function parsePythonFrame(line: string): Frame | null {
  const [, path, called] = /^\s*File "([^"]{1,1000})", line \d+(?:, in (\S{1,200}))?/.exec(line) ?? [];
  if (path === undefined) return null;
  return {
    name: withFile(called ?? "", path),
    framework: /site-packages|dist-packages|[\\/]lib[\\/]python\d|^</.test(path),
  };
}

function withFile(called: string, path: string): string {
  const file = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return called === "" || called === "Object.<anonymous>" ? file : `${called} (${file})`;
}
