import { type Series, series, title } from '../series.ts';

/** To the next series, or from a SLURP to the next one. */
export type HopKind = 'next' | 'slurp';

export type HopRefusalCode = 'already-there' | 'backwards' | 'not-slurp-skip';

export interface HopRefusal {
  readonly code: HopRefusalCode;
  readonly reason: string;
  readonly remedy: string | undefined;
}

export type HopAnswer =
  | { readonly ok: true; readonly kind: HopKind }
  | { readonly ok: false; readonly refusal: HopRefusal };

/**
 * Whether OpenStack allows to go from one series to another at once: to the next one, or from a SLURP to the next SLURP (resolution of
 * the technical committee of 2022-02-10, release cadence adjustment). Nothing else is tested upstream.
 *
 * @example
 * hopBetween(zed, epoxy); // { ok: false, refusal: { code: 'not-slurp-skip', … } }
 */
export function hopBetween(from: Series, to: Series): HopAnswer {
  const [start, end] = [series.indexOf(from), series.indexOf(to)];
  if (start === end) return refusedHop('already-there', `it is ${title(to)} already`, undefined);
  if (end < start)
    return refusedHop(
      'backwards',
      `${title(from)} does not go back to ${title(to)}: databases are migrated in one direction`,
      'Restore the databases and packages of before.',
    );
  if (end === start + 1) return { ok: true, kind: 'next' };
  const slurp = from.slurp === true ? series.find((row, at) => at > start && row.slurp === true) : undefined;
  if (slurp === to) return { ok: true, kind: 'slurp' };
  const why =
    from.slurp === true
      ? `from ${title(from)} the next SLURP is ${slurp === undefined ? 'not known' : title(slurp)}`
      : `${title(from)} is no SLURP: only the next series follows it`;
  return refusedHop(
    'not-slurp-skip',
    `${title(from)} to ${title(to)} passes over ${end - start - 1} series: ${why}`,
    'Take the hops that `planPath` names.',
  );
}

const refusedHop = (code: HopRefusalCode, reason: string, remedy: string | undefined): HopAnswer => ({
  ok: false,
  refusal: { code, reason, remedy },
});
