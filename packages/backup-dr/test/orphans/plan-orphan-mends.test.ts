import { describe, expect, test } from 'vitest';
import { type OrphanMends, type OrphanSources, planOrphanMends } from '../../src/control-plane.ts';
import { agreeing, guest, observed, volume } from './agreeing.ts';

/** A cloud of which Nova has forgotten a server: its attachment, its port and its allocation are left, and no guest of it. */
function forgotten(): { -readonly [K in keyof OrphanSources]: OrphanSources[K] } {
  const sources = agreeing();
  return {
    ...sources,
    nova: { ...sources.nova, servers: observed([]) as never },
    cinder: {
      volumes: observed([volume('v1', 's1'), { ...volume('v2'), status: 'detaching' }]) as never,
      attachments: sources.cinder.attachments,
    },
    hypervisor: { 'compute-1': observed([]) },
  };
}

const ALL: OrphanMends = {
  attachments: 'delete',
  volumes: 'reset',
  ports: 'unbind',
  allocations: 'delete',
};

function planOf(sources: OrphanSources, mends: OrphanMends) {
  const planned = planOrphanMends(sources, mends);
  if (!planned.ok) throw new TypeError(planned.refusals.map(({ reason }) => reason).join('; '));
  return planned.plan;
}

const refusalsOf = (sources: OrphanSources, mends: OrphanMends): readonly string[] => {
  const planned = planOrphanMends(sources, mends);
  return planned.ok ? [] : planned.refusals.map(({ code }) => code);
};

describe('what is planned', () => {
  test('each kind that was chosen, behind one more look at the guests; every thing is a target', () => {
    const plan = planOf(forgotten(), ALL);
    expect(plan.steps.map(({ id, action, needs }) => [id, action, needs])).toEqual([
      ['check-guests', 'backup-dr.check-guests', []],
      ['attachment-v1-s1', 'backup-dr.delete-attachment', ['check-guests']],
      ['volume-v2', 'backup-dr.reset-volume', ['check-guests']],
      ['port-p1', 'backup-dr.unbind-port', ['check-guests']],
      ['allocation-s1', 'backup-dr.delete-allocation', ['check-guests']],
    ]);
    expect(plan.targets.map(({ kind, id }) => [kind, id])).toEqual([
      ['attachment', 'v1-s1'],
      ['volume', 'v2'],
      ['port', 'p1'],
      ['allocation', 's1'],
    ]);
    expect(plan.steps.slice(1).map(({ onFailure }) => onFailure)).toEqual(
      plan.steps.slice(1).map(() => 'continue'),
    );
    expect(plan.warnings).toEqual([
      'Whether a guest of a server that Nova knows uses volume v2 is told by no list: look at its storage.',
    ]);
  });

  test('nothing that was not chosen: it is a warning', () => {
    const plan = planOf(forgotten(), { ports: 'delete' });
    expect(plan.steps.map(({ action }) => action)).toEqual([
      'backup-dr.check-guests',
      'backup-dr.delete-port',
    ]);
    expect(plan.warnings).toEqual([
      expect.stringContaining('Left: Volume v1 is attached to s1'),
      expect.stringContaining('Left: Volume v2 is detaching'),
      expect.stringContaining('Left: s1 holds resources of compute-1.example.org'),
    ]);
  });

  test('not what is excepted, by the id of the thing itself', () => {
    const plan = planOf(forgotten(), { ...ALL, except: ['p1', 'v1-s1', 'v2'] });
    expect(plan.steps.map(({ id }) => id)).toEqual(['check-guests', 'allocation-s1']);
  });

  test('no attachment of a volume that Cinder does not have: no request removes it', () => {
    const sources = forgotten();
    sources.cinder = { ...sources.cinder, volumes: observed([]) };
    const plan = planOf(sources, { attachments: 'delete', ports: 'unbind' });
    expect(plan.steps.map(({ id }) => id)).toEqual(['check-guests', 'port-p1']);
    expect(plan.warnings).toContainEqual(
      expect.stringContaining('Left: Attachment v1-s1 is of volume v1, which there is not'),
    );
  });

  test('the revision of a thing is what it is, and not where it stands in a list', () => {
    const revisions = (sources: OrphanSources) =>
      planOf(sources, ALL).targets.map(({ revision }) => revision);
    const before = revisions(forgotten());
    expect(new Set(before).size).toBe(before.length);
    expect(revisions(forgotten())).toEqual(before);
    const sources = forgotten();
    sources.neutron = {
      ports: observed([
        { id: 'p1', name: '', device_id: 's1', device_owner: 'compute:nova', revision_number: 4 },
      ]),
    };
    expect(revisions(sources).filter((revision) => !before.includes(revision))).toHaveLength(1);
  });
});

describe('a guest that runs', () => {
  const withGuest = () => {
    const sources = forgotten();
    sources.hypervisor = { 'compute-1': observed([guest('s1')]) };
    return sources;
  };

  test('keeps what is its own, and volumes of which nobody knows whose they are', () => {
    expect(refusalsOf(withGuest(), ALL)).toEqual(['orphans.nothing-to-mend']);
    const sources = withGuest();
    sources.neutron = {
      ports: observed([
        ...sources.neutron.ports.value,
        { id: 'p9', name: '', device_id: 's9', device_owner: 'compute:nova' },
      ]),
    };
    const plan = planOf(sources, ALL);
    expect(plan.steps.map(({ id }) => id)).toEqual(['check-guests', 'port-p9']);
    expect(plan.warnings).toContain('Left: port p1: guest s1 runs, and may use it.');
    expect(plan.warnings).toContain('Left: volume v2: a guest that Nova does not know runs, and may use it.');
  });

  test('is powered off only if it is named, and before anything of it goes', () => {
    const plan = planOf(withGuest(), { ...ALL, guests: { s1: 'power-off' } });
    expect(plan.steps.map(({ id, after }) => [id, after])).toEqual([
      ['power-off-s1-compute-1', []],
      ['check-guests', ['power-off-s1-compute-1']],
      ['attachment-v1-s1', []],
      ['volume-v2', []],
      ['port-p1', []],
      ['allocation-s1', []],
    ]);
    expect(plan.title).toBe('Mend 4 contradictions and power off 1 guest');
    expect(plan.targets[0]).toMatchObject({ kind: 'guest', id: 'compute-1/s1' });
    const alone = planOf(withGuest(), { guests: { s1: 'power-off' } });
    expect(alone.steps.map(({ id }) => id)).toEqual(['power-off-s1-compute-1']);
    expect(alone.title).toBe('Power off 1 guest');
  });

  test('that is shut off keeps nothing, and is told to be left', () => {
    const sources = forgotten();
    sources.hypervisor = { 'compute-1': observed([guest('s1', { isRunning: false })]) };
    const plan = planOf(sources, ALL);
    expect(plan.steps).toHaveLength(5);
    expect(plan.warnings.join('\n')).toContain('Left: Guest instance-0000001f on compute-1 is no server');
  });

  test('of a server that Nova knows, elsewhere or here, is never powered off', () => {
    const sources = agreeing();
    sources.hypervisor = { 'compute-2': observed([guest('s1', { host: 'compute-2' })]) };
    expect(refusalsOf(sources, { guests: { s1: 'power-off', other: 'power-off' } })).toEqual([
      'orphans.no-such-guest',
      'orphans.no-such-guest',
    ]);
  });
});

describe('what is refused', () => {
  test('hosts that were not asked, unless a person knows that they are off, which is a warning', () => {
    const { hypervisor: _, ...sources } = forgotten();
    expect(refusalsOf(sources, ALL)).toEqual(['orphans.hosts-not-asked']);
    const plan = planOf(sources, { ...ALL, hostsOff: ['compute-1'] });
    expect(plan.warnings[0]).toBe('compute-1 is not asked for guests: it is said to be off.');
    expect(plan.steps[0]?.input).toMatchObject({ hosts: [] });
  });

  test.each([
    ['servers', { ports: 'unbind' }],
    ['ports', { ports: 'unbind' }],
    ['attachments', { attachments: 'delete' }],
    ['volumes', { volumes: 'reset' }],
    ['hypervisors', { ports: 'unbind' }],
    ['guests', { ports: 'unbind' }],
    ['allocations', { allocations: 'delete' }],
    ['migrations', { allocations: 'delete' }],
  ] as const)('a list of %s that was not seen wholly', (list, mends) => {
    const sources = forgotten();
    const cut = observed([], 'partial');
    if (list === 'servers' || list === 'hypervisors') sources.nova = { ...sources.nova, [list]: cut };
    if (list === 'ports') sources.neutron = { ports: cut };
    if (list === 'attachments' || list === 'volumes') sources.cinder = { ...sources.cinder, [list]: cut };
    if (list === 'guests') sources.hypervisor = { 'compute-1': cut };
    if (list === 'allocations' || list === 'migrations')
      sources.placement = {
        allocations: observed([]),
        migrations: observed([]),
        ...sources.placement,
        [list]: cut,
      };
    expect(refusalsOf(sources, mends)).toContain('orphans.unseen');
  });

  test('allocations where Placement was not asked, and a plan of nothing', () => {
    const { placement: _, ...sources } = forgotten();
    expect(refusalsOf(sources, { allocations: 'delete' })).toContain('orphans.unseen');
    expect(refusalsOf(agreeing(), ALL)).toEqual(['orphans.nothing-to-mend']);
    expect(refusalsOf(forgotten(), {})).toEqual(['orphans.nothing-to-mend']);
  });

  test.each([
    ['misspelt', { misspelt: 1 }],
    ['guests.s1', { guests: { s1: 'destroy' } }],
    ['attachments', { attachments: true }],
  ])('%s, by its name', (field, mends) => {
    expect(() => planOrphanMends(forgotten(), mends as never)).toThrow(
      expect.objectContaining({ code: 'input', field }),
    );
  });
});
