/**
 * A time as services tell it, in milliseconds since 1970; `undefined` for what is none, which compares as neither before nor
 * after anything. One without a zone is UTC (oslo.utils' `timeutils`), as `Timestamp` of core has it.
 */
export function momentOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
