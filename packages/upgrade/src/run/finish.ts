import { setOption } from './actions.ts';
import { inWaves } from './data-plane.ts';
import type { PlanDraft, StepChain } from './plan-draft.ts';
import { running, type StepWriter } from './step-writer.ts';
import { hostsRunning, type TopologyHost, type UpgradeTopology } from './topology.ts';
import { componentsOf } from './recipes.ts';
import { isRestartedToRefresh, whyRestarted } from './restart-or-signal.ts';
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
  const { recipe } = part;
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
  const refreshed = (host: TopologyHost, names: readonly string[], restarted: boolean): string[] =>
    running(host, names).filter((name) => isRestartedToRefresh(part, host, name) === restarted);
  const told = (host: TopologyHost): string[] => refreshed(host, recipe.refresh, false);
  draft.parallel(
    hostsRunning(topology, recipe.refresh)
      .filter((host) => told(host).length > 0)
      .map((host) => (chain) => writer.signal(chain, recipe, host, told(host))),
  );
  const again = (chain: StepChain, host: TopologyHost, components: readonly string[]): void =>
    writer.restart(chain, part, host, components, {
      verb: 'refresh',
      why: whyRestarted(part, host, components),
    });
  const data = recipe.data.flat();
  const beside = hostsRunning(topology, data).filter((host) => refreshed(host, data, true).length > 0);
  inWaves(draft, { hosts: beside, wave }, (chain, host) => again(chain, host, refreshed(host, data, true)));
  // One host after the other: each is away for a while. In the order of the recipe, so the API last.
  for (const rank of recipe.control)
    for (const host of part.control) {
      const found = refreshed(host, rank, true);
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
