import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { ReplayItemEdit } from "#lib/contracts/replay-draft.ts";
import type { ReplayItemEditView } from "#lib/contracts/replays.ts";
import type { RawRecord } from "#lib/domain/observe/observation.ts";
import type { SchemaVerdict } from "#lib/domain/observe/schema-rule.ts";
import { applyEdit } from "#lib/domain/replay/edit.ts";
import { err, ok } from "#lib/domain/result.ts";
import { editItem, readItemToEdit, readLimitOfItem, type ItemToEdit } from "#lib/store/replays/item-edit.ts";
import { explain } from "./change-replay.ts";
import { isLarger } from "./check-bodies.ts";
import { invalid, nullOnBrokerFault, type Actor, type Answer, type CommandDeps } from "./deps.ts";

interface ItemOfRun {
  readonly id: number;
  readonly seq: number;
}

const LARGEST_BYTES = 8 * 1024 * 1024;
const READ_TIMEOUT_MS = 5000;

/**
 * Changes the body or the headers with which one item of a draft is sent; null: it is sent as it lies in the log. An
 * edit with which the event does not match its schema is kept only if the caller asks for that.
 */
export async function editReplayItem(
  deps: CommandDeps,
  { id, seq }: ItemOfRun,
  edit: ReplayItemEdit | null,
  actor: Actor,
): Answer<ReplayItemEditView> {
  const fault = edit === null ? null : (faultOf(edit) ?? (await tooLarge(deps, id, seq, edit)));
  if (fault !== null) return err(fault);
  const item = await readItemToEdit(deps.prisma, id, seq);
  if (item === null) return err(noItem(id, seq));
  const verdict = await verdictOn(deps, item, edit);
  const differs = edit !== null && verdict.state === "differs";
  const mismatch = `does not match ${verdict.schema}: ${verdict.why}`;
  if (differs && !edit.despiteSchema) {
    const whatToDo = "Mend it, or say that it is to be sent although it does not match.";
    return err(invalid("despiteSchema", `With that the event ${mismatch}. ${whatToDo}`));
  }
  const kept = edit === null ? null : { ...edit, despiteSchema: differs };
  const change = await editItem(
    deps.prisma,
    id,
    seq,
    actor,
    kept,
    differs ? `item ${seq}, although it ${mismatch}` : null,
  );
  return change.changed ? ok({ edit: kept, schema: verdict }) : err(explain(id, change));
}

export async function getItemEdit(deps: CommandDeps, { id, seq }: ItemOfRun): Answer<ReplayItemEditView> {
  const item = await readItemToEdit(deps.prisma, id, seq);
  return item === null ? err(noItem(id, seq)) : ok({ edit: item.edit, schema: await verdictOn(deps, item, item.edit) });
}

const noItem = (id: number, seq: number) =>
  ({ code: "not_found", message: `Replay ${id} has no item ${seq}.` }) as const;

/** Checks the event as it would be sent, that is the one in the log with the edit applied. */
async function verdictOn(
  { readerOf, bodySchemas }: CommandDeps,
  item: ItemToEdit,
  edit: ReplayItemEdit | null,
): Promise<SchemaVerdict> {
  const reader = readerOf(item.cluster);
  const record = reader === null ? null : await readOriginal(reader, item);
  if (record === null) return { state: "unchecked", schema: null, why: "the event could not be read" };
  return bodySchemas.check(edit === null ? record : { ...record, ...applyEdit(record, edit) }, item.targetTopic);
}

async function readOriginal(
  reader: Reader,
  { sourceTopic: topic, sourcePartition: partition, sourceOffset: offset }: ItemToEdit,
): Promise<RawRecord | null> {
  // A fault only makes the verdict "unchecked" here; the run reads the event again and reports what is wrong.
  const stretch = await reader
    .read({ topic, partition }, offset, { maxRecords: 1, maxBytes: LARGEST_BYTES, timeoutMs: READ_TIMEOUT_MS })
    .catch(nullOnBrokerFault);
  const record = stretch?.records[0];
  return record?.offset === offset ? { ...record, topic } : null;
}

async function tooLarge(
  { prisma }: CommandDeps,
  id: number,
  seq: number,
  { body, setHeaders }: ReplayItemEdit,
): Promise<ReturnType<typeof invalid> | null> {
  const limit = typeof body === "string" ? await readLimitOfItem(prisma, id, seq) : null;
  const text = new TextEncoder();
  if (
    limit === null ||
    !isLarger(
      [text.encode(body ?? ""), ...setHeaders.flatMap(({ name, value }) => [text.encode(name), text.encode(value)])],
      limit.maxBytes,
    )
  )
    return null;
  const maxBytes = `${limit.maxBytes.toLocaleString("en")} bytes (max.message.bytes)`;
  return invalid("body", `With that the event is larger than ${limit.topic} takes: ${maxBytes}. Shorten it.`);
}

function faultOf(edit: ReplayItemEdit): ReturnType<typeof invalid> | null {
  const ours = [...edit.setHeaders.map(({ name }) => name), ...edit.removeHeaders].find((name) =>
    name.toLowerCase().startsWith("flowtap-"),
  );
  if (ours !== undefined) return invalid("setHeaders", `${ours} is set by Flowtap itself; leave it out.`);
  if (edit.format !== "json" || edit.body === undefined || edit.body === null) return null;
  try {
    JSON.parse(edit.body);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return invalid("body", `The body was JSON and is no longer: ${why}. Mend it, or send it as text.`);
  }
}
