import { fileURLToPath } from 'node:url';
import type { TopologyHost, UpgradeTopology } from '../../src/run.ts';

/** Where the lab is, and where the control plane that is rolled has its files. */
export interface LabPlace {
  /** The `lab` command. */
  readonly executable: string;
  /** The directory of its state. */
  readonly directory: string;
}

export const labExecutable = fileURLToPath(new URL('../../../lab/lab', import.meta.url));

const controller = [
  'keystone',
  'placement-api',
  'cinder-scheduler',
  'cinder-api',
  'nova-conductor',
  'nova-scheduler',
  'nova-api',
  'neutron-api',
  'neutron-rpc-server',
  'neutron-periodic-workers',
];

export const COMPUTES = ['compute-1', 'compute-2', 'compute-3'] as const;

const hosts: readonly TopologyHost[] = [
  // Of the two back ends' manager and of the backups there is one: their data are files of one machine.
  { name: 'ctl-1', runs: [...controller, 'cinder-volume', 'cinder-backup'] },
  { name: 'ctl-2', runs: controller },
  ...COMPUTES.map((name) => ({ name, runs: ['nova-compute'] })),
  // One process speaks for the agents of all hosts (packages/lab/py/lab_neutron_agents.py).
  { name: 'lab-network', runs: ['neutron-openvswitch-agent'] },
];

/**
 * What `lab up --suite roll` starts. Its Glance is not upgraded: the newer one is no part of that suite of Debian, but unpacked aside
 * from another.
 */
export const topology: UpgradeTopology = { hosts };
