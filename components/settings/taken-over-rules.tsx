"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { z } from "zod";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { CardBody } from "#components/ui/card.tsx";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import type { PublishersView } from "#lib/contracts/publishers.ts";

type Rule = PublishersView["rules"][number];

/** What people took over; each can be given up. */
export function TakenOverRules({ rules }: { readonly rules: readonly Rule[] }) {
  const refusal = useWriteRefusal();
  const client = useQueryClient();
  const giveUp = useMutation({
    mutationFn: ({ kind, name }: Rule) => fetchJson(api.publisherRule(kind, name), z.undefined(), { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.publishers() }),
    onError: (error) => toast.failed("It could not be given up", error),
  });
  return (
    <CardBody className="border-t pt-2.5">
      <h3 className="text-xs font-medium text-mut">Taken over</h3>
      <ul>
        {rules.map((rule) => (
          <li key={`${rule.kind} ${rule.name}`} className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate">
              {rule.kind} <BrokerText text={rule.name} maxLength={100} /> →{" "}
              <BrokerText text={rule.service} className="font-medium" maxLength={100} />{" "}
              <span className="text-dim">
                by <BrokerText text={rule.createdBy} maxLength={60} />
              </span>
            </span>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={`Give up the ${rule.kind} ${rule.name}`}
              disabled={refusal !== null || giveUp.isPending}
              title={refusal ?? "Give up"}
              onClick={() => giveUp.mutate(rule)}
            >
              <Trash2 />
            </Button>
          </li>
        ))}
      </ul>
    </CardBody>
  );
}
