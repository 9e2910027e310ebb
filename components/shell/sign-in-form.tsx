"use client";
import { useState, type FormEvent } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input, Label } from "#components/ui/input.tsx";
import { onSite } from "#lib/client/base-path.ts";
import { ApiError, fetchJson } from "#lib/client/fetch-json.ts";
import { nextPage } from "#lib/client/next-page.ts";
import { api } from "#lib/client/routes.ts";
import { SessionView } from "#lib/contracts/session.ts";
import { Brand } from "./brand.tsx";

/** Signs in with a token. `next`: the page to open afterwards; only addresses of this site are followed. */
export function SignInForm({ next }: { readonly next: string }) {
  const [token, setToken] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      await fetchJson(api.session(), SessionView, { method: "POST", body: { token } });
      // Load a new page: nothing cached before signing in may stay.
      location.assign(onSite(nextPage(next)));
    } catch (error) {
      setRefusal(error instanceof ApiError ? error.message : "Sign-in failed. See the browser console for details.");
      setBusy(false);
    }
  };
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <form
        onSubmit={(event) => void signIn(event)}
        className="flex w-full max-w-sm flex-col gap-4 rounded-xl border border-line2 bg-panel p-6 shadow-float"
      >
        <h1 className="flex items-center gap-2.5 text-base font-semibold tracking-tight">
          <Brand /> Sign in to Flowtap
        </h1>
        <div className="flex flex-col gap-1.5">
          <Label htmlFor="token">Token</Label>
          <Input
            id="token"
            name="token"
            type="password"
            autoComplete="current-password"
            autoFocus
            required
            maxLength={500}
            value={token}
            onChange={(event) => setToken(event.target.value)}
            {...(refusal !== null && { "aria-invalid": true, "aria-describedby": "refused" })}
          />
          {refusal !== null && (
            <p id="refused" role="alert" className="text-bad">
              {refusal}
            </p>
          )}
        </div>
        <Button type="submit" variant="primary" size="lg" disabled={busy || token === ""}>
          {busy ? "Signing in…" : "Sign in"}
        </Button>
        <p className="text-xs text-dim">
          Viewers can read; operators can also make changes and run replays. Tokens are set in Flowtap’s configuration (
          <code className="font-mono">access.tokens</code>): ask your administrator.
        </p>
      </form>
    </main>
  );
}
