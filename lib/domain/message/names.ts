// How the names that frameworks write (class names, URIs, assembly-qualified types) become the names people use.

const VERSION = /^v?\d+(?:\.\d+){0,3}$/i;
const VOLATILE = /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

/**
 * A JVM or .NET type by its short name: "com.acme.OrderPlaced" and "Acme.Events+OrderPlaced, Acme, Version=1.0" →
 * "OrderPlaced". Names that are no type names ("order.placed") stay whole; types of the runtime itself
 * (java.util.HashMap) say nothing: null.
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
 * The service a source URI names: its last path segment that is no number or UUID, else its host;
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

/** Numbers and UUIDs name an instance, not a service; both begin with a digit or are 36 characters long. */
const isVolatile = (segment: string): boolean =>
  (segment.length === 36 || segment.charCodeAt(0) <= 0x39) && VOLATILE.test(segment);

/**
 * The version a schema URI ends in ("https://…/customer.updated/2", "…/v2.1", "…:3"), without its "v"; null
 * when it names none.
 */
export function versionOfSchemaUri(uri: string): string | null {
  const path = uri.split(/[?#]/, 1)[0] as string;
  const last = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf(":")) + 1);
  return VERSION.test(last) ? last.replace(/^v/i, "") : null;
}
