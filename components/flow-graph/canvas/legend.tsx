"use client";
import { CircleHelp } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";

const LINES: readonly { readonly color: string; readonly dash?: string; readonly label: string }[] = [
  { color: "var(--edge)", label: "event flow; wider means more events" },
  { color: "var(--warn)", label: "lagging: the group falls behind" },
  { color: "var(--bad-strong)", dash: "4 4", label: "failing: dead letters or errors" },
  { color: "var(--bad-strong)", label: "stuck: no progress" },
  { color: "var(--acc)", label: "cause, declared by headers" },
  { color: "var(--acc)", dash: "2 4", label: "cause, inferred" },
];

export function Legend() {
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="outline" size="sm" aria-label="Legend">
          <CircleHelp /> Legend
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Legend" side="top" align="start" className="flex flex-col gap-2 text-mut">
        <Row label="service with its consumer groups and their member counts">
          <rect x={6} y={2} width={26} height={16} rx={4} fill="var(--node)" stroke="var(--line2)" />
          <rect x={2} y={6} width={8} height={8} rx={2} fill="var(--raise)" stroke="var(--dim)" />
        </Row>
        <Row label="topic; dashed: dead letters or retries">
          <rect x={2} y={4} width={30} height={12} rx={6} fill="var(--pill)" stroke="var(--dim)" />
        </Row>
        <Row label="consumer group of an unknown service">
          <rect
            x={2}
            y={3}
            width={30}
            height={14}
            rx={4}
            fill="var(--node)"
            stroke="var(--dim)"
            strokeDasharray="3 3"
          />
        </Row>
        {LINES.map((line) => (
          <Row key={line.label} label={line.label}>
            <path
              d="M2 10H32"
              stroke={line.color}
              strokeWidth={2.5}
              {...(line.dash !== undefined && { strokeDasharray: line.dash })}
            />
          </Row>
        ))}
      </PopoverContent>
    </Popover>
  );
}

const Row = ({ label, children }: { readonly label: string; readonly children: React.ReactNode }) => (
  <div className="flex items-center gap-2.5">
    <svg width={34} height={20} aria-hidden className="shrink-0" fill="none">
      {children}
    </svg>
    {label}
  </div>
);
