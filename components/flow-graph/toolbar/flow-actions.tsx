import { Download, Spline } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { Kbd } from "#components/ui/kbd.tsx";

interface FlowActionsProps {
  readonly causes: boolean;
  readonly onCauses: (on: boolean) => void;
  readonly onFit: () => void;
  readonly onExport: (format: "png" | "svg") => void;
  readonly exportOpen: boolean;
  readonly onExportOpen: (open: boolean) => void;
}
/** What can be done with the drawn graph: show causes, fit it to the window, export it. */
export function FlowActions({ causes, onCauses, onFit, onExport, exportOpen, onExportOpen }: FlowActionsProps) {
  return (
    <div className="flex items-center gap-2">
      <Button
        variant="outline"
        size="lg"
        aria-pressed={causes}
        className={causes ? "border-acc/60 text-text" : ""}
        onClick={() => onCauses(!causes)}
        title="Show which events cause which, from topic to topic"
      >
        <Spline /> <span className="@max-[640px]:sr-only">Causes</span> <Kbd className="@max-[860px]:hidden">c</Kbd>
      </Button>
      <Button variant="outline" size="lg" onClick={onFit}>
        Fit <Kbd className="@max-[860px]:hidden">f</Kbd>
      </Button>
      <DropdownMenu open={exportOpen} onOpenChange={onExportOpen}>
        <DropdownMenuTrigger asChild>
          <Button variant="outline" size="lg">
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
