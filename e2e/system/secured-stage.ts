/**
 * One broker with every way in that Flowtap's configuration knows, the users and rights on it, and the files a
 * client of it needs.
 */
import { randomBytes, pbkdf2Sync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { alterUserScramCredentialsV0, Admin } from "@platformatic/kafka";
import kafkajs, { type AclEntry, type Kafka } from "kafkajs";
import type { RunningKafka } from "#lib/demo/stack/kafka.ts";
import { openAuthority, type Identity } from "#e2e/stack/certificates.ts";
import { startKafka, temporaryFolder } from "#e2e/stack/stack.ts";

export const PASSWORD = 'a password with "quotes", $dollars and ümlauts';
const OAUTH_SECRET = "the client's secret";

export interface SecuredBroker {
  readonly kafka: RunningKafka;
  /** may do everything */
  readonly client: Kafka;
  readonly files: Readonly<Record<"ca" | "otherCa" | "certificate" | "key", string>>;
  readonly tokenEndpoint: string;
  readonly oauthSecret: string;
  /** how often a token was asked for */
  tokenRequests(): number;
  allow(user: string, rights: readonly Right[]): Promise<void>;
  close(): Promise<void>;
}

export type Right = readonly [
  operation: "READ" | "WRITE" | "DESCRIBE" | "DESCRIBE_CONFIGS" | "DENY READ",
  resource: "TOPIC" | "GROUP" | "TRANSACTIONAL_ID",
  name: string,
];

/** Kafka takes PEM for a listener's own certificate and for the authorities it trusts. */
const storesOf = (own: Identity, authority: string) => ({
  "ssl.keystore.type": "PEM",
  "ssl.keystore.certificate.chain": own.certificate,
  "ssl.keystore.key": own.key,
  "ssl.truststore.type": "PEM",
  "ssl.truststore.certificates": authority,
});

export async function openSecuredBroker(users: readonly string[]): Promise<SecuredBroker> {
  const authority = openAuthority("the authority of the tests");
  const stores = storesOf(authority.issue("broker"), authority.certificate);
  const login = (module: string, options = "") => `org.apache.kafka.common.security.${module} required ${options};`;
  const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const kafka = await startKafka({
    settings: {
      "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      // The plain listener belongs to the test and to the broker itself.
      "super.users": "User:ANONYMOUS",
    },
    listeners: {
      TLS: { protocol: "SSL", settings: stores },
      MUTUAL: {
        protocol: "SSL",
        settings: {
          ...stores,
          "ssl.client.auth": "required",
          "ssl.principal.mapping.rules": "RULE:^CN=([^,]+).*$/$1/",
        },
      },
      EXPIRED: {
        protocol: "SSL",
        settings: storesOf(authority.issue("broker", new Date(Date.now() - 3_600_000)), authority.certificate),
      },
      PASSWORDS: {
        protocol: "SASL_SSL",
        settings: {
          ...stores,
          "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
          "plain.sasl.jaas.config": login(
            "plain.PlainLoginModule",
            users.map((user) => `user_${user}=${quoted(PASSWORD)}`).join(" "),
          ),
          "scram-sha-256.sasl.jaas.config": login("scram.ScramLoginModule"),
          "scram-sha-512.sasl.jaas.config": login("scram.ScramLoginModule"),
          "oauthbearer.sasl.jaas.config": login(
            "oauthbearer.OAuthBearerLoginModule",
            'unsecuredLoginStringClaim_sub="broker"',
          ),
        },
      },
      UNENCRYPTED: {
        protocol: "SASL_PLAINTEXT",
        settings: {
          "sasl.enabled.mechanisms": "SCRAM-SHA-512",
          "scram-sha-512.sasl.jaas.config": login("scram.ScramLoginModule"),
        },
      },
    },
  });
  const folder = await temporaryFolder("secured");
  const client = new kafkajs.Kafka({
    clientId: "secured-test",
    brokers: kafka.brokers,
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = client.admin();
  const endpoint = await openTokenEndpoint();
  try {
    await admin.connect();
    await addScramUsers(kafka.brokers, users);
    const own = authority.issue("flowtap");
    const write = async (name: string, text: string) => {
      const file = path.join(folder.dir, name);
      await writeFile(file, text);
      return file;
    };
    const files = {
      ca: await write("ca.pem", authority.certificate),
      otherCa: await write("other-ca.pem", openAuthority("another authority").certificate),
      certificate: await write("client.pem", own.certificate),
      key: await write("client.key", own.key),
    };
    return {
      kafka,
      client,
      files,
      tokenEndpoint: endpoint.url,
      oauthSecret: OAUTH_SECRET,
      tokenRequests: endpoint.requests,
      allow: async (user, rights) =>
        void (await admin.createAcls({ acl: rights.map((right) => entryOf(user, right)) })),
      close: async () => {
        endpoint.close();
        await admin.disconnect();
        await Promise.all([kafka.stop(), folder.remove()]);
      },
    };
  } catch (error) {
    endpoint.close();
    await Promise.all([admin.disconnect(), kafka.stop(), folder.remove()]);
    throw error;
  }
}

/** A name that ends in `*` means all that begin so; `*` alone means all. */
function entryOf(user: string, [operation, resource, name]: Right): AclEntry {
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
async function addScramUsers(brokers: readonly string[], users: readonly string[]): Promise<void> {
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

/** The client-credentials grant of RFC 6749, answering tokens that Kafka's unsecured validator takes. */
async function openTokenEndpoint(): Promise<{ url: string; requests: () => number; close: () => void }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    const [id, secret] = Buffer.from(request.headers.authorization?.replace("Basic ", "") ?? "", "base64")
      .toString()
      .split(":")
      .map(decodeURIComponent);
    if (secret !== OAUTH_SECRET) {
      response.writeHead(401).end();
      return;
    }
    const nowS = Math.floor(Date.now() / 1000);
    const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString("base64url");
    const token = `${part({ alg: "none" })}.${part({ sub: id, iat: nowS, exp: nowS + 600 })}.`;
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ access_token: token, token_type: "bearer", expires_in: 600 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    requests: () => requests,
    close: () => server.close(),
  };
}
