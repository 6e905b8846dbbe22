/** A path as people write it who look at their file: `rules.0.do.1` is `rules[0].do[1]`. */
export const bracketed = (field: string): string => field.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]');
