import { SearchX } from "lucide-react";
import Link from "next/link";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { pages } from "#lib/client/routes.ts";

export default function NotFound() {
  return (
    <EmptyState icon={SearchX} title="Page not found">
      The page does not exist, or its data has passed the retention. Search with ⌘K, or go to{" "}
      <Link href={pages.flow()} className="text-acc underline underline-offset-4">
        Flow
      </Link>
      .
    </EmptyState>
  );
}
