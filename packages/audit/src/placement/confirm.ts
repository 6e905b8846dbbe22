import { parseArguments, signalOptions } from '@groundcrew/ground';
import type { Cloud } from '@groundcrew/core';
import type { PlacementAnswer } from './answer.ts';
import { requestOf } from './request.ts';
import type { Workload } from './placement-snapshot.ts';

export interface Confirmation {
  /** Hosts that Placement would give for its resources and traits, of those that were asked about. */
  readonly candidates: readonly string[];
  /** There may be more candidates: Placement was asked for no more than a thousand, or a wish could not be put to it. */
  readonly complete: boolean;
  /** The places on which Placement and the rules disagree: the data of one of them are older. */
  readonly disagreements: readonly {
    readonly host: string;
    readonly ours: PlacementAnswer['answer'];
    readonly placement: boolean;
  }[];
}

/** The number of candidates that Nova asks for (`max_placement_results`). */
const MOST = 1_000;
/** Rules of ours that are Placement's own matter. */
const SHARED: ReadonlySet<string> = new Set(['capacity', 'traits']);

/**
 * Asks Placement the scheduler's own question (`GET /allocation_candidates`) and holds our answers against it. Placement
 * knows resources and traits; labels, licences and groups are not its matter. So there is disagreement where we say yes
 * and it has no room, and where we say no for want of room or traits alone and it would give them.
 */
export async function confirmByPlacement(
  cloud: Cloud,
  workload: Workload,
  answers: ReadonlyMap<string, PlacementAnswer>,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Confirmation> {
  parseArguments('confirmByPlacement', signalOptions, options);
  const { signal } = options;
  const request = requestOf(workload);
  // Without its flavor the question cannot be put.
  if (request === undefined) return { candidates: [], complete: false, disagreements: [] };
  const resources = Object.entries(request.resources).map(([kind, amount]) => `${kind}:${amount}`);
  const required = request.traits.flatMap(({ name, value, group }) => {
    if (group !== undefined) return [];
    if (value === 'required') return [name];
    return value === 'forbidden' ? [`!${name}`] : [];
  });
  const { provider_summaries: summaries, allocation_requests: offers } = await cloud.placement
    .at('1.22')
    .allocationCandidates.get(
      {
        resources: resources.join(','),
        ...(required.length === 0 ? {} : { required: required.join(',') }),
        limit: MOST,
      },
      { signal },
    );
  const hosts = new Map<string, string>();
  for await (const hypervisor of cloud.compute.at('2.53').hypervisors.list({}, { signal }))
    hosts.set(hypervisor.id, hypervisor.service.host);
  // Summaries are of nested providers, too, which are no hypervisors (placement api-ref, "Allocation candidates").
  const candidates = Object.keys(summaries).flatMap((id) => hosts.get(id) ?? []);
  const offered = new Set(candidates);
  const cut = offers.length >= MOST;
  const loose = request.unclear.length > 0 || request.traits.some(({ group }) => group !== undefined);
  const disagreements = [...answers].flatMap(([host, said]) => {
    const placement = offered.has(host);
    // It has its own room already.
    if (host === workload.host) return [];
    const wrong = placement
      ? !loose && said.answer === 'no' && said.because.every(({ rule }) => SHARED.has(rule))
      : !cut && said.answer === 'yes';
    return wrong ? [{ host, ours: said.answer, placement }] : [];
  });
  return { candidates, complete: !cut && !loose, disagreements };
}
