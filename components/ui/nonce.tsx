"use client";
import { createContext, use, useEffect, type ReactNode } from "react";

const Nonce = createContext<string | undefined>(undefined);

/** The nonce of the Content-Security-Policy, for the few components that write a style element. */
export const useNonce = (): string | undefined => use(Nonce);

export function NonceProvider({
  nonce,
  children,
}: {
  readonly nonce: string | undefined;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    // The scroll lock of Radix dialogs writes a style element and reads its nonce here.
    if (nonce !== undefined) (globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;
  }, [nonce]);
  return <Nonce value={nonce}>{children}</Nonce>;
}
