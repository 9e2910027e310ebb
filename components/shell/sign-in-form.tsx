"use client";
import { useState, type FormEvent } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input, Label } from "#components/ui/input.tsx";
import { ApiError, fetchJson } from "#lib/client/fetch-json.ts";
import { api } from "#lib/client/routes.ts";
import { SessionView } from "#lib/contracts/session.ts";
import { Brand } from "./brand.tsx";

/** Trades a token for a session. `next`: where the reader was going; only addresses of this site are followed. */
export function SignInForm({ next }: { readonly next: string }) {
  const [token, setToken] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    try {
      await fetchJson(api.session(), SessionView, { method: "POST", body: { token } });
      // A whole new page: whatever was cached for nobody must not stay.
      location.assign(/^\/(?![/\\])/.test(next) ? next : "/");
    } catch (error) {
      setRefused(error instanceof ApiError ? error.message : "Signing in failed; the browser's console may say why.");
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
            {...(refused !== null && { "aria-invalid": true, "aria-describedby": "refused" })}
          />
          {refused !== null && (
            <p id="refused" role="alert" className="text-bad">
              {refused}
            </p>
          )}
        </div>
        <Button type="submit" variant="primary" size="lg" disabled={busy || token === ""}>
          {busy ? "Signing in…" : "Sign in"}
        </Button>
        <p className="text-xs text-dim">
          A viewer's token reads; an operator's may also replay. Both come from Flowtap's configuration (
          <code className="font-mono">access.tokens</code>): ask whoever runs it.
        </p>
      </form>
    </main>
  );
}
