import { Download, List, Spline, Workflow } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { Kbd } from "#components/ui/kbd.tsx";

interface FlowActionsProps {
  readonly list: boolean;
  readonly onList: (on: boolean) => void;
  readonly causes: boolean;
  readonly onCauses: (on: boolean) => void;
  readonly onFit: () => void;
  readonly onExport: (format: "png" | "svg") => void;
  readonly exportOpen: boolean;
  readonly onExportOpen: (open: boolean) => void;
}
/** What can be done with the drawn graph: show causes, fit it to the window, export it. */
export function FlowActions({
  list,
  onList,
  causes,
  onCauses,
  onFit,
  onExport,
  exportOpen,
  onExportOpen,
}: FlowActionsProps) {
  return (
    <div className="flex items-center gap-2">
      <Button
        variant="outline"
        size="lg"
        onClick={() => onList(!list)}
        title={list ? "Show the graph" : "Show every node in a list"}
      >
        {list ? <Workflow /> : <List />} <span className="@max-[860px]:sr-only">{list ? "Graph" : "List"}</span>{" "}
        <Kbd className="@max-[860px]:hidden">l</Kbd>
      </Button>
      <Button
        variant="outline"
        size="lg"
        disabled={list}
        aria-pressed={causes}
        className={causes ? "border-acc/60 text-text" : ""}
        onClick={() => onCauses(!causes)}
        title="Show which events cause which, from topic to topic"
      >
        <Spline /> <span className="@max-[640px]:sr-only">Causes</span> <Kbd className="@max-[860px]:hidden">c</Kbd>
      </Button>
      <Button variant="outline" size="lg" disabled={list} onClick={onFit}>
        Fit <Kbd className="@max-[860px]:hidden">f</Kbd>
      </Button>
      <DropdownMenu open={exportOpen} onOpenChange={onExportOpen}>
        <DropdownMenuTrigger asChild>
          <Button variant="outline" size="lg" disabled={list}>
            <Download className="@min-[640px]:hidden" /> <span className="@max-[640px]:sr-only">Export</span>
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem onSelect={() => onExport("png")}>PNG image</DropdownMenuItem>
          <DropdownMenuItem onSelect={() => onExport("svg")}>SVG image</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </div>
  );
}
