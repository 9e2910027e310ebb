import { SearchX } from "lucide-react";
import Link from "next/link";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { pages } from "#lib/client/routes.ts";

export default function NotFound() {
  return (
    <EmptyState icon={SearchX} title="Nothing stands at this address">
      It may have been kept for a while and dropped since, or never have been. Search with ⌘K, or go to{" "}
      <Link href={pages.flow()} className="text-acc underline underline-offset-4">
        the flow
      </Link>
      .
    </EmptyState>
  );
}
