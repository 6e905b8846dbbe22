import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { answer, changes, type OutputAt } from '../shape.ts';
import { CandidateRequest } from './candidate-request.ts';

const Amounts = z.record(z.string(), z.number());

const OldRequest = z.looseObject({
  allocations: z.array(
    z.looseObject({ resource_provider: z.looseObject({ uuid: z.string() }), resources: Amounts }),
  ),
});
const Request = z.looseObject({
  /** By provider. */
  allocations: z.record(z.string(), z.looseObject({ resources: Amounts })),
});
const MappedRequest = Request.extend({
  /** Providers by the suffix of the group that they meet; that of the group without is empty text. */
  mappings: z.record(z.string(), z.array(z.string())),
});

const Summary = z.looseObject({
  resources: z.record(z.string(), z.looseObject({ capacity: z.number(), used: z.number() })),
});
const SummaryWithTraits = Summary.extend({ traits: z.array(z.string()) });
const SummaryInTree = SummaryWithTraits.extend({
  parent_provider_uuid: z.string().nullable(),
  root_provider_uuid: z.string().nullable(),
});

/** Where a consumer could have what it needs. */
export const AllocationCandidates = answer({
  /** Each is one possibility, and can be sent as allocations. */
  allocation_requests: changes(
    ['1.10', z.array(OldRequest)],
    ['1.12', z.array(Request)],
    ['1.34', z.array(MappedRequest)],
  ),
  /** The providers in them, by id: from 1.29 on with all of their trees. */
  provider_summaries: changes(
    ['1.10', z.record(z.string(), Summary)],
    ['1.17', z.record(z.string(), SummaryWithTraits)],
    ['1.29', z.record(z.string(), SummaryInTree)],
  ),
});
export type AllocationCandidates = OutputAt<typeof AllocationCandidates>;

/** What Nova's scheduler starts from. */
export const allocationCandidates = resource({
  name: 'allocationCandidates',
  operations: {
    /**
     * Ask where something would fit. Nowhere is an empty answer, not an error; a class or trait that Placement does
     * not know is a 400.
     *
     * @example
     * const { allocation_requests } = await cloud.placement
     *   .at('1.36')
     *   .allocationCandidates.get({ resources: 'VCPU:4,MEMORY_MB:8192', limit: 10 });
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
