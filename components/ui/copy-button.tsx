"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { Button, type ButtonProps } from "./button.tsx";

interface CopyButtonProps extends Omit<ButtonProps, "onClick" | "value"> {
  /** The text to copy, or a function that makes it on the click. */
  readonly value: string | (() => string);
  /** Without a label the button is an icon. */
  readonly label?: ReactNode;
  /** Names what is copied in the icon’s accessible name: "Copy the body". */
  readonly what?: string;
}
export function CopyButton({ value, label, what = "value", ...props }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 1600);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = () => {
    void copyText(typeof value === "string" ? value : value()).then((copied) => setState(copied ? "copied" : "failed"));
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
      {label !== undefined && (state === "copied" ? "Copied" : state === "failed" ? "Copy failed" : label)}
      {label === undefined && (
        <span role="status" className="sr-only">
          {state === "copied" ? "Copied" : state === "failed" ? "Copy failed" : ""}
        </span>
      )}
    </Button>
  );
}

/** The clipboard API is missing on plain http outside localhost; the old command still works there. */
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
