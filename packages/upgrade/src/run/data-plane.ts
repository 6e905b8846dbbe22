import type { PlanDraft, StepChain } from './plan-draft.ts';
import { running, type StepWriter } from './step-writer.ts';
import type { TopologyHost } from './topology.ts';
import type { UpgradePart } from './upgrade-parts.ts';
import { wavesOf } from './waves.ts';

/**
 * What runs beside the workloads, in waves. On each host agents come before computes, and components of a service in the order of its recipe.
 */
export function writeDataPlane(
  draft: PlanDraft,
  writer: StepWriter,
  { parts, wave }: { readonly parts: readonly UpgradePart[]; readonly wave: number },
): void {
  // Agents first: a compute that starts plugs ports, which its agent wires.
  const ordered = parts.toSorted((a, b) => Number(drains(a)) - Number(drains(b)));
  const hosts = [...new Set(ordered.flatMap(({ data }) => data))];
  inWaves(draft, { hosts, wave }, (chain, host) => writeHost(chain, writer, ordered, host));
}

/** So many hosts beside each other: a wave begins when the one before has succeeded. */
export function inWaves(
  draft: PlanDraft,
  { hosts, wave }: { readonly hosts: readonly TopologyHost[]; readonly wave: number },
  write: (chain: StepChain, host: TopologyHost) => void,
): void {
  for (const some of wavesOf(hosts, wave)) draft.parallel(some.map((host) => (chain) => write(chain, host)));
}

const drains = ({ recipe }: UpgradePart): boolean => recipe.service === 'nova';

function writeHost(
  chain: StepChain,
  writer: StepWriter,
  parts: readonly UpgradePart[],
  host: TopologyHost,
): void {
  const here = parts.filter(({ data }) => data.includes(host));
  const write = (): void => {
    for (const part of here) {
      writer.install(chain, part, host);
      for (const components of part.recipe.data) {
        const found = running(host, components);
        if (found.length > 0) writer.restart(chain, part, host, found);
      }
    }
  };
  if (here.some(drains)) writer.without(chain, { kind: 'compute', service: 'nova', host }, write);
  else write();
}
