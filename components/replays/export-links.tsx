import { Download } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { onSite } from "#lib/client/base-path.ts";
import { api } from "#lib/client/routes.ts";

/** The whole run as a file: who, when, why, and every item with what became of it. */
export const ExportLinks = ({ id }: { readonly id: number }) => (
  <>
    {(["csv", "json"] as const).map((format) => (
      <Button key={format} asChild>
        <a href={onSite(api.replayExport(id, { format }))} download={`replay-${id}.${format}`}>
          <Download /> {format.toUpperCase()}
        </a>
      </Button>
    ))}
  </>
);
