import type { Cloud } from '@groundcrew/core';
import type { PlacementAnswer } from './answer.ts';
import { needsOf } from './rules.ts';
import type { Workload } from './world.ts';

export interface Confirmation {
  /** Hosts that Placement would give for its resources and traits, of those that were asked about. */
  readonly candidates: readonly string[];
  /** Where Placement and our rules disagree: its data, or ours, are older. */
  readonly disagreements: readonly {
    readonly host: string;
    readonly ours: PlacementAnswer['answer'];
    readonly placement: boolean;
  }[];
}

/**
 * Asks Placement the scheduler's own question (`GET /allocation_candidates`) and holds our answers against it. Placement
 * knows resources and traits; labels, licences and groups are not its matter, so only a yes of ours that it does not
 * share is a disagreement.
 */
export async function confirmByPlacement(
  cloud: Cloud,
  workload: Workload,
  answers: ReadonlyMap<string, PlacementAnswer>,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Confirmation> {
  const resources = Object.entries(needsOf(workload))
    .filter(([, amount]) => amount > 0)
    .map(([kind, amount]) => `${kind}:${amount}`)
    .join(',');
  const wanted = Object.entries({ ...workload.image_properties, ...workload.extra_specs }).flatMap(
    ([key, value]) => {
      const name = /^trait\d*:(.+)$/.exec(key)?.[1];
      return name === undefined ? [] : [value === 'forbidden' ? `!${name}` : name];
    },
  );
  const { provider_summaries: summaries } = await cloud.placement
    .at('1.22')
    .allocationCandidates.get(
      { resources, ...(wanted.length === 0 ? {} : { required: wanted.join(',') }), limit: 1_000 },
      { signal },
    );
  const hosts = new Map<string, string>();
  for await (const one of cloud.compute.at('2.53').hypervisors.list({}, { signal }))
    hosts.set(one.id, one.service.host);
  const candidates = Object.keys(summaries).flatMap((id) => hosts.get(id) ?? []);
  const disagreements = [...answers].flatMap(([host, { answer }]) => {
    const placement = candidates.includes(host);
    // It has its own room already.
    return answer === 'yes' && !placement && host !== workload.host
      ? [{ host, ours: answer, placement }]
      : [];
  });
  return { candidates, disagreements };
}
