import { explain, type Plan, type Planned } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import { haproxyOf, keepalivedOf, serviceOf } from '../../src/enroll/enroll-models.ts';
import { backendProfileOf } from '../../src/enroll/backend-profile.ts';
import { type FileOwner, ownerOf } from '../../src/enroll/managed-file.ts';
import type { EnrollmentSnapshot } from '../../src/enroll/observe-enrollment.ts';
import { planEnrollment } from '../../src/enroll/plan-enrollment.ts';
import { planRetirement } from '../../src/enroll/plan-retirement.ts';
import { renderHaproxy } from '../../src/enroll/render-haproxy.ts';
import { renderBalancerCheck, renderKeepalived } from '../../src/enroll/render-keepalived.ts';
import { renderSettings } from '../../src/enroll/settings.ts';
import { EnrollOptions } from '../../src/enroll/topology.ts';
import { type Catalogue, catalogue, type Component } from '../../src/stack.ts';

const missing = (what: string): never => {
  throw new Error(`no ${what}`);
};
const component = (name: string): Component => (catalogue as Catalogue)[name] ?? missing(name);
const keystone = component('keystone');
const absent = { state: 'absent' } as const;
const nothing: EnrollmentSnapshot = {
  balancers: ['lb-1', 'lb-2'].map((host) => ({ host, haproxy: absent, check: absent, keepalived: absent })),
  settings: {},
};
const options: EnrollOptions = {
  topology: {
    vip: { address: '10.0.0.10', prefix: 24, routerId: 51 },
    balancers: [
      { host: 'lb-1', address: '10.0.0.1', interface: 'eth0' },
      { host: 'lb-2', address: '10.0.0.2', interface: 'eth0' },
    ],
  },
  replicas: [
    { name: 'api-1', address: '10.0.0.3' },
    { name: 'api-2', address: '10.0.0.4' },
  ],
};

/** What is there after these were enrolled. */
function enrolled(...all: readonly [Component, EnrollOptions][]): EnrollmentSnapshot {
  const parsed = all.map(([subject, given]) => [subject, EnrollOptions.parse(given)] as const);
  const services = parsed.flatMap(([subject, given]) => {
    const way = backendProfileOf(subject);
    return 'code' in way ? [] : (serviceOf(subject, way, given) ?? []);
  });
  const [[, given] = missing('component')] = parsed;
  const { balancers } = given.topology;
  return {
    balancers: balancers.map((balancer, at) => ({
      host: balancer.host,
      haproxy: ownerOf('haproxy', renderHaproxy(haproxyOf(balancer, services))),
      check: ownerOf('check', renderBalancerCheck({ socket: balancer.haproxy.socket })),
      keepalived: ownerOf('keepalived', renderKeepalived(keepalivedOf(balancer, at, given.topology))),
    })),
    settings: Object.fromEntries(
      given.replicas.flatMap(({ settings }) =>
        settings === undefined
          ? []
          : [[`${settings.host}:${settings.path}`, ownerOf('settings', renderSettings(given.settings))]],
      ),
    ),
  };
}

const planOf = (answer: Planned): Plan => {
  if (!answer.ok) throw new Error(answer.refusals.map(({ reason }) => reason).join('; '));
  return answer.plan;
};
const codes = (answer: Planned): string[] =>
  answer.ok ? answer.plan.steps.map(({ id }) => id) : answer.refusals.map(({ code }) => code);
const first = <T>([one]: readonly T[]): T => one ?? missing('element');

describe('planEnrollment', () => {
  test('checks every candidate before the first file is replaced, and changes one balancer after the other', () => {
    const plan = planOf(planEnrollment(keystone, options, nothing));
    const { steps } = plan;
    const before = (id: string): Set<string> => {
      const all = new Set<string>();
      const visit = (stepId: string): void => {
        for (const need of steps.find((step) => step.id === stepId)?.needs ?? []) {
          all.add(need);
          visit(need);
        }
      };
      visit(id);
      return all;
    };
    const stages = ['haproxy', 'keepalived'].flatMap((kind) =>
      ['lb-1', 'lb-2'].map((host) => `stage-${kind}-${host}`),
    );
    expect([...before('activate-haproxy-lb-1')]).toEqual(expect.arrayContaining(stages));
    expect(before('activate-haproxy-lb-2')).toContain('activate-keepalived-lb-1');
    expect(before('confirm-vip')).toContain('activate-keepalived-lb-2');
    expect(explain(plan)).toContain('10.0.0.10:5000');
  });

  test('of what is there already says so', () => {
    expect(codes(planEnrollment(keystone, options, enrolled([keystone, options])))).toEqual([
      'enroll.already',
    ]);
  });

  test('of the same with another replica changes the balancers only', () => {
    const more = { ...options, replicas: [...options.replicas, { name: 'api-3', address: '10.0.0.5' }] };
    expect(codes(planEnrollment(keystone, more, enrolled([keystone, options])))).toEqual([
      'stage-haproxy-lb-1',
      'stage-haproxy-lb-2',
      'activate-haproxy-lb-1',
      'activate-haproxy-lb-2',
      'confirm-vip',
    ]);
  });

  test('of a second component keeps the first', () => {
    const glance = component('glance-api');
    const plan = planOf(planEnrollment(glance, options, enrolled([keystone, options])));
    const input = plan.steps.find(({ id }) => id === 'activate-haproxy-lb-1')?.input;
    expect(input).toMatchObject({ model: { services: [{ name: 'glance-api' }, { name: 'keystone' }] } });
    expect(
      codes(planEnrollment(keystone, options, enrolled([keystone, options], [glance, options]))),
    ).toEqual(['enroll.already']);
  });

  test('of a database has one writer', () => {
    const plan = planOf(planEnrollment(component('mariadb'), { ...options, port: 3_306 }, nothing));
    expect(plan.steps.find(({ id }) => id === 'stage-haproxy-lb-1')?.input).toMatchObject({
      model: {
        services: [{ mode: 'tcp', check: { port: 9_200 }, servers: [{ backup: false }, { backup: true }] }],
      },
    });
    expect(plan.warnings).toEqual([expect.stringContaining('must each answer HTTP 200 on port 9200')]);
    expect(planOf(planEnrollment(keystone, options, nothing)).warnings).toEqual([]);
    expect(codes(planEnrollment(component('mariadb'), options, nothing))).toEqual(['enroll.no-port']);
  });

  test('settings come first, one replica after the other, without their secrets', () => {
    const given = {
      ...options,
      replicas: options.replicas.map((replica) => ({
        ...replica,
        settings: {
          host: replica.name,
          path: '/etc/keystone/keystone.conf.d/50-ha.conf',
          restart: ['restart'],
        },
      })),
      settings: [{ section: 'database', option: 'connection', secret: 'db' }],
    };
    const looked = Object.fromEntries(
      ['api-1', 'api-2'].map((host) => [`${host}:/etc/keystone/keystone.conf.d/50-ha.conf`, absent]),
    );
    expect(codes(planEnrollment(keystone, given, nothing))).toEqual(['enroll.unseen', 'enroll.unseen']);
    const plan = planOf(planEnrollment(keystone, given, { ...nothing, settings: looked }));
    const second = plan.steps.find(({ id }) => id === 'stage-settings-api-2');
    expect(second?.needs).toEqual(['activate-settings-api-1']);
    expect(plan.steps.find(({ id }) => id === 'activate-settings-api-1')?.input).toMatchObject({
      ready: ['curl', '-sSf', '-o', '/dev/null', '--max-time', '10', 'http://10.0.0.3:5000/v3'],
    });
  });

  const present = (owner: FileOwner): EnrollmentSnapshot => ({
    ...nothing,
    balancers: nothing.balancers.map((balancer, at) =>
      at === 0 ? { ...balancer, haproxy: owner } : balancer,
    ),
  });

  test.each<[string, FileOwner, boolean, string]>([
    ['could not be read', { state: 'unseen', why: 'permission denied' }, false, 'enroll.unseen'],
    [
      'could not be read, adopted or not',
      { state: 'unseen', why: 'permission denied' },
      true,
      'enroll.unseen',
    ],
    ["is somebody else's", { state: 'foreign', digest: 'sha256:1' }, false, 'enroll.foreign'],
    ['was changed by hand', { state: 'edited', digest: 'sha256:1' }, false, 'enroll.edited'],
  ])('a file that %s is in the way', (_, owner, adopt, code) => {
    expect(codes(planEnrollment(keystone, { ...options, adopt }, present(owner)))).toEqual([code]);
  });

  test('a file that is adopted is named in a warning', () => {
    const plan = planOf(
      planEnrollment(
        keystone,
        { ...options, adopt: true },
        present({ state: 'foreign', digest: 'sha256:1' }),
      ),
    );
    expect(plan.warnings).toEqual([expect.stringContaining('/etc/haproxy/haproxy.cfg on lb-1')]);
  });

  test('nothing that was not looked at is taken for absent', () => {
    expect(new Set(codes(planEnrollment(keystone, options, { balancers: [], settings: {} })))).toEqual(
      new Set(['enroll.unseen']),
    );
  });

  test.each<[string, string]>([
    ['cinder-volume', 'enroll.passive'],
    ['rabbitmq', 'enroll.quorum'],
    ['nova-compute', 'enroll.per-host'],
    ['nova-conductor', 'enroll.through-queue'],
    ['memcached', 'enroll.clients-choose'],
  ])('%s is not made HA by a balancer: %s', (name, code) => {
    const answer = planEnrollment(component(name), options, nothing);
    expect(codes(answer)).toEqual([code]);
    expect(!answer.ok && first(answer.refusals).remedy).toMatch(/\w/);
  });

  test('what fails together is not HA', () => {
    const { topology, replicas } = options;
    const single = {
      ...options,
      replicas: [first(replicas)],
      topology: { ...topology, balancers: [first(topology.balancers)] },
    };
    expect(codes(planEnrollment(keystone, single, nothing))).toEqual([
      'enroll.single-replica',
      'enroll.single-balancer',
    ]);
    const together = {
      ...options,
      replicas: replicas.map((replica) => ({ ...replica, failsWith: 'rack-1' })),
      topology: {
        ...topology,
        balancers: topology.balancers.map((each) => ({ ...each, failsWith: 'rack-1' })),
      },
    };
    expect(codes(planEnrollment(keystone, together, nothing))).toEqual([
      'enroll.same-machine',
      'enroll.same-machine',
    ]);
  });

  test('a port that is taken, another address, balancers that differ', () => {
    const seen = enrolled([keystone, options]);
    expect(codes(planEnrollment(component('glance-api'), { ...options, port: 5_000 }, seen))).toEqual([
      'enroll.conflict',
    ]);
    const elsewhere = {
      ...options,
      topology: { ...options.topology, vip: { ...options.topology.vip, address: '10.0.0.11' } },
    };
    expect(new Set(codes(planEnrollment(component('glance-api'), elsewhere, seen)))).toEqual(
      new Set(['enroll.conflict']),
    );
    const other = enrolled([keystone, { ...options, replicas: [...options.replicas].toReversed() }]);
    const mixed = { ...seen, balancers: [first(seen.balancers), other.balancers[1] ?? missing('second')] };
    expect(codes(planEnrollment(component('glance-api'), options, mixed))).toEqual([
      'enroll.balancers-differ',
    ]);
    // Enrolling the one that differs is what repairs it.
    expect(codes(planEnrollment(keystone, options, mixed))).toContain('activate-haproxy-lb-2');
  });

  test.each<[string, string, object]>([
    ['a name with a line break', 'replicas.0.name', { replicas: [{ name: 'a\nb', address: '10.0.0.3' }] }],
    ['a typo', 'replica', { replica: [] }],
    [
      'the same balancer twice',
      'topology.balancers.1.host',
      {
        topology: {
          ...options.topology,
          balancers: [first(options.topology.balancers), first(options.topology.balancers)],
        },
      },
    ],
    [
      'a password in a setting',
      'settings.0.value',
      { settings: [{ section: 'database', option: 'connection', value: 'mysql://u:p@h/d' }] },
    ],
    [
      'a setting of two lines',
      'settings.0.value',
      { settings: [{ section: 'a', option: 'b', value: 'c\n[d]' }] },
    ],
  ])('%s is refused, and its field is named', (_, field, change) => {
    expect(() => planEnrollment(keystone, { ...options, ...change }, nothing)).toThrow(
      expect.objectContaining({ field }) as Error,
    );
  });
});

describe('planRetirement', () => {
  const { topology } = options;
  const three = { ...options, replicas: [...options.replicas, { name: 'api-3', address: '10.0.0.5' }] };

  test('drains on a balancer before it changes there', () => {
    const plan = planOf(
      planRetirement(keystone, { topology, replicas: ['api-3'] }, enrolled([keystone, three])),
    );
    const needs = (id: string) => plan.steps.find((step) => step.id === id)?.needs;
    expect(needs('activate-haproxy-lb-1')).toEqual(['drain-api-3-lb-1']);
    expect(needs('drain-api-3-lb-2')).toEqual(['activate-haproxy-lb-1']);
    expect(needs('drain-api-3-lb-1')).toEqual(['stage-haproxy-lb-1', 'stage-haproxy-lb-2']);
  });

  test('keeps two, unless told otherwise, and always one', () => {
    const seen = enrolled([keystone, options]);
    const retire = (replicas: string[], acceptSingle = false) =>
      codes(planRetirement(keystone, { topology, replicas, acceptSingle }, seen));
    expect(retire(['api-1'])).toEqual(['enroll.last-replica']);
    expect(retire(['api-1'], true)).toContain('drain-api-1-lb-1');
    expect(retire(['api-1', 'api-2'], true)).toEqual(['enroll.last-replica']);
    expect(retire(['api-9', 'api-1'], true)).toEqual(['enroll.unknown-replica']);
  });

  test('of what is not enrolled, or was not seen, is refused', () => {
    expect(codes(planRetirement(keystone, { topology, replicas: ['api-1'] }, nothing))).toContain(
      'enroll.unknown-replica',
    );
    expect(
      codes(planRetirement(keystone, { topology, replicas: ['api-1'] }, { balancers: [], settings: {} })),
    ).toContain('enroll.unseen');
  });
});
