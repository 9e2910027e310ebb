/** Why RabbitMQ did not do what it was asked, in words that help to mend it. */
import type { RabbitClusterConfig } from "#lib/config/cluster.ts";
import { describeTlsFault } from "#lib/config/tls-files.ts";
import { BrokerFault, isBrokerFault, isProgrammingError } from "../ports/errors.ts";

type Login = Pick<RabbitClusterConfig, "username" | "vhost">;

/** AMQP 0-9-1 reply codes */
const [ACCESS_REFUSED, NOT_ALLOWED] = [403, 530];
/** codes of the network, from the operating system and from Node */
const NETWORK = /^E(CONN|HOST|NET|PIPE|TIMEDOUT|AI_)|^ENOTFOUND$|^UND_ERR|^ERR_SOCKET|^ABORT_ERR$/;
/** what the client says of a connection that ended without a code */
const ENDED = /socket (closed|hang up)|heartbeat timeout|connection (closed|closing|ended)|channel (closed|ended)/i;

/** `peer`: "RabbitMQ at …", of the address that was asked. */
export function rabbitFaultOf(error: unknown, peer: string, { username, vhost }: Login): Error {
  if (isBrokerFault(error) || isProgrammingError(error)) return error;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const text = typeof message === "string" ? message : String(error);
  const name = typeof code === "string" ? code : "";
  const fault = (kind: "unreachable" | "login_refused" | "not_authorized" | "refused" | "unknown", words: string) =>
    new BrokerFault({ kind }, words, { cause: error });
  const tls = describeTlsFault(name, text, peer);
  if (tls !== null) return fault("unreachable", tls);
  if (/ACCESS.REFUSED.*(login|credentials)|Handshake terminated/i.test(text))
    return fault("login_refused", `${peer} does not accept the login of ${username}`);
  // The client does not tell why the broker has closed a connection that was just about to open.
  if (code === NOT_ALLOWED || /ConnectionOpenOk.*ConnectionClose/.test(text))
    return fault("login_refused", `${peer} has no virtual host ${vhost}, or ${username} may not use it`);
  if (code === ACCESS_REFUSED) return fault("not_authorized", text);
  if (NETWORK.test(name) || ENDED.test(text)) return fault("unreachable", `${peer} cannot be reached (${text})`);
  return typeof code === "number" ? fault("refused", text) : fault("unknown", text);
}
