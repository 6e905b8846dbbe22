import { aHost, aSudo, checkedOptions } from '../../option-parts.ts';
import { z } from 'zod';
import { aPositiveDuration, type Duration, optionsSchema } from '@groundcrew/ground';
import { type Host, type Implementation, implement, type StepContext } from '@groundcrew/runbook';
import { EnrollError } from '../enroll-error.ts';
import { settled } from '../settled.ts';
import { changeCommands } from './cib-changes.ts';
import { activateCib, checkAgent, confirmOne, handOver, rehearseCib } from './active-passive-actions.ts';
import { type ResourceElements, resourceElements } from './resource-elements.ts';
import { addResource, changedSince, notWorking, removeResource } from './resource-changes.ts';
import { type HostsOfPlan, PacemakerHost } from './pacemaker-host.ts';
import { retirementImplementations } from './retirement-implementations.ts';

export interface ActivePassiveImplementationsOptions {
  /** All nodes of the plan. */
  readonly hosts: readonly Host[];
  /**
   * `true` runs commands as root, a name as that user, by `sudo -n`. Root or the group `haclient` is needed.
   *
   * @default as the user of the connection
   */
  readonly sudo?: boolean | string | undefined;
  /** How long Pacemaker may take until the resource runs, or is stopped. @default '2m' */
  readonly within?: Duration | undefined;
}

const implementationsOptions = optionsSchema<ActivePassiveImplementationsOptions>({
  hosts: z.array(aHost),
  sudo: aSudo.optional(),
  within: aPositiveDuration.optional(),
});

/** What a resource was when the plan was made, and shall be. */
interface Change {
  readonly host: string;
  readonly model: Parameters<typeof resourceElements>[0];
  readonly before: ResourceElements | null;
}

/** Looks in a row at the same node, before it counts as settled. */
const SETTLED = 4;

/**
 * Implementations of the actions of `planActivePassive` and `planActivePassiveRetirement`. The cluster must still be as
 * it was when the plan was made; a step that was interrupted is done again. Undoing the plan stops the resource,
 * removes it, and only then returns it to its former owner.
 */
export function activePassiveImplementations(
  given: ActivePassiveImplementationsOptions,
): readonly Implementation[] {
  const {
    hosts,
    sudo,
    within = 120_000,
  } = checkedOptions('activePassiveImplementations', implementationsOptions, given);
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const on: HostsOfPlan = (name, { signal }) => {
    const host = byName.get(name);
    if (host === undefined) throw new EnrollError('enroll.no-host', `no host ${name} was given`);
    return new PacemakerHost(host, { signal, sudo });
  };

  const asPlanned = async ({ host, model, before }: Change, context: StepContext) => {
    const { id } = model;
    return changedSince({ host, id }, [before, resourceElements(model)], await on(host, context).present(id));
  };

  return [
    ...retirementImplementations(on, within),
    implement(checkAgent, {
      async perform({ host, agent, options }, context) {
        const complaint = await on(host, context).complaintOfAgent(agent, options);
        if (complaint !== undefined)
          throw new EnrollError(
            'enroll.not-accepted',
            `${host}: ${complaint}`,
            'Nothing was changed. Install it there, or correct the options.',
          );
        return {};
      },
      compensate: nothing,
    }),

    implement(rehearseCib, {
      precondition: asPlanned,
      async perform({ host, model, before }, context) {
        const { complaint, wouldDo } = await on(host, context).rehearse(
          changeCommands(before ?? undefined, resourceElements(model)),
        );
        if (complaint !== undefined)
          throw new EnrollError(
            'enroll.not-accepted',
            `Pacemaker does not accept it: ${complaint}`,
            'Nothing was changed. Correct what it says, and plan anew.',
          );
        const other = wouldDo.find(({ subject }) => subject !== model.id);
        if (other !== undefined)
          throw new EnrollError(
            'enroll.disturbs',
            `the change would make Pacemaker do more than is asked for: ${other.words}`,
            'Nothing was changed. Look at constraints and capacity with crm_simulate.',
          );
        return { wouldDo: wouldDo.map(({ words }) => words) };
      },
      compensate: nothing,
    }),

    implement(handOver, {
      async perform({ host, run }, context) {
        await on(host, context).must(run);
        return {};
      },
      async compensate({ host, undo }, _, context) {
        if (undo !== undefined) await on(host, context).must(undo);
      },
    }),

    implement(activateCib, {
      precondition: asPlanned,
      async perform({ host, model, before }, context) {
        const change = { asked: on(host, context), id: model.id, context, within };
        return { node: await addResource(change, before ?? undefined, resourceElements(model)) };
      },
      async compensate({ host, model: { id }, before }, _, context) {
        const asked = on(host, context);
        const there = await asked.present(id);
        if (there.state === 'absent') return;
        if (before !== null) {
          for (const command of changeCommands(there.elements, before)) await asked.must(command);
          return;
        }
        await removeResource({ asked, id, context, within }, there.elements);
      },
    }),

    implement(confirmOne, {
      async perform({ id, nodes }, context) {
        let owner = '';
        let looks = 0;
        const complaint = await settled(
          async () => {
            const told = await Promise.all(
              nodes.map(async (node) => [node, await on(node, context).runsHere(id)] as const),
            );
            const [first = '', another] = told.flatMap(([node, runs]) => (runs ? [node] : []));
            looks = first !== '' && first === owner ? looks + 1 : 1;
            owner = first;
            if (first === '') return `nobody runs ${id}`;
            if (another !== undefined) return `${first} and ${another} both run ${id}`;
            return looks >= SETTLED ? undefined : `${first} has run ${id} for a moment`;
          },
          context,
          within,
        );
        if (complaint !== undefined) throw notWorking(complaint, within);
        return { node: owner };
      },
      compensate: nothing,
    }),
  ];
}

/** It only looked. */
const nothing = async (): Promise<void> => undefined;
