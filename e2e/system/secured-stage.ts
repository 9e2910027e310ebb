/**
 * One broker with every way in that Flowtap's configuration knows, the users and rights on it, and the files a
 * client of it needs.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import kafkajs, { type Kafka } from "kafkajs";
import type { RunningKafka } from "#lib/demo/stack/kafka.ts";
import { openAuthority, type Identity } from "#e2e/stack/certificates.ts";
import { startKafka, temporaryFolder } from "#e2e/stack/stack.ts";
import { openTokenEndpoint, OAUTH_SECRET } from "./secured-token-endpoint.ts";
import { type Right, PASSWORD, addScramUsers, entryOf } from "./secured-users.ts";

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
      // Every login must be repeated while the test runs, on connections on which a fetch is waiting.
      "connections.max.reauth.ms": "10000",
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
