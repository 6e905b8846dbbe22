import { type Duration } from '@groundcrew/ground';
import { isGroundcrewError } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import {
  admit,
  canRun,
  capacity,
  definePlacementRule,
  inService,
  residency,
  serverGroup,
} from '../../src/placement.ts';
import { parseExemptions, toComplianceHtml } from '../../src/policy.ts';
import { after, responseController, responsePolicy, stop } from '../../src/response.ts';
import { decideResponses, notify } from '../../src/response.ts';
import { workload as placed } from '../placement/small-site.ts';
import { failed } from '../response/carry-out.ts';

// What a person writes, in JSON, YAML or code, is read strictly: a misspelt key means something else than was meant.

const caughtFrom = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('a response policy', () => {
  const rule = { finding: 'audit.*', do: [{ do: 'stop' }] };
  test.each<readonly [string, object]>([
    ['mode', { mode: 'enforced', rules: [rule] }],
    ['modes', { mode: 'enforce', modes: 1, rules: [rule] }],
    ['rules', { mode: 'enforce', rules: {} }],
    ['rules[0].form', { mode: 'enforce', rules: [{ ...rule, form: 'high' }] }],
    ['rules[0].from', { mode: 'enforce', rules: [{ ...rule, from: 'grave' }] }],
    ['rules[0].do', { mode: 'enforce', rules: [{ ...rule, do: { do: 'stop' } }] }],
    ['rules[0].do[0].do', { mode: 'enforce', rules: [{ ...rule, do: [{ do: 'delete-server' }] }] }],
    ['rules[0].do[0].hard', { mode: 'enforce', rules: [{ ...rule, do: [{ do: 'stop', hard: true }] }] }],
    [
      'rules[0].do[0].channels',
      { mode: 'enforce', rules: [{ ...rule, do: [{ do: 'notify', channels: [] }] }] },
    ],
    [
      'rules[0].do[1].delay',
      {
        mode: 'enforce',
        rules: [
          {
            ...rule,
            do: [
              { do: 'notify', channels: ['owner'] },
              { do: 'after', delay: Number.NaN, respond: { do: 'stop' } },
            ],
          },
        ],
      },
    ],
    ['maxTargets', { mode: 'enforce', rules: [rule], maxTargets: '20' }],
    ['maxTargets', { mode: 'enforce', rules: [rule], maxTargets: Number.POSITIVE_INFINITY }],
  ])('%s', (field, policy) => {
    const caught = caughtFrom(() => responsePolicy(policy as never));
    expect(caught).toMatchObject({ name: 'ResponsePolicyError', field });
    expect(isGroundcrewError(caught)).toBe(true);
  });

  test.each(['0s', '-1h', 'Infinityd', '1e9d', '72', '72 hours', '9999999d'])('no duration: %s', (text) => {
    expect(caughtFrom(() => after(text as Duration, stop()))).toMatchObject({
      name: 'InputError',
      field: 'duration',
    });
  });
});

describe('exemptions', () => {
  const good = {
    id: 'x',
    policy: 'audit.image.public',
    subject: { id: 'i' },
    owner: 'ada',
    reason: 'ours',
    expires: '2026-06-01T00:00:00Z',
  };
  test.each<readonly [string, object]>([
    ['exemptions[0].expires', { expires: '2026-06-01T00:00:00' }],
    ['exemptions[0].expires', { expires: '2026-02-30T00:00:00Z' }],
    ['exemptions[0].policy', { policy: ' audit.image.public' }],
    ['exemptions[0].policy', { policy: 'audit.image. public' }],
    ['exemptions[0].subject.id', { subject: { id: 'i ' } }],
    ['exemptions[0].id', { id: '\tx' }],
  ])('%s', (field, parts) => {
    const caught = caughtFrom(() => parseExemptions([{ ...good, ...parts }]));
    expect(caught).toMatchObject({ name: 'ExemptionError', faults: [{ field }] });
    expect(isGroundcrewError(caught)).toBe(true);
  });
});

test.each<readonly [string, () => unknown]>([
  ['interval', () => responseController({ interval: Number.NaN } as never)],
  ['label', () => residency({ label: '' })],
  ['lable', () => residency({ lable: 'x' } as never)],
  [
    'severity',
    () => definePlacementRule({ id: 'a', severity: 'grave' as never, title: 't', allows: () => 'yes' }),
  ],
  ['unknown', () => admit({} as never, {} as never, { rules: [], unknown: 'deny' as never })],
  ['titel', () => toComplianceHtml({} as never, { titel: 'x' } as never)],
])('%s', (_, act) => {
  const caught = caughtFrom(act);
  expect(caught).toMatchObject({ name: 'InputError' });
  expect(isGroundcrewError(caught)).toBe(true);
});

test('a condition of somebody’s own that throws concerns its finding, and no other', () => {
  const policy = responsePolicy({
    mode: 'enforce',
    rules: [
      {
        finding: '*',
        when: ({ subject }) => {
          if (subject.id === 'odd') throw new Error('no such field');
          return true;
        },
        do: [notify('owner')],
      },
    ],
  });
  const { due, misfits } = decideResponses([failed('server', 'odd'), failed('server', 's')], policy, [], 0);
  expect(due).toMatchObject([{ findings: [{ subject: { id: 's' } }] }]);
  expect(misfits).toMatchObject([
    { finding: { subject: { id: 'odd' } }, why: expect.stringContaining('no such field') },
  ]);
});

describe('hosts of which something was not told', () => {
  const host = {
    host: 'h',
    zone: 'nova',
    aggregates: [],
    labels: {},
    traits: [],
    stock: { VCPU: { total: 8, reserved: 0, allocation_ratio: 1, used: 0 } },
    enabled: true,
    up: true,
  };
  const workload = placed('w', {
    project_id: 'p',
    host: undefined,
    status: 'NEW',
    vcpus: 1,
    ram: 0,
    disk: 0,
    onVolume: true,
  });
  const placement = { at: '', locations: [host], workloads: [], gaps: [] };

  // openstack/nova, api-guide/source/down_cells.rst: services of a cell that is down have the status UNKNOWN, and no state.
  test.each([
    ['up', inService(), { up: undefined }, {}],
    ['enabled', inService(), { enabled: undefined }, {}],
    ['what is in use', capacity(), { stock: { VCPU: { ...host.stock.VCPU, used: undefined } } }, {}],
    ['the policy of a group', serverGroup(), {}, { group: { id: 'g', policy: '', members: [] } }],
  ])('%s', (_, rule, ofHost, ofWorkload) => {
    expect(canRun({ ...workload, ...ofWorkload }, { ...host, ...ofHost }, placement, [rule]).answer).toBe(
      'unknown',
    );
  });
});
