/** A tap that logs in as a user of few rights, and has to log in again every ten seconds. */
import type { Admin } from "kafkajs";
import { TAP_RIGHTS } from "./secured-clusters.ts";
import { entryOf, type Right } from "./secured-users.ts";
import { openTapStage } from "./tap-stage.ts";

const USER = "flowtap";
const PASSWORD = "secret";
const LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

export const openLoginStage = () =>
  openTapStage({
    kafka: {
      settings: {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        // The plain listener belongs to the test and to the broker itself.
        "super.users": "User:ANONYMOUS",
        "connections.max.reauth.ms": "10000",
        "log.cleaner.backoff.ms": "100",
      },
      listeners: {
        PASSWORDS: {
          protocol: "SASL_PLAINTEXT",
          settings: {
            "sasl.enabled.mechanisms": "PLAIN",
            "plain.sasl.jaas.config": `${LOGIN} user_${USER}="${PASSWORD}";`,
          },
        },
      },
    },
    listener: "PASSWORDS",
    cluster: { sasl: { mechanism: "plain", username: USER, password: PASSWORD } },
  });

export const allow = async (admin: Admin, rights: readonly Right[] = TAP_RIGHTS): Promise<void> =>
  void (await admin.createAcls({ acl: rights.map((right) => entryOf(USER, right)) }));

export async function takeBack(admin: Admin, right: Right): Promise<void> {
  const { resourcePatternType, ...entry } = entryOf(USER, right);
  await admin.deleteAcls({ filters: [{ ...entry, resourcePatternType }] });
}
