import { implement, type Implementation } from '@groundcrew/runbook';
import { EnrollError } from '../enroll-error.ts';
import { removeCommands, stopCommand } from './cib-changes.ts';
import { addResource, changedSince, removeResource } from './resource-changes.ts';
import type { HostsOfPlan } from './pacemaker-host.ts';
import { handBack, rehearseRemoval, retireCib } from './retirement-actions.ts';

/**
 * Implementations of the actions of `planActivePassiveRetirement`. Undoing it puts back what was there, and waits until
 * it runs.
 */
export const retirementImplementations = (on: HostsOfPlan, within: number): readonly Implementation[] => [
  implement(rehearseRemoval, {
    precondition: async ({ host, id, elements }, context) =>
      changedSince({ host, id }, [elements, null], await on(host, context).present(id)),
    async perform({ host, id, elements }, context) {
      const asked = on(host, context);
      const { complaint, wouldDo } = await asked.rehearse([stopCommand(id)]);
      if (complaint !== undefined) throw notAccepted(complaint);
      const other = wouldDo.find(({ subject }) => subject !== id);
      if (other !== undefined)
        throw new EnrollError(
          'enroll.disturbs',
          `without ${id} Pacemaker would do more than is asked for: ${other.words}`,
          'Nothing was changed. Look at what is placed or ordered with it.',
        );
      // Constraints of others may refer to it.
      const gone = await asked.rehearse([stopCommand(id), ...removeCommands(elements)], { verify: false });
      if (gone.complaint !== undefined) throw notAccepted(gone.complaint);
      return { wouldDo: wouldDo.map(({ words }) => words) };
    },
    compensate: async () => undefined,
  }),

  implement(retireCib, {
    // Begun before, it is as we left it: stopped, or half gone.
    precondition: async ({ host, id, elements }, context) =>
      context.attempt > 1
        ? undefined
        : changedSince({ host, id }, [elements, null], await on(host, context).present(id)),
    async perform({ host, id, nodes }, context) {
      const asked = on(host, context);
      const there = await asked.present(id);
      if (there.state === 'absent') return {};
      await removeResource({ asked, id, context, within }, there.elements, async () => {
        const told = await Promise.all(
          nodes.map(async (node) => [node, await on(node, context).runsHere(id)] as const),
        );
        return told.flatMap(([node, runs]) => (runs ? [node] : []));
      });
      return {};
    },
    async compensate({ host, id, elements }, _, context) {
      const asked = on(host, context);
      const there = await asked.present(id);
      const from = there.state === 'absent' ? undefined : there.elements;
      await addResource({ asked, id, context, within }, from, elements);
    },
  }),

  implement(handBack, {
    async perform({ host, run }, context) {
      await on(host, context).must(run);
      return {};
    },
    async compensate({ host, undo }, _, context) {
      if (undo !== undefined) await on(host, context).must(undo);
    },
  }),
];

const notAccepted = (complaint: string): EnrollError =>
  new EnrollError(
    'enroll.not-accepted',
    `Pacemaker does not accept it: ${complaint}`,
    'Nothing was changed. What else refers to it? `crm_resource --constraints`.',
  );
