"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { count, percent } from "#components/ui/format.ts";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { TopicView } from "#lib/contracts/topics.ts";

const FIRST = 24;
const MOST = 2000;
/** A partition with more than this many times its even share is hot. */
const HOT = 2;

/** The share of the traffic per partition. */
export function Balance({ partitions }: { readonly partitions: TopicView["partitions"] }) {
  const [all, setAll] = useState(false);
  const even = 1 / Math.max(1, partitions.length);
  const most = Math.max(even, ...partitions.map((one) => one.share));
  const hot = partitions.filter((one) => partitions.length > 1 && one.share > HOT * even).length;
  return (
    <Card>
      <CardHeader title="Partition balance">
        {hot === 0 ? "balanced" : <span className="text-warn">{hot} hot</span>}
      </CardHeader>
      <Table>
        <TableHeader>
          <tr>
            <TableHead>Partition</TableHead>
            <TableHead className="w-full">Share</TableHead>
            <TableHead numeric>Log start</TableHead>
            <TableHead numeric>Log end</TableHead>
            <TableHead numeric>Leader</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {partitions.slice(0, all ? MOST : FIRST).map((one) => {
            const isHot = partitions.length > 1 && one.share > HOT * even;
            return (
              <TableRow key={one.partition}>
                <TableCell className="text-mut">{one.partition}</TableCell>
                <TableCell>
                  <span className="flex items-center gap-2">
                    <span className="h-1.5 min-w-16 flex-1 overflow-hidden rounded-full bg-raise">
                      <i
                        className="block h-full rounded-full"
                        style={{
                          width: `${(100 * one.share) / most}%`,
                          background: isHot ? "var(--warn)" : "var(--bar)",
                        }}
                      />
                    </span>
                    <span className={isHot ? "w-12 text-right text-warn" : "w-12 text-right text-mut"}>
                      {percent(one.share)}
                    </span>
                  </span>
                </TableCell>
                <TableCell numeric className="font-mono text-xs text-dim">
                  {count(one.logStartOffset)}
                </TableCell>
                <TableCell numeric className="font-mono text-xs">
                  {count(one.endOffset)}
                </TableCell>
                <TableCell numeric className="text-mut">
                  {one.leader ?? "–"}
                </TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
      {partitions.length > FIRST && !all && (
        <div className="border-t p-2 text-center">
          <Button variant="ghost" size="sm" onClick={() => setAll(true)}>
            Show all {count(partitions.length)}
          </Button>
        </div>
      )}
    </Card>
  );
}
