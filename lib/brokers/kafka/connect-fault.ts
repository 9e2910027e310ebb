/**
 * Why a request to a broker failed, in words that help to mend it. The clients hide the reason under causes and lists
 * of errors.
 */
import type { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { describeTlsFault } from "#lib/config/tls-files.ts";
import { BrokerFault, isBrokerFault, isProgrammingError } from "../ports/errors.ts";

interface Link {
  readonly code: string;
  /** Kafka's name of the error, if the broker sent one */
  readonly type: string;
  readonly message: string;
  /** the broker's own message */
  readonly serverMessage: string | null;
}

const MAX_DEPTH = 8;
const MAX_LINKS = 50;

/**
 * A client's error as a BrokerFault; a programming error is returned unchanged. A RangeError is the broker's fault:
 * clients throw it for an answer with false lengths.
 */
export function brokerFaultOf(error: unknown, cluster: KafkaClusterConfig): Error {
  if (isBrokerFault(error) || isProgrammingError(error)) return error;
  const links = linksOf(error, 0).slice(0, MAX_LINKS);
  for (const link of links) {
    const described = describe(link, cluster);
    if (described !== null) return new BrokerFault({ kind: described[0] }, described[1], { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  const inner = links.at(-1)?.message;
  return new BrokerFault(
    { kind: links.some(({ type }) => ERROR_NAME.test(type)) ? "refused" : "unknown" },
    error instanceof AggregateError && inner !== undefined && inner !== message ? `${message} ${inner}` : message,
    { cause: error },
  );
}

/** The form of Kafka's error names. */
const ERROR_NAME = /^[A-Z][A-Z_]+$/;

/** The first of these Kafka error names in the error or its causes; null: none. */
export const kafkaErrorOf = (error: unknown, names: ReadonlySet<string>): string | null =>
  linksOf(error, 0)
    .slice(0, MAX_LINKS)
    .find(({ type }) => names.has(type))?.type ?? null;

/** The error and all its causes, the innermost last. */
function linksOf(error: unknown, depth: number): Link[] {
  if (typeof error !== "object" || error === null || depth > MAX_DEPTH) return [];
  const { code, apiId, type, message, serverErrorMessage, cause, errors } = error as Record<string, unknown>;
  const own: Link = {
    code: textOf(code),
    type: textOf(apiId) || textOf(type),
    message: textOf(message),
    serverMessage: textOf(serverErrorMessage) || null,
  };
  return [
    own,
    ...(Array.isArray(errors) ? (errors as unknown[]).slice(0, MAX_DEPTH) : []).flatMap((one) =>
      linksOf(one, depth + 1),
    ),
    ...linksOf(cause, depth + 1),
  ];
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

type Described = readonly [kind: "unreachable" | "login_refused" | "not_authorized", words: string];

function describe({ code, type, message, serverMessage }: Link, cluster: KafkaClusterConfig): Described | null {
  const { sasl, tls } = cluster;
  const address = cluster.brokers.join(", ");
  if (type === "SASL_AUTHENTICATION_FAILED" || /^SASL .* authentication failed/.test(message)) {
    const login = sasl === undefined ? "nobody" : nameOf(sasl);
    return ["login_refused", `the broker refuses the login of ${login} (${serverMessage ?? message}); check sasl`];
  }
  if (
    type === "UNSUPPORTED_SASL_MECHANISM" ||
    /mechanism is not supported by the server|does not support the requested SASL mechanism/.test(message)
  ) {
    const what = `the SASL mechanism ${sasl?.mechanism ?? ""} at ${address}`;
    return ["login_refused", `the broker does not know ${what}; set sasl.mechanism to one it has enabled`];
  }
  if (type === "ILLEGAL_SASL_STATE")
    return ["login_refused", `the broker expects a login, or none, at ${address}; set or remove sasl`];
  if (message.startsWith("the token endpoint"))
    return ["login_refused", `${message}; check sasl.tokenEndpoint, clientId and clientSecret`];
  if (type.endsWith("_AUTHORIZATION_FAILED")) {
    const rights = "docs/operations.md lists the rights Flowtap needs";
    return ["not_authorized", `the broker does not allow it (${type}); ${rights}`];
  }
  const words = describeTlsFault(code, message, `the broker`) ?? describeConnection(code, message, cluster);
  if (words !== null) return ["unreachable", words];
  if (message === "Connection closed" || message === "Closed connection") {
    const why = whyClosed(tls !== undefined, tls?.certFile !== undefined, sasl !== undefined);
    return ["unreachable", `the broker closed the connection${why}`];
  }
  return null;
}

function describeConnection(code: string, message: string, { brokers }: KafkaClusterConfig): string | null {
  const address = brokers.join(", ");
  if (message === "Broker requires TLS.") return `the broker speaks TLS at ${address}; set tls`;
  if (code === "ECONNREFUSED") return `nothing listens at ${address} (${message}); is the broker running there?`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return `no such host (${message}); check brokers, and the names the broker advertises`;
  if (code === "ETIMEDOUT" || code === "EHOSTUNREACH" || code === "ENETUNREACH" || / timed out\.$/.test(message))
    return `no answer (${message}); is a firewall between?`;
  return null;
}

function whyClosed(hasTls: boolean, hasCertificate: boolean, hasLogin: boolean): string {
  const missing = [
    ...(hasTls ? [] : ["TLS (set tls)"]),
    ...(hasLogin ? [] : ["a login (set sasl)"]),
    ...(hasTls && !hasCertificate && !hasLogin ? ["a client certificate (set tls.certFile and tls.keyFile)"] : []),
  ];
  return missing.length === 0 ? "" : `; it may be leaving, or want ${missing.join(" or ")}`;
}

const nameOf = (sasl: NonNullable<KafkaClusterConfig["sasl"]>): string =>
  sasl.mechanism === "oauthbearer" ? sasl.clientId : sasl.username;
