"use client";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Loaded } from "#components/page/loaded.tsx";
import { Pager } from "#components/page/pager.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Select } from "#components/ui/select.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { DeliveriesView, DeliveryStatus } from "#lib/contracts/alerts.ts";
import { STATUS_BADGE } from "./alert-badges.ts";
import { DeliveryTable } from "./delivery-table.tsx";

const PAGE_ITEMS = 20;

/** The messages that were sent, to which channel and with what outcome. */
export function DeliveryLog({ channels }: { readonly channels: readonly string[] }) {
  const [filter, setFilter] = useQueryStates({
    channel: parseAsString,
    status: parseAsStringLiteral(DeliveryStatus.options),
    cursor: parseAsString,
  });
  const params = { ...filter, limit: PAGE_ITEMS };
  const query = useQuery({
    queryKey: keys.alerts.deliveries(params),
    queryFn: ({ signal }) => fetchJson(api.alertDeliveries(params), DeliveriesView, { signal }),
  });
  return (
    <Card aria-label="Messages">
      <CardHeader title="Messages" className="flex-wrap">
        <Select
          aria-label="Channel"
          className="h-7 text-xs"
          value={filter.channel ?? "any"}
          onValueChange={(channel) => void setFilter({ channel: channel === "any" ? null : channel, cursor: null })}
          options={[{ value: "any", label: "All channels" }, ...channels.map((name) => ({ value: name, label: name }))]}
        />
        <Select
          aria-label="Outcome"
          className="h-7 text-xs"
          value={filter.status ?? "any"}
          onValueChange={(status) => void setFilter({ status: status === "any" ? null : status, cursor: null })}
          options={[
            { value: "any" as const, label: "All outcomes" },
            ...DeliveryStatus.options.map((status) => ({
              value: status,
              label: STATUS_BADGE[status].word.toLowerCase(),
            })),
          ]}
        />
      </CardHeader>
      <Loaded query={query} what="The messages">
        {(view) =>
          view.items.length === 0 ? (
            <p className="border-t px-3.5 py-3 text-mut">
              {filter.channel !== null || filter.status !== null
                ? "No message matches the filters."
                : "No messages sent yet. Test a channel to see one here."}
            </p>
          ) : (
            <>
              <DeliveryTable rows={view.items} />
              <Pager
                noun="messages"
                shown={view.items.length}
                total={view.total}
                next={view.next}
                cursor={filter.cursor}
                onCursor={(cursor) => void setFilter({ cursor }, { history: "push" })}
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}
