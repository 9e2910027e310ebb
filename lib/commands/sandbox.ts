/** The sandbox: a topic to debug with. No group may read it, neither when a replay is planned nor when it is run. */
import type { AppError } from "#lib/contracts/errors.ts";
import type { RedrivePlanInput } from "#lib/contracts/replay-input.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import type { EventToReplay } from "#lib/domain/replay/event-to-replay.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { writeAudit } from "#lib/store/audit.ts";
import { readReceivers } from "#lib/store/replays/plan.ts";
import { brokerRefusal, invalid, noCluster, type Actor, type CommandDeps } from "./deps.ts";

type Sandbox = Extract<RedrivePlanInput["to"], { how: "sandbox" }>;
type CreateTopic = NonNullable<RedrivePreview["createTopic"]>;

/**
 * The topic that must be created for it; null: the topic exists, and no group reads it. `partitions`: how many each
 * known topic has, by `cluster/topic`.
 */
export async function checkSandbox(
  deps: CommandDeps,
  { topic, create }: Sandbox,
  events: readonly EventToReplay[],
  partitions: ReadonlyMap<string, number>,
): Promise<Result<CreateTopic | null, AppError>> {
  const { cluster = "" } = events[0] ?? {};
  if (events.some(({ sourceTopic, originalTopic }) => sourceTopic === topic || originalTopic === topic))
    return err(invalid("to", `${topic} is a topic these events come from. Choose another one for the sandbox.`));
  const refusal = await refusalOfReaders(deps, cluster, topic);
  if (refusal !== null) return err(refusal);
  if (partitions.has(`${cluster}/${topic}`)) return ok(null);
  const inspector = deps.inspectorOf(cluster);
  if (inspector === null) return err(noCluster(cluster));
  const wanted = Math.max(
    1,
    ...events.map(
      ({ originalTopic, sourceTopic }) => partitions.get(`${cluster}/${originalTopic ?? sourceTopic}`) ?? 1,
    ),
  );
  try {
    const found = (await inspector.destinations()).find((one) => one.name === topic);
    if (found?.name.startsWith("__"))
      return err(invalid("to", `${topic} is internal to Kafka. Choose another one for the sandbox.`));
    // The topic was created a moment ago, and no tap has seen it yet.
    if (found !== undefined) return ok({ topic, partitions: found.partitions.length });
  } catch (error) {
    return err(brokerRefusal(error));
  }
  if (!/^[\w.-]{1,249}$/.test(topic) || topic === "." || topic === "..")
    return err(invalid("to", "A topic's name has letters, digits, dots, hyphens and underscores only."));
  if (create) return ok({ topic, partitions: wanted });
  const servers = deps.brokersOf(cluster).join(",");
  const command = `kafka-topics.sh --bootstrap-server ${servers} --create --topic ${topic} --partitions ${wanted}`;
  const whatToDo = `Have it created when the replay is run, or do it yourself: ${command}`;
  return err(invalid("to", `There is no topic ${topic}. ${whatToDo}`));
}

/** Before the run: checks that still no group reads the topic, and creates it if need be. Null: the run may begin. */
export async function prepareSandbox(
  deps: CommandDeps,
  { id, cluster }: { readonly id: number; readonly cluster: string },
  { to, createTopic }: RedrivePreview,
  actor: Actor,
): Promise<AppError | null> {
  if (to.how !== "sandbox") return null;
  const refusal = await refusalOfReaders(deps, cluster, to.topic);
  if (refusal !== null || createTopic === undefined) return refusal;
  const inspector = deps.inspectorOf(cluster);
  if (inspector === null) return noCluster(cluster);
  try {
    await inspector.createTopic(createTopic.topic, createTopic.partitions);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { code: "conflict", message: `The sandbox topic ${createTopic.topic} could not be created: ${why}` };
  }
  await writeAudit(deps.prisma, actor, {
    action: "replay.redrive.create_topic",
    target: `replay/${id}`,
    reason: null,
    detail: createTopic,
  });
  return null;
}

async function refusalOfReaders({ prisma }: CommandDeps, cluster: string, topic: string): Promise<AppError | null> {
  const readers = (await readReceivers(prisma, cluster, [topic])).map(({ group }) => group);
  if (readers.length === 0) return null;
  const more = readers.length > 3 ? ` and ${readers.length - 3} more groups` : "";
  const groups = `${readers.slice(0, 3).join(", ")}${more}`;
  const read = readers.length === 1 ? "reads" : "read";
  return invalid(
    "to",
    `${topic} is no sandbox: ${groups} ${read} it and would get the events. Choose a topic that no group reads.`,
  );
}
