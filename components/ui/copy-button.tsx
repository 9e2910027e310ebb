"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { Button, type ButtonProps } from "./button.tsx";

interface CopyButtonProps extends Omit<ButtonProps, "onClick" | "value"> {
  /** What is copied: text, or how to make it when it is asked for. */
  readonly value: string | (() => string);
  /** With a label a button of words, without one an icon. */
  readonly label?: ReactNode;
  /** What is copied, for those who do not see the icon. */
  readonly what?: string;
}
export function CopyButton({ value, label, what = "value", ...props }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 1600);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = () => {
    void copyText(typeof value === "string" ? value : value()).then((copied) =>
      setState(copied ? "copied" : "refused"),
    );
  };
  return (
    <Button
      variant={label === undefined ? "ghost" : "default"}
      size={label === undefined ? "icon-sm" : "md"}
      {...props}
      onClick={copy}
      {...(label === undefined && { "aria-label": `Copy ${what}`, title: `Copy ${what}` })}
    >
      {state === "copied" ? <Check className="text-ok" /> : <Copy />}
      {label !== undefined && (state === "copied" ? "Copied" : state === "refused" ? "The browser refused" : label)}
      {label === undefined && (
        <span role="status" className="sr-only">
          {state === "copied" ? "Copied" : state === "refused" ? "The browser refused to copy" : ""}
        </span>
      )}
    </Button>
  );
}

/** The clipboard API is missing on plain http beyond localhost; the old command still works there. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}
