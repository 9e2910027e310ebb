"use client";
import { Tabs as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export const Tabs = Radix.Root;
export const TabsList = ({ className, ...props }: ComponentProps<typeof Radix.List>) => (
  <Radix.List className={cn("flex gap-5 overflow-x-auto overflow-y-hidden border-b", className)} {...props} />
);
export const TabsTrigger = ({ className, ...props }: ComponentProps<typeof Radix.Trigger>) => (
  <Radix.Trigger
    className={cn(
      "-mb-px h-9 shrink-0 border-b-2 border-transparent px-0.5 whitespace-nowrap text-mut",
      "hover:text-text focus-visible:outline-offset-[-2px]",
      "data-[state=active]:border-text data-[state=active]:text-text",
      className,
    )}
    {...props}
  />
);
export const TabsContent = ({ className, ...props }: ComponentProps<typeof Radix.Content>) => (
  <Radix.Content className={cn("pt-3.5", className)} {...props} />
);
