import { setOption } from './actions.ts';
import { inWaves } from './data-plane.ts';
import type { PlanDraft, StepChain } from './plan-draft.ts';
import { running, type StepWriter } from './step-writer.ts';
import { hostsRunning, type TopologyHost, type UpgradeTopology } from './topology.ts';
import { componentsOf } from './recipes.ts';
import type { UpgradePart } from './upgrade-parts.ts';

/** Makes the new code speak as the old one, on every host of a service, before anything else. */
export function writePins(
  draft: PlanDraft,
  {
    part,
    topology,
    from,
  }: { readonly part: UpgradePart; readonly topology: UpgradeTopology; readonly from: string },
): void {
  const { pin, service } = part.recipe;
  // Where nothing old is at work beside the new there is nobody to be understood by, except beside the workloads.
  if (pin === undefined || (part.outage && part.data.length === 0)) return;
  draft.parallel(
    hostsRunning(topology, componentsOf(part.recipe)).map((host) => (chain) => {
      chain.add(setOption, {
        id: `pin-${service}-${host.name}`,
        input: {
          host: host.name,
          service,
          file: pin.file,
          section: pin.section,
          option: pin.option,
          value: pin.value === 'auto' ? 'auto' : from,
        },
        why: 'Without it new code calls what old code does not have, and nothing says so.',
        timeout: '10m',
        estimate: `${service}.pin`,
      });
    }),
  );
}

/**
 * Tells everybody that all are new: until then they speak as the oldest that they saw when they started. Who was down while all was
 * replaced has seen nothing old.
 */
export function writeRefresh(
  draft: PlanDraft,
  writer: StepWriter,
  {
    part,
    topology,
    wave,
  }: { readonly part: UpgradePart; readonly topology: UpgradeTopology; readonly wave: number },
): void {
  const { recipe, major } = part;
  const { pin, service } = recipe;
  if (part.outage && part.data.length === 0) return;
  if (pin?.remove === true)
    draft.parallel(
      hostsRunning(topology, componentsOf(recipe)).map((host) => (chain) => {
        const { file, section, option } = pin;
        chain.add(setOption, {
          id: `unpin-${service}-${host.name}`,
          input: { host: host.name, service, file, section, option, value: null },
          timeout: '10m',
          estimate: `${service}.unpin`,
        });
      }),
    );
  const isRestarted = (name: string): boolean =>
    recipe.refresh.includes(name) &&
    (major ?? 0) >= (recipe.restartToRefresh[name]?.from ?? Number.POSITIVE_INFINITY);
  const whyRestarted = (names: readonly string[]): string =>
    [...new Set(names.map((name) => recipe.restartToRefresh[name]?.why))].join(' ');
  const told = recipe.refresh.filter((name) => !isRestarted(name));
  draft.parallel(
    hostsRunning(topology, told).map(
      (host) => (chain) => writer.signal(chain, recipe, host, running(host, told)),
    ),
  );
  const again = (chain: StepChain, host: TopologyHost, components: readonly string[]): void =>
    writer.restart(chain, part, host, components, { verb: 'refresh', why: whyRestarted(components) });
  const data = recipe.data.flat().filter(isRestarted);
  inWaves(draft, { hosts: hostsRunning(topology, data), wave }, (chain, host) =>
    again(chain, host, running(host, data)),
  );
  // One host after the other: each is away for a while. In the order of the recipe, so the API last.
  for (const rank of recipe.control)
    for (const host of part.control) {
      const found = running(host, rank).filter(isRestarted);
      if (found.length === 0) continue;
      draft.block((chain) => {
        if (found.some((name) => recipe.apis.includes(name)))
          writer.without(chain, { kind: 'api', service, host, again: true }, () => again(chain, host, found));
        else again(chain, host, found);
      });
    }
}

/** What cannot be taken back, as late as can be: until here the old release's packages and the databases as they are still fit. */
export function writeEnd(draft: PlanDraft, writer: StepWriter, parts: readonly UpgradePart[]): void {
  for (const part of parts) {
    if (part.outage) continue;
    for (const migration of part.recipe.contract)
      draft.block((chain) => writer.migrate(chain, part, migration, true));
  }
  for (const part of parts) {
    const { online } = part.recipe;
    if (online !== undefined) draft.block((chain) => writer.online(chain, part, { online, by: 'new' }));
  }
}
