import { describe, expect, test } from 'vitest';
import { dependents } from '../../src/components/order.ts';
import { catalogue, type Catalogue, defineComponent, startOrder, stopOrder } from '../../src/stack.ts';

const all = Object.values(catalogue);
const SOURCES = ['ha-guide', 'kolla', 'upstream', 'field'];

describe('the catalogue', () => {
  test('has every component of the management stack under its own name', () => {
    expect(Object.keys(catalogue)).toEqual(all.map((component) => component.name));
    expect(Object.keys(catalogue)).toEqual(
      expect.arrayContaining([
        'keystone',
        'glance-api',
        'placement-api',
        'nova-api',
        'nova-scheduler',
        'nova-conductor',
        'nova-compute',
        'neutron-server',
        'neutron-l3-agent',
        'neutron-dhcp-agent',
        'neutron-metadata-agent',
        'cinder-api',
        'cinder-scheduler',
        'cinder-volume',
        'cinder-backup',
        'haproxy',
        'keepalived',
        'mariadb',
        'rabbitmq',
        'memcached',
        'pacemaker',
        'corosync',
        'etcd',
        'ovn-northbound',
        'ovn-southbound',
        'heat-api',
        'octavia-api',
        'masakari-engine',
        'swift-proxy',
      ]),
    );
  });

  test('needs only what it has, and in no circle', () => {
    for (const { name, needs } of all)
      for (const { component } of needs)
        expect(catalogue, `${name} needs ${component}`).toHaveProperty(component);
    expect(startOrder(catalogue).flat().toSorted()).toEqual(Object.keys(catalogue).toSorted());
  });

  test('says who votes, wherever a majority decides', () => {
    const voting = all.filter((component) => component.mode === 'quorum');
    expect(voting.length).toBeGreaterThanOrEqual(5);
    for (const { name, quorum, wanted } of voting) {
      expect(quorum, name).toBeDefined();
      expect(wanted, `${name}: fewer than that survive no failure`).toBeGreaterThanOrEqual(
        quorum?.minimum ?? 0,
      );
    }
  });

  test('names the source of each check and of each unsafe move, and each only once', () => {
    const ids = all.flatMap((component) => component.unsafe.map((rule) => rule.id));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, checks, unsafe } of all)
      for (const { id, source } of [...checks, ...unsafe]) {
        expect(SOURCES, `${name} ${id}`).toContain(source.kind);
        expect(source.where, `${name} ${id}`).not.toBe('');
      }
  });

  test('warns of a rule under a name that says whose it is', () => {
    for (const { name, unsafe } of all) for (const { id } of unsafe) expect(id.split('.')[0]).toBe(name);
  });
});

describe('order', () => {
  const before = (order: readonly string[][], a: string, b: string): boolean =>
    order.findIndex((layer) => layer.includes(a)) < order.findIndex((layer) => layer.includes(b));

  test('each starts after all that it needs', () => {
    const order = startOrder(catalogue);
    for (const { name, needs } of all)
      for (const { component } of needs)
        expect(before(order, component, name), `${component} before ${name}`).toBe(true);
  });

  test('is kept between chosen ones through what stands between them', () => {
    expect(startOrder(catalogue, ['octavia-api', 'mariadb'])).toEqual([['mariadb'], ['octavia-api']]);
    expect(stopOrder(catalogue, ['octavia-api', 'mariadb'])).toEqual([['octavia-api'], ['mariadb']]);
    expect(startOrder(catalogue, [])).toEqual([]);
  });

  test('says who stops with the database, and who only suffers', () => {
    const { hard, soft } = dependents(catalogue, 'memcached');
    expect(hard).toEqual([]);
    expect(soft).toContain('keystone');
    expect(dependents(catalogue, 'mariadb').hard).toEqual(
      expect.arrayContaining(['keystone', 'nova-compute', 'heat-engine']),
    );
    expect(dependents(catalogue, 'mariadb').hard).not.toContain('rabbitmq');
  });

  const bare = (name: string, ...needs: string[]): Catalogue[string] =>
    defineComponent({
      name,
      title: name,
      mode: 'independent',
      state: 'stateless',
      stops: 'nothing',
      wanted: 1,
      essential: false,
      checks: [],
      needs: needs.map((component) => ({ component, kind: 'hard', why: 'so' })),
      unsafe: [],
    });

  test('refuses a circle, a need that nobody is, and a name that nobody has', () => {
    expect(() => startOrder({ a: bare('a', 'b'), b: bare('b', 'a') })).toThrow('a circle: a needs b needs a');
    expect(() => startOrder({ a: bare('a', 'b') })).toThrow('a needs b, which the catalogue does not have');
    expect(() => startOrder(catalogue, ['constructor'])).toThrow('no component constructor');
  });

  test('a component of one’s own is checked, field by field', () => {
    const good = bare('redis');
    expect(() => defineComponent({ ...good, name: 'Redis' })).toThrow(
      expect.objectContaining({ code: 'input', field: 'name' }),
    );
    expect(() => defineComponent({ ...good, mode: 'quorum' })).toThrow(
      expect.objectContaining({ field: 'quorum' }),
    );
    expect(() => defineComponent({ ...good, wanted: 0 })).toThrow(
      expect.objectContaining({ field: 'wanted' }),
    );
    const rule = {
      id: 'x',
      moves: ['stop'],
      when: 'w',
      why: 'y',
      source: { kind: 'upstream', where: '' },
    } as const;
    expect(() => defineComponent({ ...good, unsafe: [rule] })).toThrow(
      expect.objectContaining({ field: 'unsafe.0.source.where' }),
    );
    expect(startOrder({ ...catalogue, redis: good }, ['redis'])).toEqual([['redis']]);
  });
});
