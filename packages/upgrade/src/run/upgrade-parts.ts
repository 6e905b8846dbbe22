import { series, type Series } from '../series.ts';
import type { PlanUpgradeOptions } from './plan-options.ts';
import type { Recipe } from './recipe.ts';
import { recipeOf, recipes } from './recipes.ts';
import { hostsRunning, type TopologyHost } from './topology.ts';

/** A service that is to be upgraded, where it runs, and how. */
export interface UpgradePart {
  readonly recipe: Recipe;
  /** Hosts of its control plane; the first has its tools. */
  readonly control: readonly TopologyHost[];
  readonly data: readonly TopologyHost[];
  /** The major version that it has afterwards; null where the series does not tell. */
  readonly major: number | null;
  /** Whether it is down while it is upgraded. */
  readonly outage: boolean;
  /** Whether the old code is known to work on what the first migrations leave. */
  readonly oldCodeGoesOn: boolean;
}

/** What tells the services of a topology. */
type PartsOptions = Pick<PlanUpgradeOptions, 'topology' | 'services' | 'strategy' | 'outage' | 'schema'>;

/** The services of the topology, in the order in which they are upgraded. */
export function partsOf(
  { topology, services, strategy, outage = [], schema = [] }: PartsOptions,
  to: Series,
): UpgradePart[] {
  return recipes.flatMap((recipe) => {
    if (services !== undefined && !services.includes(recipe.service)) return [];
    const control = controlHosts(recipe, hostsRunning(topology, recipe.control.flat()));
    const data = hostsRunning(topology, recipe.data.flat());
    if (control.length + data.length === 0) return [];
    const verdict = schema.find(({ service }) => service === recipe.service)?.verdict;
    const isDown = (strategy === 'outage' || outage.includes(recipe.service)) && control.length > 0;
    return [
      {
        recipe,
        control,
        data,
        major: majorOf(recipe, to),
        outage: isDown,
        oldCodeGoesOn: recipe.rolling.documented && verdict !== 'fail',
      },
    ];
  });
}

/** Components of the topology that no recipe knows. */
export const strangersIn = ({ topology }: Pick<PlanUpgradeOptions, 'topology'>): string[] => [
  ...new Set(topology.hosts.flatMap(({ runs }) => runs.filter((name) => recipeOf(name) === undefined))),
];

/** The host where the service begins is first: it gets the new tools first. */
function controlHosts({ control: [first = []] }: Recipe, hosts: readonly TopologyHost[]): TopologyHost[] {
  return hosts.toSorted((a, b) => Number(begins(b, first)) - Number(begins(a, first)));
}

const begins = ({ runs }: TopologyHost, first: readonly string[]): boolean =>
  runs.some((name) => first.includes(name));

const EPOXY = series.findIndex(({ name }) => name === 'epoxy');

const majorOf = ({ majorAtEpoxy }: Recipe, to: Series): number | null =>
  majorAtEpoxy === undefined ? null : majorAtEpoxy + series.indexOf(to) - EPOXY;
