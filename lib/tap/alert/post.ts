import { readHttpStatus, readRetryAfter, type Attempt } from "#lib/domain/alert/attempts.ts";

/** The limit of one attempt, the same for every channel. */
export const ATTEMPT_TIMEOUT_MS = 10_000;
const MOST_ANSWER_BYTES = 2048;

/**
 * Posts JSON once. Redirects are not followed, and of the answer no more is read than helps people
 * understand a refusal.
 */
export async function postJson(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Attempt> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
      headers: { "content-type": "application/json", "user-agent": "Flowtap", ...headers },
    });
  } catch (error) {
    return { outcome: "again", error: inWords(error), retryAfterMs: null };
  }
  const outcome = readHttpStatus(response.status);
  const answer = await beginningOf(response);
  if (outcome === "sent") return { outcome };
  const error = `HTTP ${response.status}${answer === "" ? "" : `: ${answer}`}`;
  return outcome === "again"
    ? { outcome, error, retryAfterMs: readRetryAfter(response.headers.get("retry-after"), Date.now()) }
    : { outcome, error };
}

async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      bytes += chunk.length;
      // Leaving the loop cancels the rest.
      if (bytes >= MOST_ANSWER_BYTES) break;
    }
  } catch {
    // The status alone decides the outcome; the body is only shown to people.
  }
  return Buffer.concat(chunks).toString("utf8", 0, MOST_ANSWER_BYTES).replace(/\s+/g, " ").trim().slice(0, 300);
}

function inWords(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError")
    return `no answer within ${ATTEMPT_TIMEOUT_MS / 1000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : null;
  return code ?? (cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error));
}
