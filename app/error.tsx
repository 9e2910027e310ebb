"use client";
import { useEffect } from "react";
import { ErrorPanel } from "#components/ui/error-panel.tsx";

export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <div className="p-5">
      <ErrorPanel
        title="This page failed to show"
        error={error.digest === undefined ? error : `The server's log has the reason under ${error.digest}.`}
        onRetry={reset}
      >
        The other pages, and what Flowtap stores, are not affected.
      </ErrorPanel>
    </div>
  );
}
