/** What the requests that describe share groups (KIP-932) and streams groups (KIP-1071) have in common. */
import { createAPI, ResponseError, Writer, type Reader } from "@platformatic/kafka";

export interface DescribedGroup {
  readonly errorCode: number;
  readonly groupId: string;
  readonly groupState: string;
  readonly groupEpoch: number;
}

/** The errors of an answer, by their path in it. */
type Errors = Record<string, [errorCode: number, errorMessage: string | null]>;

/** Reads an error code and its message, and adds it to `errors` unless it is 0. */
export function readError(reader: Reader, at: string, errors: Errors): number {
  const errorCode = reader.readInt16();
  const errorMessage = reader.readNullableString();
  if (errorCode !== 0) errors[at] = [errorCode, errorMessage];
  return errorCode;
}

/**
 * Reads the answer to a request about groups. Like the client's own requests it throws when any item has an error; the
 * whole answer is then in the error's `response`.
 */
export function readGroups<G>(
  apiKey: number,
  apiVersion: number,
  reader: Reader,
  readGroup: (reader: Reader, at: string, errors: Errors) => G,
): { groups: G[] } {
  const errors: Errors = {};
  reader.readInt32(); // throttle time
  const groups = reader.readArray((group, i) => readGroup(group, `/groups/${i}`, errors));
  reader.readTaggedFields();
  if (Object.keys(errors).length > 0) throw new ResponseError(apiKey, apiVersion, errors, { groups });
  return { groups };
}

/**
 * A request that describes groups. `readRest` reads what lies between the assignment's epoch and the
 * authorized operations.
 */
export function describeGroupsApi<R>(apiKey: number, apiVersion: number, readRest: (reader: Reader) => R) {
  return createAPI<[groupIds: readonly string[]], { groups: (DescribedGroup & R)[] }>(
    apiKey,
    apiVersion,
    (groupIds: readonly string[]) =>
      Writer.create()
        .appendArray([...groupIds], (writer, id) => writer.appendString(id), true, false)
        .appendBoolean(false)
        .appendTaggedFields(),
    (_correlationId, key, version, reader) =>
      readGroups(key, version, reader, (group, at, errors) => {
        const described = {
          errorCode: readError(group, at, errors),
          groupId: group.readString(),
          groupState: group.readString(),
          groupEpoch: group.readInt32(),
        };
        group.readInt32(); // assignment epoch
        const rest = readRest(group);
        group.readInt32(); // authorized operations
        return { ...described, ...rest };
      }),
  );
}
