import { cn } from "./cn.ts";

interface BrokerTextProps {
  readonly text: string;
  readonly mono?: boolean;
  /** Longer texts are cut in the middle; the title has up to 2,000 characters. */
  readonly maxLength?: number;
  readonly className?: string;
}
/**
 * Untrusted text from a broker: its writing direction is isolated from the text around it, control characters are made
 * visible, and its length is bounded.
 */
export function BrokerText({ text, mono = false, maxLength = 120, className }: BrokerTextProps) {
  const shown = visible(
    text.length <= maxLength
      ? text
      : `${text.slice(0, Math.ceil(maxLength / 2))}…${text.slice(-Math.floor(maxLength / 2) + 1)}`,
  );
  return (
    <bdi
      className={cn(mono && "font-mono text-xs", className)}
      {...(text.length > maxLength && { title: visible(text.slice(0, 2000)) })}
    >
      {shown}
    </bdi>
  );
}

// C0 and C1 controls, zero-width and direction-changing characters: shown as a box and never interpreted.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const visible = (text: string): string => text.replace(INVISIBLE, "␣");
