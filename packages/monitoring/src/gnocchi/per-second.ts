import type { AggregatePoint } from './aggregate-series.ts';

/**
 * How fast a counter rises, per second, between each point and the one before. Gnocchi does not say that: `rate:mean` is the change
 * from one measure to the next, whatever lies between them, and `rateofchangesec` came with Gnocchi 4.5.
 *
 * A counter that fell began anew, as that of a server that was stopped does (gnocchixyz/gnocchi issue 1079): how far it rose in that time
 * is not known, and there is no point for it.
 *
 * @param points - of an ever rising counter, by `last`, `max` or `mean`; not of `rate:…`
 * @example
 * const { value } = await gnocchi.measures({ metric: 'cpu', resource: server.id, method: 'mean' });
 * const cores = perSecond(value?.points ?? []).map((point) => point.value / 1e9); // `cpu` counts ns
 */
export function perSecond(points: readonly AggregatePoint[]): AggregatePoint[] {
  return points.flatMap(({ at, value }, index) => {
    const before = points[index - 1];
    if (before === undefined || value < before.value || at <= before.at) return [];
    return [{ at, value: (value - before.value) / ((at - before.at) / 1000) }];
  });
}
