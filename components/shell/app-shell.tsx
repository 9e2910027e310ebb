"use client";
import { usePathname, useRouter } from "next/navigation";
import { Suspense, useState, type ReactNode } from "react";
import { DemoPanel } from "#components/shell/demo-panel.tsx";
import { SearchDialog } from "#components/search/search-dialog.tsx";
import { cn } from "#components/ui/cn.ts";
import { pages } from "#lib/client/routes.ts";
import { OutageBanner } from "./cluster-status.tsx";
import { Header } from "./header.tsx";
import { KeysHelp } from "./keys-help.tsx";
import { LiveProvider } from "./live.tsx";
import { Nav } from "./nav.tsx";
import { NAV_ITEMS } from "./nav-items.ts";
import { usePageState } from "./use-page-state.ts";
import { useHotkeys } from "./use-hotkeys.ts";

/** Navigation, header and live data around a page. The sign-in page has none: nobody is signed in there. */
export function AppShell({ children }: { readonly children: ReactNode }) {
  if (usePathname() === pages.signIn()) return children;
  return (
    // Components below read the search parameters; without a boundary Next refuses to prerender.
    <Suspense>
      <LiveProvider>
        <Frame>{children}</Frame>
      </LiveProvider>
    </Suspense>
  );
}

function Frame({ children }: { readonly children: ReactNode }) {
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  const router = useRouter();
  const pageState = usePageState();
  useHotkeys({
    "mod+k": () => setSearching(true),
    "?": () => setHelping(true),
    ...Object.fromEntries(NAV_ITEMS.map((item) => [`g ${item.key}`, () => router.push(item.href(pageState))])),
  });
  return (
    <div
      className={cn(
        "grid h-dvh grid-cols-[208px_minmax(0,1fr)]",
        "max-lg:grid-cols-[56px_minmax(0,1fr)] max-md:grid-cols-1",
      )}
    >
      <a
        href="#content"
        className="sr-only z-[80] rounded-md bg-raise px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <Nav variant="rail" />
      <div className="flex min-h-0 min-w-0 flex-col">
        <Header onSearch={() => setSearching(true)} onHelp={() => setHelping(true)} />
        <OutageBanner />
        <main id="content" className="relative min-h-0 flex-1 overflow-y-auto">
          {children}
        </main>
      </div>
      <SearchDialog open={searching} onOpenChange={setSearching} />
      <KeysHelp open={helping} onOpenChange={setHelping} />
      <DemoPanel />
    </div>
  );
}
