import type { ReactNode } from "react";

/** The line of filters above a list. */
export const FilterBar = ({ children }: { readonly children: ReactNode }) => (
  <div role="search" className="flex flex-wrap items-center gap-2">
    {children}
  </div>
);

/** A name and its value, in a list of details. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-baseline gap-3 py-1">
      <dt className="w-20 shrink-0 text-dim">{name}</dt>
      <dd className="min-w-0 flex-1 break-words">{children}</dd>
    </div>
  );
}
