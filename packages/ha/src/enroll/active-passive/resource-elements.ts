import { digestOf } from '../managed-file.ts';
import { canonical, type CibElement, findById } from './cib-element.ts';
import type { ActivePassiveModel } from './active-passive-options.ts';

/** The resource, and the constraints that say where it may be. */
export interface ResourceElements {
  readonly primitive: CibElement;
  readonly constraints: readonly CibElement[];
}

const element = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly CibElement[] = [],
): CibElement => ({ name, attributes, children });

const MARK = 'groundcrew ';

/**
 * The elements that Pacemaker is to have. A rule, not a list of the others, says where it may run: a node that joins later
 * may not. Without `failBack` it stays where it is, whatever node returns (`resource-stickiness`, Pacemaker Explained 4.4).
 */
export function resourceElements(model: ActivePassiveModel): ResourceElements {
  const { id, agent, options, nodes, monitor, timeouts } = model;
  const [standard = '', ...rest] = agent.split(':');
  const type = rest.at(-1) ?? '';
  const pairs = (kind: string, values: Readonly<Record<string, string>>): CibElement[] =>
    Object.entries(values).map(([name, value]) =>
      element('nvpair', { id: `${id}-${kind}-${name}`, name, value }),
    );
  const operation = (name: keyof ActivePassiveModel['timeouts'], interval: number): CibElement =>
    element('op', {
      id: `${id}-${name}`,
      name,
      interval: `${interval / 1_000}s`,
      timeout: `${timeouts[name] / 1_000}s`,
    });
  const told = pairs('options', options);
  const primitive = element(
    'primitive',
    { id, class: standard, ...(rest.length > 1 ? { provider: rest[0] ?? '' } : {}), type },
    [
      ...(told.length > 0 ? [element('instance_attributes', { id: `${id}-options` }, told)] : []),
      element(
        'meta_attributes',
        { id: `${id}-meta` },
        pairs('meta', {
          'resource-stickiness': model.failBack ? '0' : 'INFINITY',
          'migration-threshold': String(model.failuresBeforeMove),
          'failure-timeout': `${model.forgetFailures / 1_000}s`,
        }),
      ),
      element('operations', {}, [operation('start', 0), operation('stop', 0), operation('monitor', monitor)]),
    ],
  );
  const constraints = [
    element('rsc_location', { id: `${id}-only`, rsc: id }, [
      element(
        'rule',
        { id: `${id}-only-rule`, score: '-INFINITY', 'boolean-op': 'and' },
        nodes.map((node) =>
          element('expression', {
            id: `${id}-only-${node}`,
            attribute: '#uname',
            operation: 'ne',
            value: node,
          }),
        ),
      ),
    ]),
    ...nodes.map((node, at) =>
      element('rsc_location', {
        id: `${id}-on-${node}`,
        rsc: id,
        node,
        score: String(10 * (nodes.length - at)),
      }),
    ),
  ];
  const bare = { primitive, constraints };
  const attributes = { ...primitive.attributes, description: `${MARK}${digestOfElements(bare)}` };
  return { primitive: { ...primitive, attributes }, constraints };
}

/** The owner of a resource of this name. */
export type ResourceOwner =
  | { readonly state: 'absent' }
  | { readonly state: 'ours' | 'edited' | 'foreign'; readonly elements: ResourceElements };

/** Finds what the cluster has under this name. */
export function presentElements(cib: CibElement, id: string): ResourceOwner {
  const primitive = findById(cib, id);
  if (primitive === undefined) return { state: 'absent' };
  const all = cib.children
    .find(({ name }) => name === 'configuration')
    ?.children.find(({ name }) => name === 'constraints');
  const constraints = (all?.children ?? []).filter(({ attributes }) => attributes['rsc'] === id);
  const elements = { primitive, constraints };
  const mark = primitive.attributes['description'] ?? '';
  if (!mark.startsWith(MARK)) return { state: 'foreign', elements };
  const { description: _, ...attributes } = primitive.attributes;
  const bare = { primitive: { ...primitive, attributes }, constraints };
  return { state: mark === `${MARK}${digestOfElements(bare)}` ? 'ours' : 'edited', elements };
}

export const digestOfElements = ({ primitive, constraints }: ResourceElements): string =>
  digestOf(`${canonical(primitive)}${constraints.map(canonical).toSorted().join('')}`);
