/** Whether a failure began with the last deploy of its group, in SQL. */
import { Prisma } from "../prisma/generated/client.ts";
import { MEMBERS } from "./grouped-failures.ts";

/** A deploy is noticed when most members are replaced; its first member may fail before that. */
const DEPLOY_DELAY = Prisma.sql`interval '2 minutes'`;
/** When the last deploy of its group was, if the failure came with it; else null. */
export const NEW_SINCE = Prisma.sql`
  (
    SELECT CASE
      WHEN grouped."firstAt" >= deployed.at THEN CASE
        WHEN NOT EXISTS (
            SELECT 1
            FROM failures o
            WHERE o.fingerprint = ANY(${MEMBERS}) AND o.failed_at < deployed.at
          )
          AND NOT EXISTS (
            SELECT 1
            FROM aged_failures o
            WHERE o.fingerprint = ANY(${MEMBERS}) AND o.first_at < deployed.at
          ) THEN deployed.at + ${DEPLOY_DELAY}
      END
    END
    FROM (
      SELECT max(y.at) - ${DEPLOY_DELAY} AS at
      FROM deploys y
      WHERE y.cluster_id = ANY(grouped.clusters) AND y.group_name = ANY(grouped.groups)
    ) deployed
  )`;
