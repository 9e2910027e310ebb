/** Why a mail server did not take a message, in words of the configuration. */
import type { ChannelOf } from "#lib/config/alert-channels.ts";
import type { Attempt } from "#lib/domain/alert/attempts.ts";
import { ATTEMPT_TIMEOUT_MS } from "./post.ts";

type Smtp = ChannelOf<"email">["smtp"];

interface TlsFault {
  readonly pattern: RegExp;
  readonly fault: string;
  readonly remedy: string;
}
/** The mailer gives only the text of a TLS fault. */
const TLS_FAULTS: readonly TlsFault[] = [
  {
    pattern: /unable to (verify|get)|self.signed certificate/,
    fault: "its certificate is signed by an authority that is not trusted here",
    remedy: "name that authority's certificate in smtp.caFile",
  },
  {
    pattern: /certificate has expired/,
    fault: "its certificate has expired",
    remedy: "it must be renewed there",
  },
  {
    pattern: /does not match certificate's altnames/,
    fault: "its certificate is for another name",
    remedy: "name the host in smtp.host as the certificate does",
  },
  {
    pattern: /wrong version number/,
    fault: "it does not speak TLS from the first byte at this port",
    remedy: "set smtp.security to starttls, or smtp.port to its port for TLS",
  },
];

/** A reply of 5xx is permanent (RFC 5321, 4.2.1); after anything else a later attempt may succeed. */
export function readEmailFault(error: unknown, smtp: Smtp): Attempt {
  const { message, code, responseCode, response } = error as {
    readonly message?: string;
    readonly code?: string;
    readonly responseCode?: number;
    readonly response?: string;
  };
  const words = `${nameOf(smtp)}: ${inWords(message ?? String(error), code, response ?? message ?? "", smtp)}`;
  return responseCode !== undefined && responseCode >= 500 && responseCode < 600
    ? { outcome: "refused", error: words }
    : { outcome: "again", error: words, retryAfterMs: null };
}

/** A server that expects TLS from the first byte sends no greeting: the attempt then times out. */
export const tooLongInWords = (smtp: Smtp): string => `${nameOf(smtp)}: ${notDone(smtp)}`;
const notDone = ({ security }: Smtp): string => {
  const remedy = security === "tls" ? "" : "; if its port expects TLS from the first byte, set smtp.security to tls";
  return `not done within ${ATTEMPT_TIMEOUT_MS / 1000} s${remedy}`;
};

function inWords(message: string, code: string | undefined, response: string, smtp: Smtp): string {
  if (code === "EAUTH" && smtp.security === "none" && /STARTTLS/i.test(response))
    return `it takes a login only over TLS (${response}); set smtp.security to starttls`;
  if (code === "EAUTH")
    return `it refuses the login of ${smtp.user ?? "nobody"} (${response}); check smtp.user and smtp.password`;
  if (code === "ETLS" && smtp.security === "starttls") {
    const remedy = "set smtp.security to tls and its port, or to none inside a trusted network";
    return `it does not offer STARTTLS (${response}); ${remedy}`;
  }
  if (code === "ETIMEDOUT") return notDone(smtp);
  const known = TLS_FAULTS.find(({ pattern }) => pattern.test(message));
  return known === undefined ? message : `${known.fault}; ${known.remedy}`;
}

const nameOf = ({ host, port }: Smtp): string => `the mail server ${host}:${port}`;
