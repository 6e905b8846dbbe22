import type { Refusal, StepContext } from '@groundcrew/runbook';
import { EnrollError } from '../enroll-error.ts';
import type { EnrollRefusal } from '../enroll-refusal.ts';
import { inSeconds } from '../../option-parts.ts';
import { settled } from '../settled.ts';
import { changeCommands, removeCommands, stopCommand } from './cib-changes.ts';
import { digestOfElements, type ResourceElements, type ResourceOwner } from './resource-elements.ts';
import type { PacemakerHost } from './pacemaker-host.ts';

/** A change of the running cluster: where it is asked, which resource it is about, and how long it may take. */
export interface ResourceChange {
  readonly asked: PacemakerHost;
  readonly id: string;
  readonly context: StepContext;
  /** Milliseconds. */
  readonly within: number;
}

/** Makes one of the other, and waits until it runs. The node on which it does. */
export async function addResource(
  { asked, id, context, within }: ResourceChange,
  from: ResourceElements | undefined,
  to: ResourceElements,
): Promise<string> {
  for (const command of changeCommands(from, to)) await asked.must(command);
  // An old failure would keep it from a node.
  await asked.must(['crm_resource', '--cleanup', '--resource', id]);
  let node = '';
  const complaint = await settled(
    async () => {
      const seen = await asked.whereIs(id);
      node = seen.nodes[0] ?? '';
      return seen.complaint;
    },
    context,
    within,
  );
  if (complaint !== undefined) throw notWorking(complaint, within);
  return node;
}

/**
 * Stops it, and takes it out once it is stopped: without its constraints it would start anywhere.
 *
 * @param stillRuns where it is seen to run by a look at the host itself
 */
export async function removeResource(
  { asked, id, context, within }: ResourceChange,
  elements: ResourceElements,
  stillRuns: () => Promise<readonly string[]> = async () => [],
): Promise<void> {
  await asked.must(stopCommand(id));
  const complaint = await settled(
    async () => {
      const left = new Set([...(await asked.whereIs(id)).nodes, ...(await stillRuns())]);
      return left.size === 0 ? undefined : `${id} still runs on ${[...left].join(', ')}`;
    },
    context,
    within,
  );
  if (complaint !== undefined) throw notWorking(complaint, within);
  for (const command of removeCommands(elements)) await asked.must(command);
}

export const notWorking = (complaint: string, within: number): EnrollError =>
  new EnrollError(
    'enroll.not-working',
    `after ${inSeconds(within)}: ${complaint}`,
    'Look at crm_mon and the log of Pacemaker; run again to try once more, or roll back.',
  );

/**
 * That it is none of what it may be: somebody else was there since.
 *
 * @param allowed `null`: not there
 */
export function changedSince(
  { host, id }: { readonly host: string; readonly id: string },
  allowed: readonly (ResourceElements | null)[],
  there: ResourceOwner,
): Refusal<EnrollRefusal['code']> | undefined {
  const now = there.state === 'absent' ? 'absent' : digestOfElements(there.elements);
  if (allowed.some((elements) => (elements === null ? 'absent' : digestOfElements(elements)) === now))
    return undefined;
  return {
    code: 'enroll.changed',
    reason: `the resource ${id} is not as it was when this was planned`,
    remedy: 'Plan anew.',
    subject: { kind: 'host', id: host },
  };
}
