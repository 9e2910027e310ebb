/** A topic to debug with: nobody may be reading it, when it is planned and when it is run. */
import type { AppError } from "#lib/contracts/errors.ts";
import type { RedrivePlanInput } from "#lib/contracts/replay-input.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import type { EventToReplay } from "#lib/domain/replay/redrive.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { writeAudit } from "#lib/store/audit.ts";
import { readReceivers } from "#lib/store/replays/plan.ts";
import { brokerRefusal, invalid, noCluster, type Actor, type CommandDeps } from "./deps.ts";

type Sandbox = Extract<RedrivePlanInput["to"], { how: "sandbox" }>;
type CreateTopic = NonNullable<RedrivePreview["createTopic"]>;

/**
 * What is to be created for it; null: it is there, and nobody reads it. `partitions`: of known topics, by
 * `cluster/topic`.
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
    // One that was made a moment ago, which no tap has seen yet.
    if (found !== undefined) return ok({ topic, partitions: found.partitions.length });
  } catch (error) {
    return err(brokerRefusal(error));
  }
  if (!/^[\w.-]{1,249}$/.test(topic) || topic === "." || topic === "..")
    return err(invalid("to", "A topic's name has letters, digits, dots, hyphens and underscores only."));
  if (create) return ok({ topic, partitions: wanted });
  return err(
    invalid(
      "to",
      `There is no topic ${topic}. Have it created when the replay is run, or do it yourself: kafka-topics.sh --bootstrap-server ${deps.brokersOf(cluster).join(",")} --create --topic ${topic} --partitions ${wanted}`,
    ),
  );
}

/** Before it is run: nobody has begun to read it, and it is there. Null: go. */
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
    return {
      code: "conflict",
      message: `The sandbox topic ${createTopic.topic} could not be created: ${error instanceof Error ? error.message : String(error)}`,
    };
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
  return invalid(
    "to",
    `${topic} is no sandbox: ${readers.slice(0, 3).join(", ")}${readers.length > 3 ? ` and ${readers.length - 3} more groups` : ""} read${readers.length === 1 ? "s" : ""} it and would get the events. Choose a topic that no group reads.`,
  );
}
