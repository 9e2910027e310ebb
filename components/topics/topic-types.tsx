import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count, plural, rate } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { TopicView } from "#lib/contracts/topics.ts";

/** The event types of a topic, by version and producer. */
export const TopicTypes = ({ view: { types, row } }: { readonly view: TopicView }) => (
  <Card>
    <CardHeader title="Event types and producers">
      {row.producers.length > 0 && plural(row.producers.length, "producer")}
    </CardHeader>
    {types.length === 0 ? (
      <EmptyState title="No events yet">
        Event types appear here with the first event. Publish one, or look at an earlier time.
      </EmptyState>
    ) : (
      <Table>
        <TableHeader>
          <tr>
            <TableHead>Type</TableHead>
            <TableHead>Version</TableHead>
            <TableHead>Producer</TableHead>
            <TableHead numeric>Events</TableHead>
            <TableHead numeric>Events/s</TableHead>
            <TableHead numeric>First seen</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {types.slice(0, 200).map((one) => (
            <TableRow key={`${one.type}/${one.schemaVersion}/${one.service}`}>
              <TableCell className="font-medium">
                {one.type === "" ? (
                  <span className="text-dim">unknown</span>
                ) : (
                  <BrokerText text={one.type} maxLength={48} />
                )}
              </TableCell>
              <TableCell className="text-mut">
                {one.schemaVersion === "" ? "–" : <BrokerText text={one.schemaVersion} maxLength={16} />}
              </TableCell>
              <TableCell className="text-mut">
                {one.service === "" ? (
                  <span className="text-dim">unknown</span>
                ) : (
                  <BrokerText text={one.service} maxLength={32} />
                )}
              </TableCell>
              <TableCell numeric>{count(one.events)}</TableCell>
              <TableCell numeric>{rate(one.ratePerSecond)}</TableCell>
              <TableCell numeric className="text-mut">
                <RelativeTime at={one.firstSeenAt} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    )}
  </Card>
);
