import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, changes, type OutputAt } from '../../record/shape.ts';
import { Amounts } from './amounts.ts';
import { CandidateRequest } from './candidate-request.ts';
import { tolerant } from '../../record/tolerant.ts';

const Summary = tolerant({
  /** By resource class: those asked for, and from 1.27 on all. */
  resources: z.record(z.string(), tolerant({ capacity: z.number(), used: z.number() })),
});
const SummaryWithTraits = Summary.extend({ traits: z.array(z.string()) });
const SummaryInTree = SummaryWithTraits.extend({
  parent_provider_uuid: z.string().nullable(),
  root_provider_uuid: z.string(),
});

const ByProvider = z.record(z.string(), tolerant({ resources: Amounts }));

/** Ways to have what was asked for, and what there is of the providers in them. */
export const AllocationCandidates = answer({
  /** Each can be sent to `allocations.replace`, with what else that needs. Empty if nobody has it. */
  allocation_requests: changes(
    [
      '1.10',
      z.array(
        tolerant({
          allocations: z.array(
            tolerant({ resource_provider: tolerant({ uuid: z.string() }), resources: Amounts }),
          ),
        }),
      ),
    ],
    ['1.12', z.array(tolerant({ allocations: ByProvider }))],
    [
      '1.34',
      z.array(
        tolerant({
          allocations: ByProvider,
          /** The providers that satisfy each group of the request, by the group's suffix; the group without one is ``. */
          mappings: z.record(z.string(), z.array(z.string())),
        }),
      ),
    ],
  ),
  /** By the uuid of the provider; from 1.29 on with all of the tree. */
  provider_summaries: changes(
    ['1.10', z.record(z.string(), Summary)],
    ['1.17', z.record(z.string(), SummaryWithTraits)],
    ['1.29', z.record(z.string(), SummaryInTree)],
  ),
});
export type AllocationCandidates = OutputAt<typeof AllocationCandidates>;

/** Sets of providers on which a request would fit: Nova's scheduler asks for them first. */
export const allocationCandidates = resource({
  name: 'allocationCandidates',
  operations: {
    /**
     * Ask where this would fit. That nothing fits is no error, but an answer without `allocation_requests`.
     * @example
     * const { allocation_requests } = await cloud.placement
     *   .at('1.29')
     *   .allocationCandidates.get({ resources: 'VCPU:4,MEMORY_MB:8192,DISK_GB:40', limit: 50 });
     * @example
     * // Two cores anywhere in the tree, and a network function of a device in the right network.
     * await cloud.placement.at('1.36').allocationCandidates.get({
     *   resources: 'VCPU:2,MEMORY_MB:2048',
     *   resources_NIC: 'SRIOV_NET_VF:1',
     *   required_NIC: 'CUSTOM_PHYSNET_PUBLIC',
     *   group_policy: 'none',
     * });
     */
    get: operation({
      verb: 'GET',
      path: 'allocation_candidates',
      since: '1.10',
      input: CandidateRequest,
      output: AllocationCandidates,
    }),
  },
});
