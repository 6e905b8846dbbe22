import { describe, expect, test } from 'vitest';
import {
  type DeploymentAnswer,
  type DeploymentProcedure,
  deploymentText,
  kollaAnsibleCommands,
  type KollaAnsibleOptions,
  openstackAnsibleCommands,
  type OpenstackAnsibleOptions,
  type PlannedHop,
  type UpgradeTopology,
} from '../../src/run.ts';
import { epoxyToGazpacho, hop, topology } from './fixtures/topology.ts';

function procedureOf(answer: DeploymentAnswer): DeploymentProcedure {
  if (!answer.ok) throw new RangeError(answer.refusals.map(({ reason }) => reason).join('; '));
  return answer;
}

const kolla = (more: Partial<KollaAnsibleOptions> = {}, of: PlannedHop = epoxyToGazpacho) =>
  procedureOf(kollaAnsibleCommands(of, { topology, inventory: '/etc/kolla/multinode', ...more }));

const osa = (more: Partial<OpenstackAnsibleOptions> = {}, of: PlannedHop = epoxyToGazpacho) =>
  procedureOf(openstackAnsibleCommands(of, { topology, tag: '33.0.1', ...more }));

const linesOf = ({ commands }: DeploymentProcedure): string[] =>
  commands.map(({ command }) => command.join(' '));

/** What the lab does not have, on three controllers. */
const everything: UpgradeTopology = {
  hosts: [
    ...['a', 'b', 'c'].map((name) => ({
      name,
      runs: [
        'keystone',
        'barbican-api',
        'swift-proxy',
        'manila-api',
        'ironic-api',
        'nova-api',
        'nova-conductor',
        'neutron-server',
        'ovn-northd',
        'octavia-api',
        'heat-api',
      ],
    })),
    { name: 'd', runs: ['nova-compute', 'ovn-controller', 'swift-object'] },
  ],
};

describe('golden command lines', () => {
  test.each([
    ['kolla-ansible, 2025.1 to 2026.1, computes in waves', 'kolla-2026.1', kolla({ wave: 1 })],
    [
      'kolla-ansible, 2024.1 to 2025.1, the first SLURP by cliff',
      'kolla-2025.1',
      kolla({ by: 'cloud' }, hop('2024.1', '2025.1')),
    ],
    [
      'kolla-ansible, 2023.1 to 2024.1, the last shell script, with RabbitMQ before',
      'kolla-2024.1',
      kolla(
        {
          topology: everything,
          inventory: ['multinode', 'site-b'],
          configDir: '/srv/kolla',
          share: '/opt/venv/share/kolla-ansible',
        },
        hop('2023.1', '2024.1'),
      ),
    ],
    ['openstack-ansible, 2025.1 to 2026.1, computes in waves', 'osa-2026.1', osa({ wave: 1 })],
    [
      'openstack-ansible, 2023.1 to 2024.1, playbooks as files, on metal',
      'osa-2024.1',
      osa({ topology: everything, tag: '29.2.3', metal: true }, hop('2023.1', '2024.1')),
    ],
    [
      'openstack-ansible, 2024.1 to 2025.1, playbooks in the collection, utilities not',
      'osa-2025.1',
      osa({ tag: '31.2.1', by: 'cloud' }, hop('2024.1', '2025.1')),
    ],
  ])('%s', async (_what, name, procedure) => {
    await expect(deploymentText(procedure)).toMatchFileSnapshot(`fixtures/golden/${name}.txt`);
  });
});

describe('kolla-ansible', () => {
  test('the action is first since 2024.2, and was behind its options before', () => {
    const of = (from: string, to: string) =>
      linesOf(kolla({ services: ['keystone'] }, hop(from, to))).filter((line) => line.includes(' --tags '));
    expect(of('2023.2', '2024.1')).toEqual(['kolla-ansible -i /etc/kolla/multinode upgrade --tags keystone']);
    expect(of('2024.1', '2024.2')).toEqual(['kolla-ansible upgrade -i /etc/kolla/multinode --tags keystone']);
    expect(of('2025.1', '2025.2')).toEqual(['kolla-ansible upgrade -i /etc/kolla/multinode --tags keystone']);
  });

  test('RabbitMQ is led over 3.12 only where the hop would pass over it, by the old tool', () => {
    const byOldTool = (from: string, to: string) =>
      kolla({}, hop(from, to)).commands.filter(({ phase }) => phase === 'old');
    expect(byOldTool('2023.1', '2024.1').map(({ command }) => command.slice(-2))).toEqual([
      ['rabbitmq-upgrade', '3.12'],
    ]);
    expect(byOldTool('2023.2', '2024.1')).toEqual([]);
    expect(byOldTool('2025.1', '2026.1')).toEqual([]);
  });

  test('phases follow one another, and edits find their place before the first host is touched', () => {
    const order = ['old', 'prepare', 'check', 'upgrade'];
    const phases = kolla({}, hop('2023.1', '2024.1')).commands.map(({ phase }) => order.indexOf(phase));
    expect(phases).toEqual(phases.toSorted((a, b) => a - b));
    const text = deploymentText(kolla());
    expect(text.indexOf('Edited by hand')).toBeGreaterThan(text.indexOf('kolla-mergepwd'));
    expect(text.indexOf('Edited by hand')).toBeLessThan(text.indexOf('kolla-ansible pull'));
  });

  test('ansible-core is replaced where a series is passed over', () => {
    const core = (from: string, to: string) =>
      linesOf(kolla({}, hop(from, to))).filter((line) => line.includes('ansible-core'));
    expect(core('2025.1', '2026.1')).toEqual(['pip3 install --upgrade ansible-core>=2.19,<2.20.99']);
    expect(core('2025.2', '2026.1')).toEqual([]);
  });

  test('conductors before computes, computes in waves, restarts and data once all are new', () => {
    const stages = kolla({ wave: 2, services: ['nova'] }).commands.filter(
      ({ service }) => service === 'nova',
    );
    expect(stages.map(({ command, hosts }) => [command.slice(4).join(' '), hosts])).toEqual([
      ['--tags nova-bootstrap', ['ctl-1']],
      ['--tags nova-api-upgrade', ['ctl-1', 'ctl-2']],
      ['--tags nova-cell-upgrade --limit ctl-1,ctl-2', ['ctl-1', 'ctl-2']],
      ['--tags nova-cell-upgrade --limit cmp-1,cmp-2', ['cmp-1', 'cmp-2']],
      ['--tags nova-reload', ['ctl-1', 'ctl-2', 'cmp-1', 'cmp-2']],
      ['--tags nova-online-data-migrations', ['ctl-1']],
    ]);
  });

  test('some services: nothing below them, and nothing beside them', () => {
    expect(
      kolla({ services: ['placement', 'keystone'] }).commands.filter(({ phase }) => phase === 'upgrade'),
    ).toMatchObject([{ service: 'keystone' }, { service: 'placement' }]);
    const [only] = kolla({ services: ['placement', 'keystone'], by: 'cloud' }).commands.slice(-1);
    expect(only?.command.slice(-2)).toEqual(['--tags', 'keystone,placement']);
  });

  test('what is not named comes last, and nothing of it twice', () => {
    const upgrades = kolla().commands.filter(({ phase }) => phase === 'upgrade');
    const named = upgrades.slice(0, -1).flatMap(({ command }) => command.at(-1)?.split(',') ?? []);
    const skipped = upgrades.at(-1)?.command.at(-1)?.split(',') ?? [];
    expect(upgrades.at(-1)?.command).toContain('--skip-tags');
    expect(named.filter((tag) => !skipped.includes(tag))).toEqual([]);
    expect(skipped.filter((tag) => !named.includes(tag))).toEqual([]);
  });
});

describe('openstack-ansible', () => {
  test('playbooks are files in 2024.1, and of a collection since', () => {
    const keystone = (from: string, to: string, tag: string) =>
      linesOf(osa({ services: ['keystone'], tag }, hop(from, to))).at(-1);
    expect(keystone('2023.2', '2024.1', '29.0.0')).toBe(
      'openstack-ansible /opt/openstack-ansible/playbooks/os-keystone-install.yml -e package_state=latest',
    );
    expect(keystone('2024.1', '2024.2', '30.1.5')).toBe(
      'openstack-ansible openstack.osa.keystone -e package_state=latest',
    );
  });

  test('utilities of an upgrade are scripts until 2025.1', () => {
    const restart = (to: string, tag: string, from: string) =>
      linesOf(osa({ tag }, hop(from, to))).find((line) => /rolling.restart/.test(line));
    expect(restart('2025.1', '31.0.0', '2024.2')).toBe(
      'openstack-ansible /opt/openstack-ansible/scripts/upgrade-utilities/galera-cluster-rolling-restart.yml',
    );
    expect(restart('2025.2', '32.0.0', '2025.1')).toBe(
      'openstack-ansible openstack.osa.tools.galera_cluster_rolling_restart',
    );
  });

  test('OVN goes with Neutron, once', () => {
    const rows = osa({ topology: everything, services: ['neutron', 'ovn'] }).commands.filter(
      ({ phase }) => phase === 'upgrade',
    );
    expect(rows).toMatchObject([{ service: 'neutron', hosts: ['a', 'b', 'c', 'd'] }]);
  });

  test('a wave is of computes and agents, and not of APIs', () => {
    const lines = linesOf(osa({ wave: 3 })).filter((line) => line.includes('_serial='));
    expect(lines).toEqual([
      'openstack-ansible openstack.osa.nova -e package_state=latest -e nova_compute_serial=3',
      'openstack-ansible openstack.osa.neutron -e package_state=latest -e neutron_agent_serial=3 -e neutron_other_serial=3',
      'openstack-ansible openstack.osa.setup_openstack -e package_state=latest -e nova_compute_serial=3 -e neutron_agent_serial=3 -e neutron_other_serial=3',
    ]);
  });
});

describe('differences', () => {
  const told = ({ differences }: DeploymentProcedure) => differences.map(({ what }) => what).join('\n');

  test('are of the services that are rendered, each with its source', () => {
    const { differences } = kolla({ services: ['keystone'] });
    expect(new Set(differences.map(({ service }) => service))).toEqual(new Set([undefined, 'keystone']));
    expect(differences.filter(({ source }) => !/^kolla-ansible 2026\.1: \S+$/.test(source))).toEqual([]);
  });

  test('say of waves what is so with them, and without', () => {
    expect(told(kolla())).toMatch(/All computes at once/);
    expect(told(kolla({ wave: 1 }))).not.toMatch(/All computes at once/);
    expect(told(kolla({ wave: 1 }))).toMatch(/--limit.*2054348/);
    expect(told(osa())).toMatch(/nova_compute_serial/);
    expect(told(osa({ wave: 1 }))).not.toMatch(/nova_compute_serial/);
  });

  test('say that the Python command line cannot go host by host, and the script can', () => {
    expect(told(kolla())).toMatch(/Host by host cannot be had/);
    expect(told(kolla({}, hop('2023.2', '2024.1')))).toMatch(/ANSIBLE_SERIAL=1/);
  });

  test('say how many APIs of three are away together', () => {
    expect(told(osa())).not.toMatch(/away together/);
    expect(told(osa({ topology: everything }))).toMatch(/of 3 that serve, 2 are away together/);
  });
});
