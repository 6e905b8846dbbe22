import { z } from 'zod';
import { parseArguments } from '@groundcrew/ground';
import type { Loss, SimulationInventory } from './inventory.ts';
import { IndexedInventory } from './indexed-inventory.ts';
import { checkedOptions, type SimulateLossOptions } from './simulate-options.ts';
import { simulateIn, type SimulationReport } from './simulate.ts';

export interface SimulateAllOptions extends SimulateLossOptions {
  /** The pairs of hosts that are lost, too. @default 'none' */
  readonly double?: 'none' | 'all' | { readonly sample: number; readonly seed: number } | undefined;
  /** Number of reports that are kept, the worst first. @default 20 */
  readonly worst?: number | undefined;
}

const furtherOptions = z.strictObject({
  double: z.union([z.enum(['none', 'all']), z.strictObject({ sample: z.int().min(1), seed: z.number() })]),
  worst: z.int().min(0),
});

/** The result of all simulated losses. */
export interface SimulationSummary {
  readonly simulated: {
    readonly hosts: number;
    readonly racks: number;
    readonly zones: number;
    readonly pairs: number;
  };
  /** Worst first: components that stop, servers that stay down, servers that stop. */
  readonly worst: readonly SimulationReport[];
  /** Losses after which a component of the management stack stops or has no quorum: single points of failure. */
  readonly stackStops: readonly { readonly loss: Loss; readonly components: readonly string[] }[];
  /** Number of losses after which not every server restarts. */
  readonly notAllRestart: number;
  /** Number of losses for which that is unknown. */
  readonly unknown: number;
}

/**
 * Simulates every single loss of a host, a rack and a zone, and pairs of hosts on request.
 *
 * @throws InputError for an unknown option, with its name
 * @example
 * const { worst, stackStops } = simulateAll(inventory, { double: { sample: 2000, seed: 1 } });
 */
export function simulateAll(
  inventory: SimulationInventory,
  options: SimulateAllOptions = {},
): SimulationSummary {
  const checked = checkedOptions(options, 'simulateAll', ['double', 'worst']);
  const { double = 'none', worst: keep = 20 } = options;
  parseArguments('simulateAll', furtherOptions, { double, worst: keep });
  const indexed = new IndexedInventory(inventory);
  const { hosts, racks, zones } = indexed;
  const pairs = pairsOf(hosts, double);
  const stackStops: { loss: Loss; components: string[] }[] = [];
  let kept: SimulationReport[] = [];
  let notAllRestart = 0;
  let unknown = 0;
  const judge = (loss: Loss): void => {
    const report = simulateIn(indexed, loss, checked);
    if (report.verdict === 'unknown') unknown += 1;
    else if (report.stays.length > 0) notAllRestart += 1;
    const components = report.components.filter(stops).map(({ name }) => name);
    if (components.length > 0) stackStops.push({ loss, components });
    kept.push(report);
    // Only the worst are kept: reports of large clouds are large.
    if (kept.length >= keep * 4) kept = kept.toSorted(byHarm).slice(0, keep);
  };
  for (const host of hosts) judge({ hosts: [host] });
  for (const rack of racks) judge({ racks: [rack] });
  for (const zone of zones) judge({ zones: [zone] });
  for (const pair of pairs) judge({ hosts: pair });
  return {
    simulated: { hosts: hosts.length, racks: racks.length, zones: zones.length, pairs: pairs.length },
    worst: kept.toSorted(byHarm).slice(0, keep),
    stackStops,
    notAllRestart,
    unknown,
  };
}

const stops = ({ effect }: SimulationReport['components'][number]): boolean =>
  effect === 'stopped' || effect === 'no-quorum';

const byHarm = (a: SimulationReport, b: SimulationReport): number =>
  b.components.filter(stops).length - a.components.filter(stops).length ||
  b.stays.length - a.stays.length ||
  b.stops - a.stops;

function pairsOf(
  hosts: readonly string[],
  double: NonNullable<SimulateAllOptions['double']>,
): [string, string][] {
  if (double === 'none' || hosts.length < 2) return [];
  if (double === 'all')
    return hosts.flatMap((a, at) => hosts.slice(at + 1).map((b): [string, string] => [a, b]));
  const random = mulberry32(double.seed);
  const pick = (): string => hosts[Math.floor(random() * hosts.length)] ?? '';
  return Array.from({ length: double.sample }, (): [string, string] => {
    const a = pick();
    let b = pick();
    while (b === a) b = pick();
    return [a, b];
  });
}

/** A small generator with a seed (Tommy Ettinger's mulberry32, public domain), so that a sample can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
