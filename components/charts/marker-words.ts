/** Left of this share of a chart's width, a mark's label is right of its line; otherwise left of it. */
export const LABEL_FLIPS_AT = 0.4;
