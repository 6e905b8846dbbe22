import * as xmlPackage from 'fast-xml-parser';
import { InputError } from '@groundcrew/core';
import { explain } from '@groundcrew/runbook';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ActivePassiveSnapshot, planActivePassive } from '../../../src/enroll.ts';
import { defineComponent } from '../../../src/stack.ts';
import {
  changeCommands,
  removeCommands,
  stopCommand,
} from '../../../src/enroll/active-passive/cib-changes.ts';
import {
  type CibElement,
  findById,
  parseCib,
  renderCib,
} from '../../../src/enroll/active-passive/cib-element.ts';
import {
  digestOfElements,
  resourceElements,
  presentElements,
} from '../../../src/enroll/active-passive/resource-elements.ts';
import {
  ActivePassiveModel,
  type ActivePassiveOptions,
} from '../../../src/enroll/active-passive/active-passive-options.ts';
import { transitionOf } from '../../../src/enroll/active-passive/simulated-transition.ts';
import { component, status } from './cluster.ts';

const options: ActivePassiveOptions = { nodes: ['ctl-1', 'ctl-2', 'ctl-3'], agent: 'systemd:cinder-volume' };
const model = ActivePassiveModel.parse({ ...options, id: 'cinder-volume' });
const cinder = component('cinder-volume');

const whole: ActivePassiveSnapshot = {
  status,
  present: { state: 'absent' },
  devices: { 'ctl-1': 1, 'ctl-2': 1, 'ctl-3': 1 },
  gaps: [],
};
const codesOf = (
  snapshot: ActivePassiveSnapshot,
  differs: Partial<ActivePassiveOptions> = {},
  of = cinder,
) => {
  const planned = planActivePassive(of, { ...options, ...differs }, snapshot);
  return planned.ok ? [] : planned.refusals.map(({ code }) => code);
};

/** A cluster's configuration that has these. */
const cib = (...inner: readonly CibElement[]): CibElement => {
  const named = (name: string, children: readonly CibElement[]): CibElement => ({
    name,
    attributes: {},
    children,
  });
  const constraints = inner.filter(({ name }) => name.startsWith('rsc_'));
  const resources = inner.filter((element) => !constraints.includes(element));
  return named('cib', [
    named('configuration', [named('resources', resources), named('constraints', constraints)]),
  ]);
};

/** The element as fast-xml-parser writes it. */
const built = (element: CibElement): string => {
  const nodeOf = ({ name, attributes, children }: CibElement): Record<string, unknown> => ({
    [name]: children.map(nodeOf),
    ':@': attributes,
  });
  const form = {
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    suppressEmptyNode: true,
  };
  return new xmlPackage.XMLBuilder(form).build([nodeOf(element)]);
};

describe('what Pacemaker is to have', () => {
  test('survives XML, whatever its options say', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.stringMatching(/^[a-z_]{1,8}$/),
          fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => XML_CAN.test(text)),
        ),
        (told) => {
          const made = resourceElements({ ...model, options: told });
          const read = parseCib(xmlPackage, renderCib(cib(made.primitive, ...made.constraints)));
          expect(renderCib(made.primitive)).toBe(built(made.primitive));
          expect(presentElements(read, 'cinder-volume')).toEqual({ state: 'ours', elements: made });
        },
      ),
    );
  });

  test('whose it is: ours, changed by hand, somebody else’s, absent', () => {
    const { primitive, constraints } = resourceElements(model);
    const owner = (...inner: CibElement[]): string => presentElements(cib(...inner), 'cinder-volume').state;
    expect(owner(primitive, ...constraints)).toBe('ours');
    expect(owner(primitive, ...constraints.toReversed())).toBe('ours');
    expect(owner(primitive, ...constraints.slice(1))).toBe('edited');
    const { description: _, ...bare } = primitive.attributes;
    expect(owner({ ...primitive, attributes: bare }, ...constraints)).toBe('foreign');
    expect(owner(...constraints)).toBe('absent');
  });

  test('one node alone may have it, and no other one that joins later', () => {
    const { constraints } = resourceElements(model);
    const only = constraints.find(({ attributes }) => attributes['id'] === 'cinder-volume-only');
    expect(only?.children[0]?.attributes).toMatchObject({ score: '-INFINITY', 'boolean-op': 'and' });
    expect(only?.children[0]?.children.map(({ attributes }) => attributes['value'])).toEqual(options.nodes);
  });

  test('without failBack it stays where it is', () => {
    const stickiness = (failBack: boolean): string | undefined =>
      findById(resourceElements({ ...model, failBack }).primitive, 'cinder-volume-meta-resource-stickiness')
        ?.attributes['value'];
    expect([stickiness(false), stickiness(true)]).toEqual(['INFINITY', '0']);
  });
});

/** What XML 1.0 has, but for line breaks and tabs, which attributes do not keep. */
const XML_CAN = /^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

describe('the commands', () => {
  const now = resourceElements(model);

  test('what is new comes with its constraints, in one', () => {
    const commands = changeCommands(undefined, now);
    expect(commands).toHaveLength(1);
    expect(commands[0]?.slice(0, 5)).toEqual([
      'cibadmin',
      '--modify',
      '--allow-create',
      '--scope',
      'configuration',
    ]);
  });

  test('a node less: its constraint goes, and the resource is told', () => {
    const commands = changeCommands(now, resourceElements({ ...model, nodes: ['ctl-1', 'ctl-2'] }));
    const said = commands.map(
      ([, verb, ...rest]) => `${verb} ${/id="([^"]+)"/.exec(rest.at(-1) ?? '')?.[1]}`,
    );
    expect(said).toContain('--delete cinder-volume-on-ctl-3');
    expect(said).toContain('--replace cinder-volume-only');
    expect(said.at(-1)).toBe('--replace cinder-volume');
  });

  test('it is stopped, then loses its constraints, and goes last', () => {
    expect(stopCommand('x').at(-1)).toContain('value="Stopped"');
    const kinds = removeCommands(now).map((command) => /<(\w+)/.exec(command.at(-1) ?? '')?.[1]);
    expect(kinds).toEqual(['rsc_location', 'rsc_location', 'rsc_location', 'rsc_location', 'primitive']);
  });
});

test('what crm_simulate says that Pacemaker would do', () => {
  const actions = transitionOf(
    xmlPackage,
    `<pacemaker-result><transition>
    <rsc_action resource="a" op="monitor" node="ctl-1"/>
    <pseudo_action task="stonith_complete"/>
    <rsc_action resource="a" op="start" node="ctl-1"/>
    <fencing_action target="ctl-3" op="reboot"/>
    <cluster_action task="do_shutdown" node="ctl-2" id="2"/>
  </transition></pacemaker-result>`,
  );
  expect(actions).toEqual([
    { subject: 'a', words: 'start a on ctl-1' },
    { subject: 'ctl-3', words: 'reboot ctl-3, by fencing' },
    { subject: 'ctl-2', words: 'do_shutdown on ctl-2' },
  ]);
  expect(() => transitionOf(xmlPackage, '<!DOCTYPE x><x/>')).toThrow('document type');
  expect(() => transitionOf(xmlPackage, '<pacemaker-result><trans')).toThrow('well-formed');
});

describe('a plan', () => {
  test('asks every node, then Pacemaker, and only then changes something', () => {
    const handOver = { run: ['systemctl', 'disable', '--now', 'cinder-volume'] };
    const planned = planActivePassive(cinder, { ...options, handOver }, whole);
    if (!planned.ok) throw new Error('refused');
    const { plan } = planned;
    expect(plan.steps.map(({ id }) => id)).toEqual([
      'check-agent-ctl-1',
      'check-agent-ctl-2',
      'check-agent-ctl-3',
      'rehearse',
      'hand-over-ctl-1',
      'hand-over-ctl-2',
      'hand-over-ctl-3',
      'activate',
      'confirm-one',
    ]);
    expect(explain(plan)).toContain('Never: a second process serves the same backend');
    expect(plan.warnings.filter((warning) => warning.startsWith('Nobody else'))).toEqual([]);
  });

  test.each<[string, ActivePassiveSnapshot, string[]]>([
    ['nobody was asked', { status: undefined, present: undefined, devices: {}, gaps: [] }, ['enroll.unseen']],
    ['no quorum', { ...whole, status: { ...status, quorum: false } }, ['enroll.no-quorum']],
    ['quorum not told', { ...whole, status: { ...status, quorum: undefined } }, ['enroll.no-quorum']],
    [
      'quorum does not matter to it',
      { ...whole, status: { ...status, noQuorumPolicy: 'ignore' } },
      ['enroll.no-quorum'],
    ],
    ['maintenance', { ...whole, status: { ...status, maintenance: true } }, ['enroll.maintenance']],
    ['fencing is off', { ...whole, status: { ...status, stonith: false } }, ['enroll.no-fencing']],
    ['fencing is not told', { ...whole, status: { ...status, stonith: undefined } }, ['enroll.no-fencing']],
    ['one cannot be fenced', { ...whole, devices: { ...whole.devices, 'ctl-2': 0 } }, ['enroll.no-fencing']],
    ['of one it is not told', { ...whole, devices: { 'ctl-1': 1, 'ctl-3': 1 } }, ['enroll.no-fencing']],
    [
      'one is away',
      {
        ...whole,
        status: {
          ...status,
          nodes: status.nodes.map((node) => ({ ...node, online: node.name !== 'ctl-3' })),
        },
      },
      ['enroll.unknown-node'],
    ],
    [
      'there already',
      { ...whole, present: { state: 'ours', elements: resourceElements(model) } },
      ['enroll.already'],
    ],
    [
      'changed by hand',
      { ...whole, present: { state: 'edited', elements: resourceElements({ ...model, monitor: 99_000 }) } },
      ['enroll.edited'],
    ],
    [
      'somebody else’s',
      { ...whole, present: { state: 'foreign', elements: resourceElements({ ...model, monitor: 99_000 }) } },
      ['enroll.foreign'],
    ],
  ])('is refused: %s', (_, snapshot, codes) => {
    expect(codesOf(snapshot)).toEqual(codes);
  });

  test('only for what may be active once, and not for what moves others', () => {
    expect(codesOf(whole, {}, component('keystone'))).toEqual(['enroll.not-passive']);
    expect(codesOf(whole, {}, component('keepalived'))).toEqual(['enroll.not-passive']);
    expect(codesOf(whole, { nodes: ['ctl-1'] })).toEqual(['enroll.single-replica']);
    const own = defineComponent({ ...cinder, name: 'billing' });
    expect(codesOf(whole, {}, own)).toEqual([]);
  });

  test('what is taken over comes back as it was', () => {
    const before = resourceElements({ ...model, monitor: 99_000 });
    const present = { state: 'foreign', elements: before } as const;
    const planned = planActivePassive(cinder, { ...options, adopt: true }, { ...whole, present });
    if (!planned.ok) throw new Error('refused');
    const activate = planned.plan.steps.find(({ id }) => id === 'activate');
    expect(activate?.input).toMatchObject({ before });
    expect(digestOfElements(before)).not.toBe(digestOfElements(resourceElements(model)));
    expect(planned.plan.warnings.join()).toContain('foreign, is replaced');
  });

  test.each<[string, Partial<ActivePassiveOptions>, string]>([
    ['a node twice', { nodes: ['a', 'a'] }, 'nodes.1'],
    ['no nodes', { nodes: [] }, 'nodes'],
    ['a node that is no name', { nodes: ['a b', 'c'] }, 'nodes.0'],
    ['no agent', { agent: 'cinder-volume' }, 'agent'],
    ['an agent with a shell in it', { agent: 'systemd:x;reboot' }, 'agent'],
    ['a monitor that never comes', { monitor: 0 }, 'monitor'],
    ['an option of two lines', { options: { a: 'x\ny' } }, 'options.a'],
    ['an id that is no name', { id: '<x/>' }, 'id'],
    ['something unknown', { replicas: 3 } as never, ''],
  ])('names the field: %s', (_, differs, field) => {
    const plan = (): unknown => planActivePassive(cinder, { ...options, ...differs }, whole);
    expect(plan).toThrow(InputError);
    expect(plan).toThrow(expect.objectContaining({ field: expect.stringContaining(field) }));
  });
});
