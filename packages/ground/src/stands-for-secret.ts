/** Tells whether a value behind the name of a secret is none: nothing, a mask of others, a place that a format fills. */
export const standsForSecret = (value: string): boolean =>
  value.length <= 200
    ? value === '' || STANDS.test(value.trim()) || BEGINS_MASKED.test(value)
    : BEGINS_MASKED.test(value);

const STANDS =
  /^(?:\*+|x{3,}|-+|\.{3}|…|none|null|nil|undefined|true|false|yes|no|redacted|masked|hidden|<[\w \-/.:*]{0,80}>?|\[[\w -]{0,40}\]?|\{\}|\(\)|%[srd]|%\(\w+\)s|\$\{?\w+\}?|\{\w*\}|\{\{[^{}]{0,80}\}\}|\{SHA\d*\}\w+|Secret\(.*|SANITIZED|\*{3}\S{0,3})$/i;
/** The rest of a line belongs to what stands first in it: `password: <redacted>, name: web`. */
const BEGINS_MASKED = /^(?:\*{3,}|<[A-Za-z][\w -]{0,40}>)[,;\s]/;
