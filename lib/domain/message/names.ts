// Shortens the names that frameworks write (class names, URIs, assembly-qualified types) to the names people use.

const VERSION = /^v?\d+(?:\.\d+){0,3}$/i;
const VOLATILE = /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

/**
 * The short name of a JVM or .NET type: "com.acme.OrderPlaced" and "Acme.Events+OrderPlaced, Acme, Version=1.0" →
 * "OrderPlaced". Other names ("order.placed") are returned as they are. Null for types of the runtime itself
 * (java.util.HashMap), which do not describe an event.
 */
export function shortTypeName(name: string): string | null {
  const full = (name.split(/[,;[`]/, 1)[0] ?? "").trim();
  if (full === "" || full.startsWith("java.") || full.startsWith("System.")) return null;
  const short = full.slice(
    Math.max(full.lastIndexOf("."), full.lastIndexOf("$"), full.lastIndexOf("+"), full.lastIndexOf(":")) + 1,
  );
  const first = short.charCodeAt(0);
  return first >= 0x41 && first <= 0x5a ? short : full;
}

/**
 * The service that a source URI names: its last path segment that is neither a number nor a UUID, else its host;
 * "urn:acme:orders" → "orders".
 */
export function serviceOfUri(uri: string): string | null {
  const path = uri.includes("?") || uri.includes("#") ? (uri.split(/[?#]/, 1)[0] as string) : uri;
  if (!path.includes("/")) return (path.startsWith("urn:") ? path.slice(path.lastIndexOf(":") + 1) : path) || null;
  for (let end = path.length; end > 0; ) {
    const slash = path.lastIndexOf("/", end - 1);
    const segment = path.slice(slash + 1, end);
    if (segment !== "" && !segment.endsWith(":") && !isVolatile(segment)) return segment;
    end = slash;
  }
  return null;
}

/** Numbers and UUIDs name an instance, not a service. The first check is fast: a number begins with a digit. */
const isVolatile = (segment: string): boolean =>
  (segment.length === 36 || segment.charCodeAt(0) <= 0x39) && VOLATILE.test(segment);

/**
 * The version at the end of a schema URI ("https://…/customer.updated/2", "…/v2.1", "…:3"), without its "v"; null
 * if there is none.
 */
export function versionOfSchemaUri(uri: string): string | null {
  const path = uri.split(/[?#]/, 1)[0] as string;
  const last = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf(":")) + 1);
  return VERSION.test(last) ? last.replace(/^v/i, "") : null;
}
