import { Minus, Plus } from "lucide-react";
import { Button } from "#components/ui/button.tsx";

const MAX_HOPS = 6;

interface HopControlProps {
  readonly hops: number;
  readonly onHops: (hops: number) => void;
}
/** How many edges away from the focused node the graph reaches. */
export const HopControl = ({ hops, onHops }: HopControlProps) => (
  <span className="ml-1 flex items-center gap-1">
    <Button
      variant="ghost"
      size="icon-sm"
      className="size-5"
      aria-label="Fewer hops"
      disabled={hops <= 1}
      onClick={() => onHops(hops - 1)}
    >
      <Minus />
    </Button>
    {hops} {hops === 1 ? "hop" : "hops"}
    <Button
      variant="ghost"
      size="icon-sm"
      className="size-5"
      aria-label="More hops"
      disabled={hops >= MAX_HOPS}
      onClick={() => onHops(hops + 1)}
    >
      <Plus />
    </Button>
  </span>
);
