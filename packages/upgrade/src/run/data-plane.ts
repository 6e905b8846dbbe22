import type { PlanDraft, StepChain } from './plan-draft.ts';
import { running, type StepWriter } from './step-writer.ts';
import type { TopologyHost } from './topology.ts';
import type { UpgradePart } from './upgrade-parts.ts';

/**
 * What runs beside the workloads, so many hosts at a time: a wave begins when the one before has succeeded. On each host agents come
 * before computes, and components of a service in the order of its recipe.
 */
export function writeDataPlane(
  draft: PlanDraft,
  writer: StepWriter,
  { parts, wave }: { readonly parts: readonly UpgradePart[]; readonly wave: number },
): void {
  // Agents first: a compute that starts plugs ports, which its agent wires.
  const ordered = parts.toSorted((a, b) => Number(drains(a)) - Number(drains(b)));
  const hosts = [...new Set(ordered.flatMap(({ data }) => data))];
  for (let at = 0; at < hosts.length; at += wave)
    draft.parallel(
      hosts.slice(at, at + wave).map((host) => (chain: StepChain) => writeHost(chain, writer, ordered, host)),
    );
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
