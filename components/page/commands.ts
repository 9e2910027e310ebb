/**
 * Terminal commands for what a page shows. Names come from a broker, so each is quoted for a POSIX shell; the address
 * of the brokers is the reader's `$BROKERS`.
 */

/** One word of a POSIX shell, whatever it holds. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

const command = (...words: readonly string[]): string => words.join(" ");
const kafka = (program: string, ...words: readonly string[]): string =>
  command(program, "--bootstrap-server", '"$BROKERS"', ...words);

interface PartitionRef {
  readonly topic: string;
  readonly partition: number;
}
interface OffsetRef extends PartitionRef {
  readonly offset: string;
}

export const describeGroup = (group: string): string =>
  kafka("kafka-consumer-groups", "--describe", "--group", shellWord(group));

export const describeMembers = (group: string): string =>
  kafka("kafka-consumer-groups", "--describe", "--members", "--verbose", "--group", shellWord(group));

/** Says what it would do; `--execute` in place of `--dry-run` does it, once the group is empty. */
export const resetToOffset = (group: string, { topic, partition, offset }: OffsetRef): string =>
  kafka(
    "kafka-consumer-groups",
    "--group",
    shellWord(group),
    "--reset-offsets",
    "--topic",
    shellWord(`${topic}:${partition}`),
    "--to-offset",
    offset,
    "--dry-run",
  );

export const consoleConsumer = ({ topic, partition, offset }: OffsetRef): string =>
  kafka(
    "kafka-console-consumer",
    "--topic",
    shellWord(topic),
    "--partition",
    String(partition),
    "--offset",
    offset,
    "--max-messages",
    "1",
    "--property",
    "print.key=true",
    "--property",
    "print.headers=true",
  );

export const describeTransaction = (transactionalId: string): string =>
  kafka("kafka-transactions.sh", "describe", "--transactional-id", shellWord(transactionalId));

/** The transaction that begins at this offset. */
export const abortTransaction = ({ topic, partition, offset }: OffsetRef): string =>
  kafka(
    "kafka-transactions.sh",
    "abort",
    "--topic",
    shellWord(topic),
    "--partition",
    String(partition),
    "--start-offset",
    offset,
  );

export const describeTopic = (topic: string): string =>
  kafka("kafka-topics", "--describe", "--topic", shellWord(topic));

export const unavailablePartitions = (): string => kafka("kafka-topics", "--describe", "--unavailable-partitions");

export const addPartitions = (topic: string, partitions: number): string =>
  kafka("kafka-topics", "--alter", "--topic", shellWord(topic), "--partitions", String(partitions));

export const keepLonger = (topic: string, retentionMs: number): string =>
  kafka(
    "kafka-configs",
    "--alter",
    "--entity-type",
    "topics",
    "--entity-name",
    shellWord(topic),
    "--add-config",
    `retention.ms=${retentionMs}`,
  );

/** Reads one message with its key and headers. */
export const kcatOne = (at: OffsetRef): string =>
  command(
    "kcat",
    "-b",
    '"$BROKERS"',
    "-C",
    "-t",
    shellWord(at.topic),
    "-p",
    String(at.partition),
    "-o",
    at.offset,
    "-c",
    "1",
    "-e",
    "-f",
    shellWord("%T %k\\n%h\\n%s\\n"),
  );

/** Reads a topic from now on. */
export const kcatTail = (topic: string): string =>
  command("kcat", "-b", '"$BROKERS"', "-C", "-t", shellWord(topic), "-o", "end", "-f", shellWord("%p/%o %k %s\\n"));

/** Asks Flowtap's own API; the token is the reader's own. */
export const curl = (url: string): string =>
  command("curl", "-s", "-H", '"Authorization: Bearer $FLOWTAP_TOKEN"', shellWord(url));

/** `$VHOST`: the reader's virtual host. */
const rabbitmqctl = (...words: readonly string[]): string => command("rabbitmqctl", "--vhost", '"$VHOST"', ...words);
/** Of a table of `rabbitmqctl` the rows in which a word stands. */
const rowsWith = (word: string): readonly string[] => ["|", "grep", "-F", "--", shellWord(word)];

export const listQueue = (queue: string): string =>
  rabbitmqctl(
    "list_queues",
    ...["name", "type", "state", "messages_ready", "messages_unacknowledged", "consumers"],
    ...rowsWith(queue),
  );

export const listConsumers = (queue: string): string =>
  rabbitmqctl(
    "list_consumers",
    ...["queue_name", "channel_pid", "consumer_tag", "prefetch_count", "active"],
    ...rowsWith(queue),
  );

export const listBindings = (queue: string): string =>
  rabbitmqctl("list_bindings", ...["source_name", "routing_key", "destination_name", "arguments"], ...rowsWith(queue));

export const deleteQueue = (queue: string): string => rabbitmqctl("delete_queue", "--if-unused", shellWord(queue));
