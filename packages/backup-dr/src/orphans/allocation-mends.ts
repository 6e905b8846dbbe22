import type { Cloud } from '@groundcrew/core';
import { implement, type Implementation } from '@groundcrew/runbook';
import { deleteAllocation } from './mend-actions.ts';
import { unlessServer } from './mend-revisions.ts';

/** What is done in Placement. */
export function allocationMends(cloud: Cloud): Implementation[] {
  const { allocations } = cloud.placement.at('1.28');
  return [
    implement(deleteAllocation, {
      precondition: ({ consumer }, { signal }) => unlessServer(cloud, consumer, signal),
      async perform({ consumer, generation }, { signal }) {
        const now = await allocations.get({ id: consumer }, { signal });
        const had = Object.fromEntries(
          Object.entries(now.allocations).map(([provider, { resources }]) => [provider, { ...resources }]),
        );
        if (Object.keys(had).length === 0) return { had };
        // Empty allocations of a generation: Placement answers 409 if somebody has changed them meanwhile.
        await allocations.replace(
          {
            id: consumer,
            allocations: {},
            project_id: now.project_id ?? '',
            user_id: now.user_id ?? '',
            consumer_generation: generation,
          },
          { signal },
        );
        return { had };
      },
      async verify({ consumer }, _output, { signal }) {
        const left = Object.keys((await allocations.get({ id: consumer }, { signal })).allocations);
        if (left.length === 0) return undefined;
        return {
          code: 'orphans.allocation-left',
          reason: `${consumer} holds resources of ${left.join(', ')}`,
          remedy: 'Something allocates for it: look for it in the logs of Placement.',
        };
      },
    }),
  ];
}
