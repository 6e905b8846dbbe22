import type { FigureId } from './figures.ts';
import {
  blackboxExporter,
  computeMonitors,
  libvirtExporter,
  nodeExporter,
  openstackExporter,
  polled,
  type CoverageSetting,
  smartGateway,
  usageAudits,
  volumeAudits,
  volumeUsagePoll,
} from './setting.ts';

/** Where measurements are looked for. `nova` is Nova's own log of its usage audits. */
export type CoverageSource = 'gnocchi' | 'prometheus' | 'notifications' | 'nova';

interface WayOf<S extends CoverageSource> {
  readonly figure: FigureId;
  readonly source: S;
  /** What measures: `Ceilometer`, `an exporter of libvirt`. */
  readonly by: string;
  /** The measurer's own interval by default: three of it make a value stale. */
  readonly interval: '5m' | '1h';
  /** What opens it. Each of them is enough. */
  readonly opensWith: readonly CoverageSetting[];
}

export interface GnocchiWay extends WayOf<'gnocchi'> {
  readonly type:
    | 'instance'
    | 'instance_disk'
    | 'instance_network_interface'
    | 'volume'
    | 'image'
    | 'network'
    | 'nova_compute';
  readonly metric: string;
  /**
   * How a resource is a thing's. `own`: it was made of the thing's id. `instance`: its attribute instance_id is the server's.
   * `disk`: it was made of `SERVER-DEVICE` (ceilometer/compute/pollsters/disk.py). `node`: of `HOST_NODE` (meters.yaml).
   */
  readonly joins: 'own' | 'instance' | 'disk' | 'node';
}

export interface PrometheusWay extends WayOf<'prometheus'> {
  /** Names of series that tell the same; one is enough. */
  readonly series: readonly string[];
  /**
   * How a series is a thing's: by the ids in these labels, by libvirt's name of the domain, by the disk's serial or path, by the
   * host's name, by the URL that is probed, or by `SERVER-DEVICE`.
   */
  readonly joins: 'id' | 'domain' | 'volume-disk' | 'host' | 'url' | 'disk';
  readonly labels: readonly string[];
}

export interface NotificationWay extends WayOf<'notifications'> {
  /** The types of the events, unversioned and versioned. */
  readonly events: readonly string[];
  /** The fields of a payload that may have the thing's id. */
  readonly fields: readonly string[];
}

export type NovaWay = WayOf<'nova'>;

/** One way by which one figure gets measured, and what opens it. */
export type CoverageWay = GnocchiWay | PrometheusWay | NotificationWay | NovaWay;

const ALWAYS_POLLED = { onSince: 'Pike' } as const;
const VOLUMES_POLLED = { onSince: '2023.2' } as const;
const cpu = polled('compute', 'cpu', ALWAYS_POLLED);
const memory = polled(
  'compute',
  'memory.usage',
  ALWAYS_POLLED,
  'libvirt must get memory statistics: the guest needs a balloon driver, and nova.conf [libvirt] mem_stats_period_seconds above 0 (10 by default)',
);
const disk = polled('compute', 'disk.device.write.bytes', { onSince: 'Queens' });
const network = polled('compute', 'network.incoming.bytes', ALWAYS_POLLED);
const power = polled(
  'compute',
  'power.state',
  { onSince: '2025.1' },
  'a server that is shut off has no sample; after 2026.1 it has one with ceilometer.conf [compute] report_stopped_instance_metrics = True, which is off by default',
);
const volumeSize = polled('central', 'volume.size', VOLUMES_POLLED);
const snapshotSize = polled('central', 'volume.snapshot.size', VOLUMES_POLLED);
const backupSize = polled('central', 'volume.backup.size', VOLUMES_POLLED);
const imageSize = polled('central', 'image.size', 'off');
const floatingIp = polled('central', 'ip.floating', 'off');

const ceilometer = (
  figure: FigureId,
  type: GnocchiWay['type'],
  metric: string,
  opensWith: readonly CoverageSetting[],
  more: Partial<Pick<GnocchiWay, 'joins' | 'interval'>> = {},
): GnocchiWay => ({
  figure,
  source: 'gnocchi',
  by: 'Ceilometer',
  interval: '5m',
  type,
  metric,
  joins: 'own',
  opensWith,
  ...more,
});

const scrape = (
  figure: FigureId,
  by: string,
  series: readonly string[],
  joins: PrometheusWay['joins'],
  labels: readonly string[],
  ...opensWith: readonly CoverageSetting[]
): PrometheusWay => ({ figure, source: 'prometheus', by, interval: '5m', series, joins, labels, opensWith });

const libvirt = (figure: FigureId, ...series: string[]): PrometheusWay =>
  scrape(
    figure,
    'an exporter of libvirt',
    series,
    'domain',
    ['domain', 'uuid', 'instance_id', 'instanceId'],
    libvirtExporter,
  );

/** sg-core names a meter's series `ceilometer_…`, with the resource's id in the label `resource`. */
const gateway = (figure: FigureId, poll: CoverageSetting, joins: 'id' | 'disk' = 'id'): PrometheusWay =>
  scrape(
    figure,
    'Ceilometer, by way of sg-core',
    [`ceilometer_${poll.line.slice(2).replaceAll('.', '_')}`],
    joins,
    ['resource'],
    smartGateway(poll),
  );

const heard = (
  figure: FigureId,
  by: string,
  interval: '5m' | '1h',
  events: readonly string[],
  fields: readonly string[],
  ...opensWith: readonly CoverageSetting[]
): NotificationWay => ({ figure, source: 'notifications', by, interval, events, fields, opensWith });

/**
 * What can measure which figure, where it is seen, and what opens it. The facts are Ceilometer's, Nova's and Cinder's of their
 * releases from Zed to 2026.1 (Ceilometer's polling.yaml from Pike on), and the exporters' of 2026.
 *
 * Ceilometer's publisher `prometheus://` is in none of them: it pushes to a Pushgateway, which shows the last value for ever, so
 * that nothing says how old it is.
 */
export const coverageWays: readonly CoverageWay[] = [
  ceilometer('servers.cpu', 'instance', 'cpu', [cpu]),
  libvirt('servers.cpu', 'libvirt_domain_info_cpu_time_seconds_total'),
  gateway('servers.cpu', cpu),

  ceilometer('servers.memory', 'instance', 'memory.usage', [memory]),
  libvirt(
    'servers.memory',
    'libvirt_domain_memory_stats_unused_bytes',
    'libvirt_domain_memory_stats_unused',
    'libvirt_domain_memory_stats_rss_bytes',
    'libvirt_domain_memory_stats_rss',
  ),
  gateway('servers.memory', memory),

  ceilometer('servers.disk', 'instance_disk', 'disk.device.write.bytes', [disk], { joins: 'instance' }),
  libvirt('servers.disk', 'libvirt_domain_block_stats_write_bytes_total'),

  ceilometer('servers.network', 'instance_network_interface', 'network.incoming.bytes', [network], {
    joins: 'instance',
  }),
  libvirt('servers.network', 'libvirt_domain_interface_stats_receive_bytes_total'),

  ceilometer('servers.state', 'instance', 'power.state', [power]),
  gateway('servers.state', power),
  scrape(
    'servers.state',
    'an exporter of the API',
    ['openstack_nova_server_status', 'groundcrew_nova_server_info'],
    'id',
    ['id', 'uuid'],
    openstackExporter('nova-server_status', false, 'servers'),
  ),

  ceilometer(
    'servers.size',
    'instance',
    'vcpus',
    [
      usageAudits,
      polled('compute', 'vcpus', 'off', 'a pollster since 2025.2; before that only notifications bring it'),
    ],
    { interval: '1h' },
  ),
  {
    figure: 'servers.audit',
    source: 'nova',
    by: 'Nova',
    interval: '1h',
    opensWith: [usageAudits],
  },
  heard(
    'servers.audit',
    'Nova',
    '1h',
    ['compute.instance.exists', 'instance.exists'],
    ['instance_id', 'uuid'],
    usageAudits,
  ),

  ceilometer('volumes.size', 'volume', 'volume.size', [volumeSize]),
  gateway('volumes.size', volumeSize),
  scrape(
    'volumes.size',
    'an exporter of the API',
    ['openstack_cinder_volume_gb'],
    'id',
    ['id'],
    openstackExporter('cinder-volume_gb', false, 'volumes'),
  ),

  ceilometer('volumes.io', 'instance_disk', 'disk.device.write.bytes', [disk], { joins: 'disk' }),
  gateway('volumes.io', disk, 'disk'),
  scrape(
    'volumes.io',
    'an exporter of libvirt',
    ['libvirt_domain_block_stats_write_bytes_total'],
    'volume-disk',
    ['domain', 'target_device', 'serial', 'source_file'],
    libvirtExporter,
  ),
  heard('volumes.io', 'Nova', '5m', ['volume.usage'], ['volume_id'], volumeUsagePoll),

  heard('volumes.audit', 'Cinder', '1h', ['volume.exists'], ['volume_id'], volumeAudits),

  ceilometer('snapshots.size', 'volume', 'volume.snapshot.size', [snapshotSize]),
  gateway('snapshots.size', snapshotSize),
  ceilometer('backups.size', 'volume', 'volume.backup.size', [backupSize]),
  gateway('backups.size', backupSize),

  ceilometer('images.size', 'image', 'image.size', [imageSize]),
  gateway('images.size', imageSize),
  scrape(
    'images.size',
    'an exporter of the API',
    ['openstack_glance_image_bytes'],
    'id',
    ['id'],
    openstackExporter('glance-image_bytes', true, 'images'),
  ),

  scrape(
    'ports.state',
    'an exporter of the API',
    ['openstack_neutron_port'],
    'id',
    ['uuid'],
    openstackExporter('neutron-port', false, 'ports'),
  ),

  ceilometer('floating-ips.state', 'network', 'ip.floating', [floatingIp]),
  gateway('floating-ips.state', floatingIp),
  scrape(
    'floating-ips.state',
    'an exporter of the API',
    ['openstack_neutron_floating_ip'],
    'id',
    ['id'],
    openstackExporter('neutron-floating_ip', false, 'floating-ips'),
  ),

  ceilometer('hypervisors.cpu', 'nova_compute', 'compute.node.cpu.percent', [computeMonitors], {
    joins: 'node',
  }),
  scrape('hypervisors.cpu', 'node_exporter', ['node_uname_info'], 'host', ['nodename'], nodeExporter),
  scrape(
    'hypervisors.use',
    'an exporter of the API',
    ['openstack_nova_vcpus_used'],
    'host',
    ['hostname'],
    openstackExporter('nova-vcpus_used', false, undefined),
  ),

  scrape(
    'endpoints.answer',
    'blackbox_exporter',
    ['probe_success'],
    'url',
    ['instance', 'target'],
    blackboxExporter,
  ),
];
