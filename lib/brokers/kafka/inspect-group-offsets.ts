/** The offsets of consumer groups and of share groups, as their coordinators report them. */
import { offsetFetchV8 } from "@platformatic/kafka";
import { boundedOffset } from "../bounded.ts";
import type { CommittedOffset } from "../ports/log-inspector.ts";
import { byCoordinator, GROUPS_PER_REQUEST, type ListedGroup } from "./inspect-groups.ts";
import { type Requests } from "./inspect-requests.ts";
import { perBroker } from "./per-broker.ts";
import {
  DESCRIBE_SHARE_GROUP_OFFSETS,
  describeShareGroupOffsetsV0,
  describeShareGroupOffsetsV1,
  type ShareGroupOffsets,
} from "./inspect-share.ts";

/**
 * The committed offsets of all partitions of all topics. Share groups commit none; groups whose answer is an error are
 * left out.
 */
export async function fetchCommitted(requests: Requests, listed: readonly ListedGroup[]): Promise<CommittedOffset[]> {
  return perBroker(
    byCoordinator(listed.filter((group) => group.protocol !== "share")),
    GROUPS_PER_REQUEST,
    async (_node, chunk) => {
      const [first] = chunk;
      if (first === undefined) return [];
      const { groups } = await requests.toBroker(
        first.coordinator,
        offsetFetchV8.api,
        chunk.map(({ group }) => ({ groupId: group, memberId: null, memberEpoch: -1, topics: null })),
        false,
      );
      return groups.flatMap((raw) =>
        raw.errorCode !== 0
          ? []
          : raw.topics.flatMap((topic) =>
              topic.partitions.flatMap((at) => {
                const offset = at.errorCode === 0 ? boundedOffset(at.committedOffset) : null;
                const { groupId: group } = raw;
                return offset === null ? [] : [{ group, topic: topic.name, partition: at.partitionIndex, offset }];
              }),
            ),
      );
    },
  );
}

/** The start offsets and lags of share groups; empty when the broker does not support the request. */
export async function fetchShareOffsets(
  requests: Requests,
  listed: readonly ListedGroup[],
): Promise<ShareGroupOffsets[]> {
  const sharing = listed.filter((group) => group.protocol === "share");
  const version = sharing.length === 0 ? -1 : await requests.versionOf(DESCRIBE_SHARE_GROUP_OFFSETS);
  if (version < 0) return [];
  return perBroker(byCoordinator(sharing), GROUPS_PER_REQUEST, async (_node, chunk) => {
    const [first] = chunk;
    if (first === undefined) return [];
    const { groups } = await requests.toBroker(
      first.coordinator,
      version >= 1 ? describeShareGroupOffsetsV1 : describeShareGroupOffsetsV0,
      chunk.map(({ group }) => group),
    );
    return groups.filter((group) => group.errorCode === 0);
  });
}
