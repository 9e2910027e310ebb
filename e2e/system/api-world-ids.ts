/** What the tests of the API know of their world. */
export const TRACE = "0af7651916cd43dd8448eb211c80319c";
export const CONVERSATION = "11111111222233334444555555555555";
export const FINGERPRINT = "00c0ffee00c0ffee";
/** events of orders[0], in flushes of a hundred */
export const ORDERS_EVENTS = 1050;

export const uuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
