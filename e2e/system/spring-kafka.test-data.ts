/** Orders of which six in nine fail, by three causes. */
export const PAYMENTS = 20;

/** What is wrong with an order decides which bug it meets: of 900, 300 + 200 + 100 fail. */
export const CAUSES = [
  {
    wrong: "currency",
    failing: 300,
    rootCause: "shop.orders.Gateway$UnknownCurrency",
    title: /^Gateway\$UnknownCurrency: no rate for GBP of order <id>.* in Gateway\.convert$/,
    chain: [
      "ListenerExecutionFailedException",
      "shop.orders.Gateway$ChargeFailed",
      "shop.orders.Gateway$UnknownCurrency",
    ],
  },
  {
    wrong: "limit",
    failing: 200,
    rootCause: "java.lang.IllegalStateException",
    title: /^IllegalStateException: card of order <id> refused.* in Gateway\.charge$/,
    chain: ["ListenerExecutionFailedException", "java.lang.IllegalStateException"],
  },
  {
    wrong: "zip",
    failing: 100,
    rootCause: "java.lang.NullPointerException",
    title: /^NullPointerException: .* in Gateway\.label$/,
    chain: ["ListenerExecutionFailedException", "java.lang.NullPointerException"],
  },
] as const;

export const orders = Array.from({ length: 900 }, (_, i) => {
  const wrong = i % 9 < 3 ? "currency" : i % 9 < 5 ? "limit" : i % 9 < 6 ? "zip" : "nothing";
  const id = `o${i}x${(i * 7919) % 1000}`;
  return {
    wrong,
    partition: i % 3,
    key: id,
    value: [
      id,
      wrong === "zip" ? "00000" : "10115",
      wrong === "currency" ? "GBP" : "EUR",
      wrong === "limit" ? 200_000 + i : 1000 + i,
    ].join(";"),
  };
});

export const traceOf = (i: number) =>
  `00-${(i + 1).toString(16).padStart(32, "0")}-${(i + 1).toString(16).padStart(16, "0")}-01`;
