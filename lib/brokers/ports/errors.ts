/** The one error of every adapter: thrown for whatever a broker answers, or fails to answer. */
import { cleanText, cutText } from "#lib/domain/text/text.ts";

const MAX_MESSAGE_CHARS = 1000;

/**
 * What went wrong, as far as the adapter can tell:
 * - `unreachable`: no connection, no answer in time, or the broker closed the connection
 * - `login_refused`: the broker does not accept the credentials, or the way they are sent
 * - `not_authorized`: the login is good, but not allowed to do this
 * - `group_not_empty`: the group has members; the offsets of an empty one only can be set
 * - `offset_out_of_range`: retention has deleted the offset, or it is not written yet
 * - `held_by_transaction`: the offset cannot be read before an open transaction ahead of it ends
 * - `records_refused`: the broker will not take these records, however often they are sent
 * - `refused`: the broker answered with any other error
 * - `unknown`: none of these, such as an answer that cannot be read
 */
export type BrokerFaultDetail =
  | {
      readonly kind:
        | "unreachable"
        | "login_refused"
        | "not_authorized"
        | "group_not_empty"
        | "offset_out_of_range"
        | "held_by_transaction"
        | "refused"
        | "unknown";
    }
  | {
      readonly kind: "records_refused";
      /** true: a record is at fault. false: the broker would refuse any record from this publisher */
      readonly forTheirContent: boolean;
    };

export type BrokerFaultKind = BrokerFaultDetail["kind"];

/**
 * The message is the broker's own where it said one, bounded and fit to be stored and shown. Programming errors stay
 * ordinary errors: whoever catches this one knows that the broker, or the way to it, is at fault.
 */
export class BrokerFault<D extends BrokerFaultDetail = BrokerFaultDetail> extends Error {
  override readonly name = "BrokerFault";
  readonly detail: D;

  constructor(detail: D, message: string, options?: ErrorOptions) {
    super(cutText(cleanText(message), MAX_MESSAGE_CHARS), options);
    this.detail = detail;
  }
}

/** Whether the error is a broker's fault, of that kind where one is given. */
export function isBrokerFault<K extends BrokerFaultKind = BrokerFaultKind>(
  error: unknown,
  kind?: K,
): error is BrokerFault<Extract<BrokerFaultDetail, { readonly kind: K }>> {
  return error instanceof BrokerFault && (kind === undefined || (error as BrokerFault).detail.kind === kind);
}

/** What no broker is to blame for: it is not to be dressed up as a BrokerFault. */
export const isProgrammingError = (error: unknown): error is Error =>
  error instanceof TypeError || error instanceof ReferenceError || error instanceof SyntaxError;
