import type { EnrollRefusal, EnrollRefusalCode } from '../enroll-refusal.ts';
import type { Component } from '../../components/define-component.ts';
import type { ActivePassiveSnapshot } from './observe-active-passive.ts';
import type { ParsedActivePassive } from './active-passive-options.ts';

/** A refusal about a component. */
export const refusalOf = (
  { name }: Component,
  code: EnrollRefusalCode,
  reason: string,
  remedy: string,
): EnrollRefusal => ({ code, reason, remedy, subject: { kind: 'component', id: name } });

/** The components that move others, and that Pacemaker therefore cannot move. */
const MOVERS: ReadonlySet<string> = new Set(['keepalived', 'pacemaker']);

/** Refusals of components that Pacemaker cannot run. */
export function componentRefusals(component: Component, { nodes }: ParsedActivePassive): EnrollRefusal[] {
  const { title, mode, name } = component;
  if (mode !== 'active-passive')
    return [
      refusalOf(
        component,
        'enroll.not-passive',
        `${title} is ${mode}: several of it work at the same time`,
        'planEnrollment() says how it becomes HA.',
      ),
    ];
  if (MOVERS.has(name))
    return [
      refusalOf(component, 'enroll.not-passive', `${title} is what moves others`, 'Run it on several hosts.'),
    ];
  return nodes.length > 1
    ? []
    : [refusalOf(component, 'enroll.single-replica', 'one node is what fails then', 'Give a second one.')];
}

/** Refusals for what could not be looked at. */
export function unseenClusterRefusals(
  component: Component,
  { status, present, gaps }: ActivePassiveSnapshot,
): EnrollRefusal[] {
  if (status !== undefined && present !== undefined) return [];
  const [gap] = gaps;
  const why = gap === undefined ? 'nobody was asked' : `${gap.what}: ${gap.why}`;
  return [refusalOf(component, 'enroll.unseen', why, gap?.remedy ?? 'Look again: observeActivePassive().')];
}

/** Refusals of a cluster that could not be trusted with the component. */
export function clusterRefusals(
  component: Component,
  { nodes }: ParsedActivePassive,
  snapshot: ActivePassiveSnapshot,
): EnrollRefusal[] {
  const { status, present, devices } = snapshot;
  const say = (code: EnrollRefusalCode, reason: string, remedy: string): EnrollRefusal =>
    refusalOf(component, code, reason, remedy);
  if (status === undefined || present === undefined) return unseenClusterRefusals(component, snapshot);
  const refusals: EnrollRefusal[] = [];
  if (status.quorum !== true)
    refusals.push(say('enroll.no-quorum', 'the cluster has no quorum', 'Bring members back first.'));
  if (status.noQuorumPolicy === 'ignore')
    refusals.push(
      say(
        'enroll.no-quorum',
        'without quorum everybody goes on: no-quorum-policy is ignore',
        'Set it to stop.',
      ),
    );
  if (status.maintenance === true)
    refusals.push(say('enroll.maintenance', 'the cluster is in maintenance', 'Switch it off first.'));
  if (status.stonith !== true)
    refusals.push(
      say(
        'enroll.no-fencing',
        status.stonith === false ? 'fencing is switched off' : 'whether nodes are fenced is not told',
        'Configure a fencing device for each node, then stonith-enabled=true.',
      ),
    );
  for (const node of nodes) {
    const seen = status.nodes.find(({ name }) => name === node);
    if (seen?.online !== true || seen.unclean)
      refusals.push(
        say(
          'enroll.unknown-node',
          seen === undefined ? `the cluster has no node ${node}` : `${node} is not online`,
          'Let it join first: what is not there cannot be asked for the agent.',
        ),
      );
    const count = devices[node];
    if (count === 0 || count === undefined)
      refusals.push(
        say(
          'enroll.no-fencing',
          count === 0 ? `no device fences ${node}` : `whether a device fences ${node} is not told`,
          'Configure one: `stonith_admin --list NODE` tells who can.',
        ),
      );
  }
  return refusals;
}

/** Refusals of a resource that is not ours, unless it is to be taken all the same. */
export function ownerRefusals(
  component: Component,
  id: string,
  adopt: boolean,
  { present }: ActivePassiveSnapshot,
  remedies: Readonly<Record<'edited' | 'foreign', string>>,
): EnrollRefusal[] {
  if (adopt || (present?.state !== 'foreign' && present?.state !== 'edited')) return [];
  const { state } = present;
  const whose = state === 'edited' ? 'by groundcrew, and changed by hand since' : 'by somebody else';
  return [refusalOf(component, `enroll.${state}`, `the resource ${id} was made ${whose}`, remedies[state])];
}
