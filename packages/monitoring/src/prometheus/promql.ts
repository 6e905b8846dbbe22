/** A condition on a label: its name, how it compares, and with what. */
export type Matcher = readonly [label: string, operator: '=' | '!=' | '=~' | '!~', value: string];

/** A string of JSON, which is one of YAML and of PromQL as well: only `"` and `\` need their backslash. */
export const quoted = (text: string): string => JSON.stringify(text);

/** A selector of series: `openstack_nova_agent_state{adminState="enabled"}`. */
export function selector(metric: string, matchers: readonly Matcher[] = []): string {
  const conditions = matchers.map(([label, operator, value]) => `${label}${operator}${quoted(value)}`);
  return conditions.length === 0 ? metric : `${metric}{${conditions.join(',')}}`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** `30m`, `1h`, `3d`: a length of time in its largest whole unit. */
export function windowName(ms: number): string {
  const [unit, length] = UNITS.find(([, size]) => ms % size === 0) ?? ['ms', 1];
  return `${ms / length}${unit}`;
}

/** The duration in PromQL, in all its units: `59m59s999ms`. */
export function promqlDuration(ms: number): string {
  let left = ms;
  let text = '';
  for (const [unit, size] of UNITS) {
    const whole = Math.floor(left / size);
    if (whole > 0) text += `${whole}${unit}`;
    left -= whole * size;
  }
  return text;
}
