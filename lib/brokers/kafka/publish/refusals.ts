/** What a broker answers when it will not take records, however often they are sent. */
import { BrokerFault } from "../../ports/errors.ts";
import type { KafkaError } from "../protocol-error.ts";

const REFUSED_CONTENT: ReadonlySet<string> = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "INVALID_TIMESTAMP",
  "CORRUPT_MESSAGE",
]);
const REFUSALS: ReadonlySet<string> = new Set([
  ...REFUSED_CONTENT,
  "POLICY_VIOLATION",
  "INVALID_TOPIC_EXCEPTION",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "TOPIC_AUTHORIZATION_FAILED",
  "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
  "UNSUPPORTED_COMPRESSION_TYPE",
]);

/** null: sending again may help */
export function refusalOf(error: KafkaError, detail = error.message): BrokerFault | null {
  const { apiId } = error;
  return REFUSALS.has(apiId)
    ? new BrokerFault({ kind: "records_refused", forTheirContent: REFUSED_CONTENT.has(apiId) }, `${apiId}: ${detail}`, {
        cause: error,
      })
    : null;
}
