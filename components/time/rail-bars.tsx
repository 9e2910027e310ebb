import type { RailView } from "#lib/contracts/flow-detail.ts";

const HEIGHT = 46;

/** Events per step as bars; steps with failed events have a red foot. */
export function RailBars({ points }: { readonly points: RailView["points"] }) {
  const mostEvents = Math.max(1, ...points.map((point) => point.events));
  const width = 1000 / Math.max(1, points.length);
  return (
    <svg
      viewBox={`0 0 1000 ${HEIGHT}`}
      width="100%"
      height={HEIGHT}
      preserveAspectRatio="none"
      aria-hidden
      className="block"
    >
      {points.map((point, index) => {
        const tall = point.events === 0 ? 0.5 : Math.max(1.5, (point.events / mostEvents) * (HEIGHT - 4));
        return (
          <g key={point.at}>
            <rect
              x={index * width + width * 0.12}
              y={HEIGHT - tall}
              width={width * 0.76}
              height={tall}
              fill="var(--bar)"
            />
            {point.errors > 0 && (
              <rect
                x={index * width + width * 0.12}
                y={HEIGHT - 4}
                width={width * 0.76}
                height={4}
                fill="var(--bad-strong)"
              />
            )}
          </g>
        );
      })}
    </svg>
  );
}
