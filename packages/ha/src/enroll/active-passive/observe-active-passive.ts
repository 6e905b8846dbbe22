import { aSudo } from '../../option-parts.ts';
import { aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Gap, gapOf } from '@groundcrew/core';
import type { Host } from '@groundcrew/runbook';
import type { PacemakerStatus } from '../../components/pacemaker/crm-mon.ts';
import { observePacemaker } from '../../components/pacemaker/observe-pacemaker.ts';
import { importXmlPackage } from '../../probing/xml-package.ts';
import { parseCib } from './cib-element.ts';
import { type ResourceOwner, presentElements } from './resource-elements.ts';
import { ActivePassivePlace } from './active-passive-options.ts';

/** The state of the cluster before anything is planned. */
export interface ActivePassiveSnapshot {
  /** `undefined` if the first node could not be asked; `gaps` says why. */
  readonly status: PacemakerStatus | undefined;
  readonly present: ResourceOwner | undefined;
  /** Number of fencing devices of each node, where Pacemaker tells it. */
  readonly devices: Readonly<Record<string, number>>;
  readonly gaps: readonly Gap[];
}

export interface ObserveActivePassiveOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * `true` runs commands as root, a name as that user, by `sudo -n`. Root or the group `haclient` is needed.
   *
   * @default as the user of the connection
   */
  readonly sudo?: boolean | string | undefined;
}

const readOptions = optionsSchema<ObserveActivePassiveOptions>({
  signal: aSignal.optional(),
  sudo: aSudo.optional(),
});

/**
 * Reads what Pacemaker has: how the cluster stands, who can be fenced, and whether a resource of this name is there. It
 * is asked on the first of the nodes.
 *
 * @param name of the component: the resource's name, if the options give none
 * @throws InputError; the signal's reason
 */
export async function observeActivePassive(
  name: string,
  options: ActivePassivePlace,
  hosts: readonly Host[],
  read: ObserveActivePassiveOptions = {},
): Promise<ActivePassiveSnapshot> {
  parseArguments('observeActivePassive', readOptions, read);
  const { nodes, id = name } = parseArguments('observeActivePassive', ActivePassivePlace, options);
  const gaps: Gap[] = [];
  const asked = hosts.find((host) => host.name === nodes[0]);
  if (asked === undefined)
    return { status: undefined, present: undefined, devices: {}, gaps: [noHost(nodes[0] ?? '')] };
  const tell = async (what: string, command: readonly [string, ...string[]]): Promise<string | undefined> => {
    try {
      return (await asked.run(command, { ...read, timeout: '30s', keep: 32 * 1024 * 1024 })).stdout;
    } catch (error) {
      read.signal?.throwIfAborted();
      gaps.push(gapOf(`${what} on ${asked.name}`, error));
      return undefined;
    }
  };
  const [seen, cib, counts] = await Promise.all([
    observePacemaker({ host: asked }, read),
    tell('the configuration of Pacemaker', ['cibadmin', '--query']),
    Promise.all(
      nodes.map(async (node) => {
        const listed = await tell(`who can fence ${node}`, [
          'stonith_admin',
          '--list',
          node,
          '--output-as=xml',
        ]);
        const count = /<list [^>]*count="(\d+)"/.exec(listed ?? '')?.[1];
        return count === undefined ? [] : [[node, Number(count)] as const];
      }),
    ),
  ]);
  gaps.push(...seen.gaps);
  let present: ResourceOwner | undefined;
  try {
    if (cib !== undefined) present = presentElements(parseCib(await importXmlPackage(), cib), id);
  } catch (error) {
    gaps.push(gapOf(`the configuration of Pacemaker on ${asked.name}`, error));
  }
  return { status: seen.value, present, devices: Object.fromEntries(counts.flat()), gaps };
}

const noHost = (node: string): Gap => ({
  what: `Pacemaker on ${node}`,
  kind: 'failed',
  why: `no host ${node} was given`,
  remedy: 'Give a Host of that name.',
  requestIds: [],
});
