"use client";
import { useEffect } from "react";
import { ErrorPanel } from "#components/ui/error-panel.tsx";

export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <div className="p-5">
      <ErrorPanel
        title="This page could not be shown"
        error={error.digest === undefined ? error : `See the server log, entry ${error.digest}.`}
        onRetry={reset}
      >
        Other pages and stored data are not affected.
      </ErrorPanel>
    </div>
  );
}
