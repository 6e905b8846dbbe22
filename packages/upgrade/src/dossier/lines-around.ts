/** Milliseconds since 1970. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The lines of a log that were written in a window. Lines that begin with no time, such as those of a traceback, belong to the one before.
 *
 * @param zone - the offset from UTC of times that name none, as `date +%z` tells it: `+0100`
 */
export function linesAround(text: string, { from, to }: Window, zone: string): string {
  const offset = offsetOf(zone);
  let isInside = false;
  return text
    .split('\n')
    .filter((line) => {
      const at = timeOf(line, offset);
      if (at !== undefined) isInside = at >= from && at <= to;
      return isInside;
    })
    .join('\n');
}

const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?/;

function timeOf(line: string, offset: string): number | undefined {
  const [whole, day, clock, , zone] = TIME.exec(line) ?? [];
  if (whole === undefined) return undefined;
  const at = Date.parse(
    `${day}T${clock}${zone === undefined ? offset : zone.replace(/^([+-]\d\d):?/, '$1:')}`,
  );
  return Number.isNaN(at) ? undefined : at;
}

/** @throws RangeError if it is none: a time of an unknown zone is no time */
function offsetOf(zone: string): string {
  const [, hours, minutes] = /^([+-]\d\d)(\d\d)$/.exec(zone.trim()) ?? [];
  if (hours === undefined) throw new RangeError(`\`date +%z\` told no zone: ${zone.trim().slice(0, 40)}`);
  return `${hours}:${minutes}`;
}
