/** Users of the secured broker: their SCRAM passwords, and their rights as Kafka's ACL entries. */
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { Admin, alterUserScramCredentialsV0 } from "@platformatic/kafka";
import kafkajs, { type AclEntry } from "kafkajs";

export const PASSWORD = 'a password with "quotes", $dollars and ümlauts';

export type Right = readonly [
  operation: "READ" | "WRITE" | "DESCRIBE" | "DESCRIBE_CONFIGS" | "DENY READ",
  resource: "TOPIC" | "GROUP" | "TRANSACTIONAL_ID",
  name: string,
];

/** A name that ends in `*` means all that begin so; `*` alone means all. */
export function entryOf(user: string, [operation, resource, name]: Right): AclEntry {
  const isPrefix = name.endsWith("*") && name !== "*";
  const [denied, asked] = operation === "DENY READ" ? [true, "READ" as const] : [false, operation];
  return {
    principal: `User:${user}`,
    host: "*",
    operation: kafkajs.AclOperationTypes[asked],
    permissionType: denied ? kafkajs.AclPermissionTypes.DENY : kafkajs.AclPermissionTypes.ALLOW,
    resourceType: kafkajs.AclResourceTypes[resource],
    resourceName: isPrefix ? name.slice(0, -1) : name,
    resourcePatternType: isPrefix ? kafkajs.ResourcePatternTypes.PREFIXED : kafkajs.ResourcePatternTypes.LITERAL,
  };
}

/** What `kafka-configs --alter --add-config SCRAM-SHA-…` does. */
export async function addScramUsers(brokers: readonly string[], users: readonly string[]): Promise<void> {
  const admin = new Admin({ clientId: "secured-test", bootstrapBrokers: [...brokers] });
  const [host = "", port] = brokers[0]?.split(":") ?? [];
  try {
    const connection = await admin.connections.get({ host, port: Number(port) });
    const iterations = 4096;
    // Kafka takes a user once per request only.
    for (const [hash, mechanism, length] of [
      ["sha256", 1, 32],
      ["sha512", 2, 64],
    ] as const) {
      const credentials = users.map((name) => {
        const salt = randomBytes(16);
        return {
          name,
          mechanism,
          iterations,
          salt,
          saltedPassword: pbkdf2Sync(PASSWORD, salt, iterations, length, hash),
        };
      });
      await alterUserScramCredentialsV0.api.async(connection, [], credentials);
    }
  } finally {
    await admin.close();
  }
}
