import { setOption } from './actions.ts';
import type { PlanDraft, StepChain } from './plan-draft.ts';
import { running, type StepWriter } from './step-writer.ts';
import { hostsRunning, type UpgradeTopology } from './topology.ts';
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

/** Tells everybody that all are new: until then they speak as the oldest that they saw when they started. */
export function writeRefresh(
  draft: PlanDraft,
  writer: StepWriter,
  { part, topology }: { readonly part: UpgradePart; readonly topology: UpgradeTopology },
): void {
  const { recipe } = part;
  const { pin, service } = recipe;
  if (pin?.remove === true && !part.outage)
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
  const told = recipe.refresh.filter((name) => !recipe.restartToRefresh.includes(name));
  draft.parallel(
    hostsRunning(topology, told).map(
      (host) => (chain) => writer.signal(chain, recipe, host, running(host, told)),
    ),
  );
  if (part.outage) return;
  // One host after the other: each is away for a moment. In the order of the recipe, so the API last.
  for (const rank of recipe.control)
    for (const host of part.control) {
      const again = running(host, rank).filter((name) => recipe.restartToRefresh.includes(name));
      if (again.length === 0) continue;
      const write = (chain: StepChain): void =>
        writer.restart(chain, part, host, again, { verb: 'refresh', why: 'It does not take SIGHUP.' });
      draft.block((chain) => {
        if (again.some((name) => recipe.apis.includes(name)))
          writer.without(chain, { kind: 'api', service, host, again: true }, () => write(chain));
        else write(chain);
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
