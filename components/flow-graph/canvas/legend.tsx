"use client";
import { CircleHelp } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";

const LINES: readonly { readonly color: string; readonly dash?: string; readonly says: string }[] = [
  { color: "var(--edge)", says: "events flow; wider is more of them" },
  { color: "var(--warn)", says: "lagging: the group falls behind" },
  { color: "var(--bad-strong)", dash: "4 4", says: "failing: dead letters or errors" },
  { color: "var(--bad-strong)", says: "stuck: nothing moves" },
  { color: "var(--acc)", says: "cause, said by headers or spans" },
  { color: "var(--acc)", dash: "2 4", says: "cause, inferred" },
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
        <Row says="service, its consumer groups docked at the left with their member counts">
          <rect x={6} y={2} width={26} height={16} rx={4} fill="var(--node)" stroke="var(--line2)" />
          <rect x={2} y={6} width={8} height={8} rx={2} fill="var(--raise)" stroke="var(--dim)" />
        </Row>
        <Row says="topic; dashed: dead letters or retries">
          <rect x={2} y={4} width={30} height={12} rx={6} fill="var(--pill)" stroke="var(--dim)" />
        </Row>
        <Row says="group whose service is not known">
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
          <Row key={line.says} says={line.says}>
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

const Row = ({ says, children }: { readonly says: string; readonly children: React.ReactNode }) => (
  <div className="flex items-center gap-2.5">
    <svg width={34} height={20} aria-hidden className="shrink-0" fill="none">
      {children}
    </svg>
    {says}
  </div>
);
