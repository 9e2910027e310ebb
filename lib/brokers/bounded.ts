/**
 * What brokers and clients say of themselves, as it can be stored and shown: members may carry any
 * bytes, of any length.
 */
import { hash64Hex } from "#lib/domain/message/hash.ts";
import { cleanText, cutText } from "#lib/domain/text/text.ts";
import type { GroupMemberInfo } from "./ports/inspector.ts";
import type { PartitionRef } from "./ports/partition.ts";

const MAX_TEXT_CHARS = 300;
/** of one member; more than the largest clusters have */
const MAX_PARTITIONS = 100_000;
/** over all that the members of a group subscribe to */
const MAX_DESTINATIONS = 20_000;
/** What brokers take as a destination's name: Kafka up to 249 characters, Event Hubs up to 256. */
const DESTINATION_NAME = /^[\w.-]{1,256}$/;

/** Whether a destination can have this name at all, whatever a client says. */
export const isDestinationName = (name: string): boolean => DESTINATION_NAME.test(name);

export const boundedText = (text: string): string => cutText(cleanText(text.toWellFormed()), MAX_TEXT_CHARS);

/** An id that has to be changed stays different from every other, by its hash. */
export function boundedId(id: string): string {
  const text = boundedText(id);
  return text === id ? id : `${cutText(text, MAX_TEXT_CHARS - 17)}~${hash64Hex(id)}`;
}

/** Partitions that cannot exist are left out. */
export const boundedMember = (member: GroupMemberInfo): GroupMemberInfo => ({
  memberId: boundedId(member.memberId),
  clientId: boundedText(member.clientId),
  host: boundedText(member.host),
  assignment: boundedPartitions(member.assignment),
  targetAssignment: member.targetAssignment === null ? null : boundedPartitions(member.targetAssignment),
  epoch: member.epoch,
});

const boundedPartitions = (refs: readonly PartitionRef[]): PartitionRef[] =>
  refs.filter(({ topic, partition }) => partition >= 0 && isDestinationName(topic)).slice(0, MAX_PARTITIONS);

/** The destinations that members name, each once, in order. */
export const boundedDestinations = (names: readonly string[]): string[] =>
  [...new Set(names.filter(isDestinationName))].slice(0, MAX_DESTINATIONS).sort();

/** No log gets this long, and sums and differences of such numbers still fit into 64 bits. */
const MAX_OFFSET = BigInt(Number.MAX_SAFE_INTEGER);

/** A committed offset as a client may have sent it, any 64 bits: bounded; null: negative, which is no commit. */
export const boundedOffset = (offset: bigint): bigint | null =>
  offset < 0n ? null : offset > MAX_OFFSET ? MAX_OFFSET : offset;
