/** Renders a component as the site does: with its query client, its address, its tooltips and its toasts. */
import "./dom.ts";
import { afterEach } from "node:test";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render } from "@testing-library/react";
import { userEvent, type UserEvent } from "@testing-library/user-event";
import { AppRouterContext } from "next/dist/shared/lib/app-router-context.shared-runtime.js";
import { PathnameContext, SearchParamsContext } from "next/dist/shared/lib/hooks-client-context.shared-runtime.js";
import { NuqsTestingAdapter } from "nuqs/adapters/testing";
import { useState, type ReactNode } from "react";
import { Toaster } from "#components/ui/toast.tsx";
import { TooltipProvider } from "#components/ui/tooltip.tsx";

interface PageOptions {
  readonly pathname?: string;
  /** the address's parameters, without the question mark */
  readonly search?: string;
}
export interface RenderedPage {
  readonly user: UserEvent;
  readonly client: QueryClient;
  /** where the page went by itself, oldest first */
  readonly pushed: readonly string[];
  /** the address's parameters now */
  readonly search: () => URLSearchParams;
  readonly rerender: (ui: ReactNode) => void;
  readonly unmount: () => void;
}

// How long `findBy…` and `waitFor` wait at most: a busy machine must not fail a test.
configure({ asyncUtilTimeout: 20_000 });
afterEach(cleanup);

export function renderPage(ui: ReactNode, { pathname = "/", search = "" }: PageOptions = {}): RenderedPage {
  // Without retries errors show at once; without garbage collection no timer keeps the test process alive.
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false, gcTime: Infinity }, mutations: { gcTime: Infinity } },
  });
  const pushed: string[] = [];
  let current = new URLSearchParams(search);
  const router = {
    push: (href: string) => void pushed.push(href),
    replace: (href: string) => void pushed.push(href),
    refresh: () => undefined,
    prefetch: () => undefined,
    back: () => undefined,
    forward: () => undefined,
  };
  const Site = ({ children }: { readonly children: ReactNode }) => {
    const [parameters, setParameters] = useState(current);
    return (
      <AppRouterContext value={router as never}>
        <PathnameContext value={pathname}>
          <SearchParamsContext value={parameters}>
            <QueryClientProvider client={client}>
              <NuqsTestingAdapter
                hasMemory
                searchParams={search}
                onUrlUpdate={({ searchParams }) => {
                  current = searchParams;
                  setParameters(searchParams);
                }}
              >
                <TooltipProvider>
                  {children}
                  <Toaster />
                </TooltipProvider>
              </NuqsTestingAdapter>
            </QueryClientProvider>
          </SearchParamsContext>
        </PathnameContext>
      </AppRouterContext>
    );
  };
  const { rerender, unmount } = render(<Site>{ui}</Site>);
  return {
    user: userEvent.setup({ document }),
    client,
    pushed,
    search: () => current,
    rerender: (next) => rerender(<Site>{next}</Site>),
    unmount,
  };
}
