import { describe, expect, test } from 'vitest';
import {
  admit,
  aggregateProperties,
  assessPlacement,
  canRun,
  capacity,
  definePlacementRule,
  imageIsolation,
  legalLocations,
  type Location,
  type PlacementRule,
  residency,
  schedulerRules,
  serverGroup,
  traits,
  type Workload,
  zone,
} from '../../src/placement.ts';
import { requestOf } from '../../src/placement/request.ts';
import { location, stock, workload, snapshot } from './small-site.ts';

// What Nova and Placement really do, where a simpler rule would say yes, or no, with nothing to show for it.
const said = (
  rule: PlacementRule,
  one: Partial<Workload>,
  place: Partial<Location> = {},
  others: readonly Workload[] = [],
) => canRun(workload('w', one), location('h9', place), snapshot([], others), [rule]).answer;

describe('capacity is what Placement would say', () => {
  test.each<[string, Partial<Workload>, Location['stock'], string]>([
    ['one may not have more than max_unit', { vcpus: 8 }, { VCPU: stock(64, { max_unit: 4 }) }, 'no'],
    ['nor less than min_unit', { vcpus: 1 }, { VCPU: stock(64, { min_unit: 2 }) }, 'no'],
    ['nor between steps', { vcpus: 3 }, { VCPU: stock(64, { step_size: 2 }) }, 'no'],
    ['a host without CPUs to share has none', {}, { VCPU: undefined as never, PCPU: stock(64) }, 'no'],
    ['dedicated CPUs are others', { extra_specs: { 'hw:cpu_policy': 'dedicated' } }, {}, 'no'],
    [
      'and are had there',
      { extra_specs: { 'hw:cpu_policy': 'dedicated' } },
      { VCPU: undefined as never, PCPU: stock(64) },
      'yes',
    ],
    ['by the image, too', { image_properties: { hw_cpu_policy: 'dedicated' } }, { PCPU: stock(1) }, 'no'],
    ['the flavor may ask for another amount', { extra_specs: { 'resources:MEMORY_MB': '99999' } }, {}, 'no'],
    ['or for none', { disk: 9_999, extra_specs: { 'resources:DISK_GB': '0' } }, {}, 'yes'],
    ['an amount that is no number', { extra_specs: { 'resources:VCPU': 'many' } }, {}, 'unknown'],
    ['a device may be beneath the host', { extra_specs: { 'resources:VGPU': '1' } }, {}, 'unknown'],
    ['a group of its own', { extra_specs: { 'resources1:VCPU': '2' } }, {}, 'unknown'],
    ['disk may be shared', {}, { DISK_GB: undefined as never }, 'unknown'],
    ['ephemeral disk is local though the root is a volume', { onVolume: true, ephemeral: 900 }, {}, 'no'],
    ['and the root is not', { onVolume: true, disk: 900 }, {}, 'yes'],
    ['without the flavor', { extra_specs: undefined }, {}, 'unknown'],
  ])('%s', (_, one, more, answer) => {
    const all = { ...location('h9').stock, ...more };
    const known = Object.fromEntries(
      Object.entries(all).filter((pair): pair is [string, (typeof all)[string]] => pair[1] !== undefined),
    );
    expect(said(capacity(), one, { stock: known })).toBe(answer);
  });

  test('the request is that of Nova', () => {
    expect(requestOf(workload('w', { vcpus: 0, onVolume: true }))).toMatchObject({
      resources: { MEMORY_MB: 4_096 },
      traits: [],
      unclear: [],
    });
  });
});

describe('traits', () => {
  test.each<[string, Partial<Workload>, Partial<Location>, string]>([
    ['of a named group', { extra_specs: { 'trait_GPU:X': 'required' } }, {}, 'no'],
    [
      'of a named group, with devices',
      { extra_specs: { 'trait_GPU:X': 'required' } },
      { nested: true },
      'unknown',
    ],
    ['with devices', { extra_specs: { 'trait:X': 'required' } }, { nested: true }, 'unknown'],
    ['a word that is neither', { extra_specs: { 'trait:X': 'requird' } }, { traits: ['X'] }, 'unknown'],
    ['of images without groups', { image_properties: { 'trait1:X': 'required' } }, {}, 'yes'],
  ])('%s', (_, one, place, answer) => {
    expect(said(traits(), one, place)).toBe(answer);
  });
});

describe('aggregates', () => {
  const wants = (spec: string) => ({ extra_specs: { 'aggregate_instance_extra_specs:k': spec } });

  test.each<[string, string, string]>([
    ['<in> ss', 'ssd', 'yes'],
    ['<in> hd', 'ssd', 'no'],
    ['<all-in> s d', 'ssd', 'yes'],
    ['<all-in> s x', 'ssd', 'no'],
    ['s< b', 'a', 'yes'],
    ['s>= b', 'a', 'no'],
    ['== 10', '10.0', 'yes'],
    ['!= 10', '10', 'no'],
    // Any of the values will do.
    ['s!= hdd', 'ssd,hdd', 'yes'],
    // Nova stumbles over it.
    ['>= 10', 'many', 'unknown'],
    ['>=', '10', 'no'],
    ['<or> a <or> b', 'or', 'no'],
    ['s==ssd', 'ssd', 'no'],
  ])('%s of %s: %s', (spec, value, answer) => {
    expect(said(aggregateProperties(), wants(spec), { labels: { k: value } })).toBe(answer);
  });

  test('keys without scope count where that is said', () => {
    const one = { extra_specs: { ssd: 'true', 'hw:numa_nodes': '1' } };
    expect(said(aggregateProperties(), one)).toBe('yes');
    expect(said(aggregateProperties({ unscoped: true }), one)).toBe('no');
    expect(said(aggregateProperties({ unscoped: true }), one, { labels: { ssd: 'true' } })).toBe('yes');
  });

  test('properties of images', () => {
    const labels = { os_distro: 'windows,rhel', ssd: 'true' };
    expect(said(imageIsolation(), { image_properties: { os_distro: 'rhel' } }, { labels })).toBe('yes');
    expect(said(imageIsolation(), { image_properties: { os_distro: 'debian' } }, { labels })).toBe('no');
    expect(said(imageIsolation(), { image_properties: {} }, { labels })).toBe('yes');
    expect(said(imageIsolation(), { image_properties: undefined }, { labels })).toBe('unknown');
    expect(said(imageIsolation(), {}, { labels: undefined })).toBe('unknown');
    expect(said(imageIsolation(['ssd']), { image_properties: { os_distro: 'debian' } }, { labels })).toBe(
      'yes',
    );
  });
});

describe('server groups', () => {
  const group = (policy: string, more: object = {}) => ({
    group: { id: 'g', policy, members: ['w', 'x', 'y'], ...more },
  });
  const at = (x: Partial<Workload>, y: Partial<Workload>) => [workload('x', x), workload('y', y)];

  test('as many as the group allows', () => {
    const two = group('anti-affinity', { max_server_per_host: 2 });
    expect(said(serverGroup(), two, {}, at({ host: 'h9' }, { host: 'h8' }))).toBe('yes');
    expect(said(serverGroup(), two, {}, at({ host: 'h9' }, { host: 'h9' }))).toBe('no');
  });

  test('members that were not seen are not nowhere, and those that are nowhere are', () => {
    expect(said(serverGroup(), group('anti-affinity'), {}, [workload('x', { host: 'h8' })])).toBe('unknown');
    const shelved = { host: undefined, nowhere: true };
    expect(said(serverGroup(), group('anti-affinity'), {}, at({ host: 'h8' }, shelved))).toBe('yes');
    expect(said(serverGroup(), group('affinity'), {}, at({ host: 'h9' }, shelved))).toBe('yes');
    expect(said(serverGroup(), { groupUnseen: true })).toBe('unknown');
  });
});

describe('what was not told is not free', () => {
  test('a zone: its own is right, of another it is not known', () => {
    const one = workload('w', { zoneUnseen: true });
    const places = [location('h1'), location('h2'), location('h3', { zone: 'b' })];
    const answers = places.map((place) => canRun(one, place, snapshot(places), [zone()]).answer);
    expect(answers).toEqual(['yes', 'yes', 'unknown']);
  });

  test("a project's labels: to a tenant who cannot read them nothing is admitted", () => {
    const applicant = {
      name: 'new',
      project_id: 'shop',
      flavor: { vcpus: 1, ram: 512, disk: 1 },
      image_properties: {},
      project_labels: 'unseen',
    } as const;
    const rules = [...schedulerRules, residency()];
    expect(admit(applicant, snapshot([location('h1')]), { rules })).toMatchObject({
      admitted: false,
      refusal: { code: 'audit.place-unknown' },
    });
  });

  test("a server's metadata does not outweigh what was laid upon its project", () => {
    const admitted = admit(
      {
        name: 'new',
        project_id: 'shop',
        flavor: { vcpus: 1, ram: 512, disk: 1 },
        image_properties: {},
        project_labels: { residency: 'eu' },
        metadata: { residency: 'us' },
      },
      snapshot([location('h1', { labels: { residency: 'us' } })]),
      { rules: [residency()] },
    );
    expect(admitted).toMatchObject({ admitted: false, refusal: { code: 'audit.no-legal-place' } });
  });
});

describe('the whole', () => {
  test('a rule that throws takes nobody down', () => {
    const broken = definePlacementRule({
      id: 'mine',
      severity: 'low',
      title: 'mine',
      allows: () => {
        throw new Error('oops');
      },
    });
    const findings = assessPlacement(snapshot([location('h1')], [workload('w')]), [broken, residency()]);
    expect(findings.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['audit.placement.mine', 'unknown'],
      ['audit.placement.residency', 'pass'],
    ]);
  });

  test('what is shelved runs nowhere, and breaks nothing by that', () => {
    const findings = assessPlacement(
      snapshot([location('h1')], [workload('a'), workload('b', { host: undefined, nowhere: true })]),
      schedulerRules,
    );
    expect(findings.map(({ verdict }) => verdict)).not.toContain('unknown');
  });

  test('hosts of two regions may have one name', () => {
    const places = [
      location('h1', { region: 'east', labels: { residency: 'us' } }),
      location('h1', { region: 'west', labels: { residency: 'eu' }, stock: { MEMORY_MB: stock(1) } }),
      location('h2', { region: 'west', labels: { residency: 'eu' } }),
    ];
    const one = workload('w', { region: 'east', labels: { residency: 'eu' } });
    const rules = [...schedulerRules, residency()];
    const { legal, illegal } = legalLocations(one, snapshot(places, [one]), rules);
    expect(legal.map(({ location: { region, host }, cost }) => [region, host, cost.method])).toEqual([
      ['west', 'h2', 'rebuild'],
    ]);
    expect(illegal).toHaveLength(2);
    expect(
      assessPlacement(snapshot(places, [one]), rules).find(({ verdict }) => verdict === 'fail'),
    ).toMatchObject({ id: 'audit.placement.residency' });
  });

  test('a place that may be legal is named, with what must be found out first', () => {
    const places = [
      location('h1', { labels: { residency: 'us' } }),
      location('h2', { labels: { residency: 'eu' }, zone: 'b' }),
    ];
    const one = workload('w', { zoneUnseen: true, labels: { residency: 'eu' } });
    const rules = [...schedulerRules, residency()];
    expect(legalLocations(one, snapshot(places, [one]), rules)).toMatchObject({
      legal: [],
      unknown: [{ location: { host: 'h2' }, cost: { method: 'shelve' }, because: [{ rule: 'zone' }] }],
    });
    const [failed] = assessPlacement(snapshot(places, [one]), rules);
    expect(failed?.remedy).toBe(
      'Move it to h2: shelve. But find out first: whether it was given a zone was not told, and h2 is in another than its own.',
    );
  });

  test.each<[string, Partial<Workload>, Partial<Location>, string]>([
    ['off a host that is down', {}, { up: false }, 'rebuild'],
    ['in ERROR', { status: 'ERROR' }, {}, 'rebuild'],
    ['suspended', { status: 'SUSPENDED' }, {}, 'shelve'],
    ['stopped', { status: 'SHUTOFF' }, {}, 'cold'],
    ['with ephemeral disk', { onVolume: true, ephemeral: 5 }, {}, 'live-block'],
  ])('nobody is told to move live what Nova does not: %s', (_, one, from, method) => {
    const places = [location('h1', from), location('h2')];
    const { legal } = legalLocations(workload('w', one), snapshot(places), schedulerRules);
    expect(legal.find(({ location: { host } }) => host === 'h2')?.cost.method).toBe(method);
  });

  test('every server in the wrong place, in groups: still while one waits', () => {
    const places = Array.from({ length: 1_000 }, (_, index) =>
      location(`h${index}`, { labels: { residency: index < 900 ? 'us' : 'eu' } }),
    );
    const workloads = Array.from({ length: 20_000 }, (_, index) =>
      workload(`w${index}`, {
        host: `h${index % 900}`,
        labels: { residency: index % 10 === 0 ? 'eu' : 'us' },
        zoneUnseen: true,
        group: {
          id: `g${Math.floor(index / 4_000)}-${index % 1_000}`,
          policy: 'anti-affinity',
          members: Array.from(
            { length: 4 },
            (_one, member) => `w${index - (index % 4_000) + (index % 1_000) + member * 1_000}`,
          ),
        },
      }),
    );
    const findings = assessPlacement(snapshot(places, workloads), [...schedulerRules, residency()]);
    const failed = findings.filter(({ verdict }) => verdict === 'fail');
    expect(new Set(failed.map(({ id }) => id))).toEqual(new Set(['audit.placement.residency']));
    expect(failed).toHaveLength(2_000);
  });
});
