import type { TopologyHost } from '../topology.ts';
import type { UpgradePart } from '../upgrade-parts.ts';
import { wavesOf } from '../waves.ts';
import type { DeploymentCommand } from './deployment.ts';
import type { KollaContext } from './kolla-context.ts';
import { OPEN_VSWITCH } from './kolla-releases.ts';

const SITE = 'ansible/site.yml';
/** "Staged upgrades". */
const STAGES = 'doc/source/reference/compute/nova-cells-guide.rst';

/** The commands that change services. */
export function kollaUpgrade(context: KollaContext): DeploymentCommand[] {
  const { parts, options, isWhole } = context;
  const tags = tagsOf(context);
  if (options.by === 'cloud')
    return [
      context.upgrade(isWhole ? [] : ['--tags', tags.join(',')], {
        why: isWhole ? 'All that is deployed, by one command.' : 'These services, by one command.',
        file: 'doc/source/user/operating-kolla.rst',
        hosts: namesOf([...new Set(parts.flatMap(hostsOf))]),
      }),
    ];
  const services = tags.flatMap((tag) => byService(context, tag));
  if (!isWhole) return services;
  const { infrastructure } = context.release;
  return [
    context.upgrade(['--tags', infrastructure.join(',')], {
      why: 'What services stand on, RabbitMQ and MariaDB among it; what is not deployed is passed over.',
      file: SITE,
    }),
    ...services,
    context.upgrade(['--skip-tags', [...infrastructure, ...tags].join(',')], {
      why: 'All else that is deployed, Horizon for one: what the topology does not name.',
      file: SITE,
    }),
  ];
}

/** The tags of what is upgraded, in the order of the playbook. Open vSwitch goes with what wires by it. */
function tagsOf({ release, parts }: KollaContext): string[] {
  const services = parts.map(({ recipe }) => recipe.service);
  const wires = services.includes('neutron') || services.includes('ovn');
  return release.services.filter((tag) => (tag === OPEN_VSWITCH ? wires : services.includes(tag)));
}

function byService(context: KollaContext, tag: string): DeploymentCommand[] {
  if (tag === OPEN_VSWITCH)
    return [
      context.upgrade(['--tags', OPEN_VSWITCH], {
        service: 'neutron',
        why: 'New containers of Open vSwitch, wherever it runs: packets of servers may be lost meanwhile.',
        file: 'ansible/roles/openvswitch/handlers/main.yml',
      }),
    ];
  const part = context.parts.find(({ recipe }) => recipe.service === tag);
  if (part === undefined) return [];
  if (tag === 'nova' && context.options.wave !== undefined)
    return novaInStages(context, part, context.options.wave);
  return [
    context.upgrade(['--tags', tag], {
      service: tag,
      hosts: namesOf(hostsOf(part)),
      why: `${tag}: ${part.recipe.migrations.length === 0 ? 'its' : 'its schema, then its'} containers on all of its hosts.`,
      file: SITE,
    }),
  ];
}

const CELL = ['nova-conductor', 'nova-novncproxy', 'nova-spicehtml5proxy', 'nova-serialproxy'];

/** Computes so many at a time: what the guide describes for cells, of which a wave of computes is a part. */
function novaInStages(context: KollaContext, part: UpgradePart, wave: number): DeploymentCommand[] {
  const stage = (args: readonly string[], why: string, hosts: readonly TopologyHost[]): DeploymentCommand =>
    context.upgrade(args, { service: 'nova', hosts: namesOf(hosts), why, file: STAGES });
  const limited = (hosts: readonly TopologyHost[], why: string): DeploymentCommand =>
    stage(['--tags', 'nova-cell-upgrade', '--limit', namesOf(hosts).join(',')], why, hosts);
  const cell = part.control.filter(({ runs }) => runs.some((name) => CELL.includes(name)));
  const computes = part.data.filter((host) => !cell.includes(host));
  return [
    stage(['--tags', 'nova-bootstrap'], 'The schema, beside the old code.', part.control.slice(0, 1)),
    stage(['--tags', 'nova-api-upgrade'], 'APIs and schedulers, on all of their hosts.', part.control),
    ...(cell.length === 0 ? [] : [limited(cell, 'Conductors and proxies of consoles.')]),
    ...wavesOf(computes, wave).map((hosts) => limited(hosts, 'A wave of computes.')),
    stage(
      ['--tags', 'nova-reload'],
      'All are restarted once more: until then they speak as the oldest that they saw.',
      hostsOf(part),
    ),
    stage(
      ['--tags', 'nova-online-data-migrations'],
      'Data in the new form: the old release does not read it. Stop before, if somebody is to say so.',
      part.control.slice(0, 1),
    ),
  ];
}

const hostsOf = ({ control, data }: UpgradePart): TopologyHost[] => [...new Set([...control, ...data])];

const namesOf = (hosts: readonly TopologyHost[]): string[] => hosts.map(({ name }) => name);
