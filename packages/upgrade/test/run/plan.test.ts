import { estimateOf, explain, parsePlan, type Plan, pointsOfNoReturn } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import { planOf } from './fixtures/carry-out.ts';
import { epoxyToGazpacho, hop, topology } from './fixtures/topology.ts';

const at = (plan: Plan, id: string): number => {
  const found = plan.steps.findIndex((step) => step.id === id);
  if (found === -1) throw new RangeError(`${id} is not among ${plan.steps.map((step) => step.id).join(' ')}`);
  return found;
};

/** Whether the plan lets `later` begin only once `earlier` succeeded. */
function isBefore(plan: Plan, earlier: string, later: string): boolean {
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  const open = [later];
  const seen = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const needs = byId.get(id)?.needs ?? [];
    if (needs.includes(earlier)) return true;
    for (const need of needs) if (!seen.has(need)) open.push(need);
    for (const need of needs) seen.add(need);
  }
  return false;
}

describe('golden plans', () => {
  test.each([
    ['the services of the lab, rolling', 'lab-rolling', planOf({ drain: ['api', 'compute'] })],
    ['neutron with a short outage', 'neutron-outage', planOf({ services: ['neutron'], outage: ['neutron'] })],
    [
      'services that nobody has tried',
      'untried',
      planOf({
        outage: ['heat', 'barbican', 'octavia', 'manila'],
        topology: {
          hosts: [
            {
              name: 'ctl-1',
              runs: [
                'heat-engine',
                'heat-api',
                'barbican-api',
                'octavia-worker',
                'octavia-api',
                'manila-scheduler',
                'manila-api',
                'ironic-conductor',
                'ironic-api',
                'swift-proxy',
                'ovn-central',
              ],
            },
            { name: 'sto-1', runs: ['swift-account', 'swift-container', 'swift-object'] },
            { name: 'cmp-1', runs: ['ovn-controller'] },
          ],
        },
      }),
    ],
  ])('%s', async (_what, name, plan) => {
    await expect(explain(plan)).toMatchFileSnapshot(`fixtures/golden/${name}.txt`);
  });

  test('a plan comes back from its JSON as the same plan', () => {
    const plan = planOf();
    expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    expect(planOf()).toEqual(plan);
  });
});

describe('the order', () => {
  const plan = planOf({ wave: 2 });

  test('pins are first, on every host of Nova', () => {
    expect(plan.steps.slice(1, 5).map(({ id }) => id)).toEqual([
      'pin-nova-ctl-1',
      'pin-nova-ctl-2',
      'pin-nova-cmp-1',
      'pin-nova-cmp-2',
    ]);
    expect(isBefore(plan, 'pin-nova-cmp-2', 'install-keystone-ctl-1')).toBe(true);
  });

  test('schema, then conductors, then APIs, then computes, then the word to all, then data', () => {
    const order = [
      'finish-data-nova',
      'install-nova-ctl-1',
      'api-sync-nova',
      'sync-nova',
      'check-nova',
      'restart-nova-conductor-ctl-1',
      'restart-nova-conductor-ctl-2',
      'restart-nova-scheduler-ctl-1',
      'restart-nova-api-ctl-1',
      'restart-nova-api-ctl-2',
      'restart-nova-compute-cmp-1',
      'signal-nova-cmp-2',
      'refresh-nova-api-ctl-1',
      'migrate-data-nova',
    ];
    const wrong = order.filter((id, place) => place > 0 && !isBefore(plan, order[place - 1] ?? '', id));
    expect(wrong).toEqual([]);
  });

  test('waves: so many hosts beside each other, the next ones after them', () => {
    expect(isBefore(plan, 'restart-nova-compute-cmp-1', 'restart-nova-compute-cmp-2')).toBe(false);
    expect(isBefore(plan, 'restart-nova-compute-cmp-1', 'restart-neutron-l3-agent-net-1')).toBe(true);
    expect(isBefore(planOf(), 'restart-nova-compute-cmp-1', 'install-neutron-cmp-2')).toBe(true);
  });

  test('whom SIGHUP would take away is restarted, one host after the other: by the release that it has then', () => {
    const refreshed = ({ steps }: Plan, component: string): string[] =>
      steps.flatMap(({ id, input }) =>
        /^(?:signal|refresh)-/.test(id) && (input as { components: string[] }).components.includes(component)
          ? [id]
          : [],
      );
    const older = planOf({}, hop('2024.1', '2025.1'));
    expect(refreshed(older, 'nova-scheduler')).toEqual(['signal-nova-ctl-1', 'signal-nova-ctl-2']);
    expect(refreshed(plan, 'nova-conductor')).toEqual(['signal-nova-ctl-1', 'signal-nova-ctl-2']);
    expect(refreshed(plan, 'nova-scheduler')).toEqual([
      'refresh-nova-scheduler-ctl-1',
      'refresh-nova-scheduler-ctl-2',
    ]);
    expect(isBefore(plan, 'refresh-nova-scheduler-ctl-1', 'refresh-nova-scheduler-ctl-2')).toBe(true);
    const newer = planOf({}, hop('2026.1', '2026.2'));
    expect(refreshed(newer, 'nova-conductor')).toEqual([
      'refresh-nova-conductor-ctl-1',
      'refresh-nova-conductor-ctl-2',
    ]);
    expect(isBefore(newer, 'refresh-nova-compute-cmp-1', 'refresh-nova-compute-cmp-2')).toBe(true);
    expect([older, plan].map(({ warnings }) => warnings.join().includes('manager_shutdown_timeout'))).toEqual(
      [false, true],
    );
  });

  test('nothing that cannot be taken back before the gate, and the gate where nobody is without service', () => {
    const [first] = pointsOfNoReturn(plan);
    expect(first?.id).toBe('contract-keystone');
    expect(plan.gates).toMatchObject([{ before: ['contract-keystone'] }]);
    expect(at(plan, 'contract-keystone')).toBeGreaterThan(at(plan, 'refresh-nova-api-ctl-2'));
    const outage = planOf({ outage: ['glance'] });
    expect(outage.gates).toMatchObject([{ before: ['stop-glance-ctl-1'] }]);
    expect(planOf({ gate: false }).gates).toEqual([]);
  });

  test('chassis before the centre, storage nodes before proxies', () => {
    const other = planOf({
      topology: {
        hosts: [
          { name: 'a', runs: ['ovn-northd', 'swift-proxy'] },
          { name: 'b', runs: ['ovn-controller', 'swift-object'] },
        ],
      },
    });
    expect(isBefore(other, 'restart-ovn-controller-b', 'restart-ovn-northd-a')).toBe(true);
    expect(isBefore(other, 'restart-swift-object-b', 'restart-swift-proxy-a')).toBe(true);
  });

  test('ironic is pinned to the release that is left, goes before nova, and is let go at the end', () => {
    const other = planOf({
      topology: {
        hosts: [{ name: 'a', runs: ['ironic-api', 'ironic-conductor', 'nova-api', 'nova-conductor'] }],
      },
    });
    expect(other.steps[at(other, 'pin-ironic-a')]?.input).toMatchObject({ value: '2025.1' });
    expect(other.steps[at(other, 'unpin-ironic-a')]?.input).toMatchObject({ value: null });
    expect(isBefore(other, 'restart-ironic-api-a', 'install-nova-a')).toBe(true);
    expect(isBefore(other, 'unpin-ironic-a', 'refresh-ironic-conductor-a')).toBe(true);
    expect(isBefore(other, 'refresh-ironic-api-a', 'migrate-data-ironic')).toBe(true);
  });

  test('the major version is that of the series', () => {
    const major = (plan_: Plan, id: string): unknown => plan_.steps[at(plan_, id)]?.input;
    expect(major(plan, 'install-nova-cmp-1')).toMatchObject({ major: 33 });
    const next = planOf({ services: ['nova'] }, hop('zed', '2023.1'));
    expect(major(next, 'install-nova-cmp-1')).toMatchObject({ major: 27 });
  });
});

describe('an outage', () => {
  const plan = planOf({ services: ['neutron'], outage: ['neutron'] });

  test('stops all before anything is migrated, and does at once what would wait for the end', () => {
    expect(isBefore(plan, 'stop-neutron-ctl-2', 'expand-neutron')).toBe(true);
    expect(isBefore(plan, 'contract-neutron', 'restart-neutron-server-ctl-1')).toBe(true);
    expect(plan.steps[at(plan, 'contract-neutron')]?.input).toMatchObject({ refuseIfLeft: false });
  });

  test('its first migration is a point of no return only where the old code cannot go on', () => {
    expect(plan.steps[at(plan, 'expand-neutron')]?.rollback).toBe('restore');
    const failed = {
      service: 'neutron',
      verdict: 'fail',
      conflicts: [],
      harmless: [],
      notInBefore: [],
    } as const;
    const other = planOf({ services: ['neutron'], outage: ['neutron'], schema: [failed] });
    expect(other.steps[at(other, 'expand-neutron')]?.rollback).toBe('none');
  });

  test('as a strategy it is that of every service', () => {
    const all = planOf({ strategy: 'outage' });
    expect(at(all, 'stop-nova-ctl-2')).toBeLessThan(at(all, 'sync-nova'));
    // Its API came up while the computes were old, Cinder's when nothing was.
    expect(isBefore(all, 'restart-nova-compute-cmp-2', 'refresh-nova-api-ctl-1')).toBe(true);
    expect(all.steps.some(({ id }) => id === 'refresh-cinder-api-ctl-1')).toBe(false);
    expect(all.steps.some(({ id }) => id.startsWith('signal-cinder'))).toBe(false);
  });
});

describe('what it takes', () => {
  test('is unknown where nobody has measured it', () => {
    expect(estimateOf(planOf()).unestimated).toHaveLength(planOf().steps.length);
  });

  test('is what the caller measured, by service and step', () => {
    const plan = planOf({
      services: ['keystone'],
      estimates: {
        'keystone.expand': { duration: '2.7s', basis: 'lab hop' },
        'keystone.restart': { duration: '4s', downtime: '1s', basis: 'lab hop' },
      },
    });
    const { durationMs, downtimeMs, unestimated } = estimateOf(plan);
    expect([durationMs, downtimeMs]).toEqual([10_700, 2_000]);
    expect(unestimated).not.toContain('expand-keystone');
  });

  test('of a step that is not there is a slip, and refused with its field', () => {
    expect(() => planOf({ estimates: { 'keystone.expnad': { duration: '1s' } } })).toThrow(
      expect.objectContaining({ field: 'estimates.keystone.expnad' }),
    );
  });
});

describe('warnings', () => {
  test('say what nobody has looked at', () => {
    const { warnings } = planOf();
    expect(warnings).toContain("Nobody has run the services' own checks: see observeUpgradeChecks.");
    expect(warnings.join('\n')).toMatch(
      /not tried \(see rollingSafety\): keystone, glance, placement, cinder, nova/,
    );
    expect(warnings.join('\n')).toMatch(/skipped series: keystone, glance, placement, cinder, neutron\./);
    expect(warnings.join('\n')).toMatch(/On ctl-1, ctl-2 components of nova go on from memory/);
  });

  test('one host is an outage at each restart; an untried recipe is said to be one', () => {
    const { warnings } = planOf({
      topology: { hosts: [{ name: 'a', runs: ['keystone', 'swift-proxy'] }] },
    });
    expect(warnings).toContain('keystone runs on one host: each of its restarts is an outage.');
    expect(warnings).toContain('The recipe of swift is its documentation; nobody has run it.');
  });
});

test('a cloud with 2,000 computes is planned', () => {
  const computes = Array.from({ length: 2_000 }, (_, index) => ({
    name: `hv-${index}`,
    runs: ['nova-compute', 'neutron-openvswitch-agent'],
  }));
  const plan = planOf({ topology: { hosts: [...topology.hosts, ...computes] }, wave: 20 });
  expect(plan.steps.length).toBeGreaterThan(12_000);
  expect(epoxyToGazpacho.to.name).toBe('gazpacho');
});
