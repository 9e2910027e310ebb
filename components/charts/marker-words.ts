/** Before this share of a chart's width a mark's words stand right of its line, after it left. */
export const WORDS_TURN_AT = 0.4;
