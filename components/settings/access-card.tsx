"use client";
import { Fact } from "#components/page/parts.tsx";
import { useSession } from "#components/shell/use-session.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Tag } from "#components/ui/tag.tsx";

/** The current user, and what the role permits. */
export function AccessCard() {
  const session = useSession();
  return (
    <Card>
      <CardHeader title="Access" />
      <CardBody>
        {session === undefined ? (
          <p className="text-dim">Loading…</p>
        ) : (
          <>
            <dl>
              <Fact name="User">
                <BrokerText text={session.name} maxLength={60} />
              </Fact>
              <Fact name="Role">
                <Tag tone={session.role === "operator" ? "accent" : "neutral"}>{session.role.toUpperCase()}</Tag>
              </Fact>
              <Fact name="Permissions">
                {session.role === "operator"
                  ? "view everything, make changes and run replays"
                  : "view everything; changes and replays need the operator role"}
              </Fact>
            </dl>
            <p className="mt-2 text-mut">
              {session.demo
                ? "Demo mode: every user is an operator."
                : "Tokens are set in the configuration. Actions of operators are recorded in the audit log."}
            </p>
          </>
        )}
      </CardBody>
    </Card>
  );
}
