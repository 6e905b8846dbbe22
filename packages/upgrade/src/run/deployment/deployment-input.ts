import type { SeriesName } from '@groundcrew/ground/series';
import { hopBetween } from '../../path/hop-between.ts';
import { type Series, series } from '../../series.ts';
import { rowOf } from '../judge-upgrade.ts';
import type { PlannedHop } from '../plan-upgrade.ts';
import { componentsOf, recipes } from '../recipes.ts';
import { partsOf, strangersIn, type UpgradePart } from '../upgrade-parts.ts';
import type { DeploymentRefusal, DeploymentToolName } from './deployment.ts';
import type { DeploymentOptions } from './deployment-options.ts';

/** What is known of a deployment tool, whatever is asked of it. */
export interface DeploymentTool<Release> {
  readonly name: DeploymentToolName;
  /** The releases whose command lines are known, by the series that they deploy. */
  readonly releases: { readonly [name in SeriesName]?: Release };
  readonly lacks: readonly LackedComponent[];
}

/** A component that a tool does not deploy. */
interface LackedComponent {
  readonly component: string;
  /** The first series without it; `undefined` if it never was there. */
  readonly since: SeriesName | undefined;
  readonly source: string;
}

/** What a procedure is rendered from. */
export interface DeploymentInput<Release> {
  readonly ok: true;
  readonly from: Series;
  readonly to: Series;
  readonly parts: readonly UpgradePart[];
  /** The tool as it is in the release that the hop leads to. */
  readonly release: Release;
}

interface NoInput {
  readonly ok: false;
  readonly refusals: readonly [DeploymentRefusal, ...DeploymentRefusal[]];
}

/** Reads a hop and a topology for a tool, or tells every reason why nothing can be rendered. */
export function deploymentInput<Release>(
  hop: PlannedHop,
  options: DeploymentOptions,
  tool: DeploymentTool<Release>,
): DeploymentInput<Release> | NoInput {
  const [from, to] = [rowOf(hop.from), rowOf(hop.to)];
  if (from === undefined || to === undefined)
    return refusedBy({
      code: 'not-a-hop',
      reason: `there is no series ${(from === undefined ? hop.from : hop.to).name}`,
      remedy: 'Take the hops that planPath names.',
    });
  const parts = partsOf(options, to);
  const release = tool.releases[to.name];
  const ofHop = hopRefusals({ from, to });
  const ofServices = [...serviceRefusals(options, parts), ...lackRefusals(parts, to, tool)];
  if (release === undefined) {
    const [first, ...more] = [...ofHop, unknownRelease(to, tool)];
    return refusedBy(first, ...more, ...ofServices);
  }
  const [first, ...more] = [...ofHop, ...ofServices];
  return first === undefined ? { ok: true, from, to, parts, release } : refusedBy(first, ...more);
}

const refusedBy = (first: DeploymentRefusal, ...more: readonly DeploymentRefusal[]): NoInput => ({
  ok: false,
  refusals: [first, ...more],
});

function hopRefusals({ from, to }: { readonly from: Series; readonly to: Series }): DeploymentRefusal[] {
  const answer = hopBetween(from, to);
  return answer.ok
    ? []
    : [{ code: 'not-a-hop', reason: answer.refusal.reason, remedy: answer.refusal.remedy }];
}

function unknownRelease(to: Series, { name, releases }: DeploymentTool<unknown>): DeploymentRefusal {
  const known = series.filter((row) => releases[row.name] !== undefined).map((row) => numberOf(row.name));
  return {
    code: 'unknown-release',
    reason: `the command line of ${name} ${to.number ?? to.name} is not known here, only those of ${known.join(', ')}`,
    remedy: 'Follow the guide of that release.',
  };
}

function serviceRefusals(
  { topology, services = [] }: DeploymentOptions,
  parts: readonly UpgradePart[],
): DeploymentRefusal[] {
  const known = recipes.map(({ service }) => service);
  const remedy = `There are recipes of ${known.join(', ')}.`;
  const rendered = parts.map(({ recipe }) => recipe.service);
  return [
    ...strangersIn({ topology }).map((name) => ({
      code: 'unknown-service' as const,
      reason: `no recipe knows ${name}, which runs in the topology`,
      remedy: `Leave it out. ${remedy}`,
    })),
    ...[...new Set(services)]
      .filter((name) => !rendered.includes(name))
      .map((name) => ({
        code: 'unknown-service' as const,
        reason: known.includes(name)
          ? `${name} does not run in the topology`
          : `there is no recipe of ${name}`,
        remedy: known.includes(name) ? 'Put its hosts into the topology.' : remedy,
      })),
  ];
}

function lackRefusals(
  parts: readonly UpgradePart[],
  to: Series,
  { name, lacks }: DeploymentTool<unknown>,
): DeploymentRefusal[] {
  const running = new Set(
    parts.flatMap(({ recipe, control, data }) =>
      [...control, ...data].flatMap(({ runs }) =>
        runs.filter((component) => componentsOf(recipe).includes(component)),
      ),
    ),
  );
  return lacks
    .filter(({ component, since }) => running.has(component) && !(since !== undefined && isBefore(to, since)))
    .map(({ component, since, source }) => ({
      code: 'not-deployed',
      reason: `${name} deploys no ${component}${since === undefined ? '' : ` since ${numberOf(since)}`} (${source})`,
      remedy: 'Move away from it before the hop; or leave its service out by `services`.',
    }));
}

const isBefore = (to: Series, since: SeriesName): boolean =>
  series.findIndex(({ name }) => name === to.name) < series.findIndex(({ name }) => name === since);

const numberOf = (name: SeriesName): string => series.find((row) => row.name === name)?.number ?? name;
