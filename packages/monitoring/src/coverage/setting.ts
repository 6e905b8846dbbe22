/**
 * What a program reads that makes it measure something. It says what opens a blind spot, and not what is set: no API tells that.
 */
export interface CoverageSetting {
  /** The program, and where it runs. */
  readonly program: string;
  /** The file, with the section in it: `nova.conf [DEFAULT]`. */
  readonly file: string;
  /** The lines, as they are to be written. */
  readonly line: string;
  /**
   * Whether the program does it by its own defaults: `on` or `off` in all releases that were looked at, up to 2026.1, or from one
   * on. A distribution may ship another file.
   */
  readonly byDefault: 'on' | 'off' | { readonly onSince: string };
  /** What else must be known of it. */
  readonly note?: string | undefined;
  /** Where the fact is from: a file of the program's own sources. */
  readonly source: string;
}

/** A setting in one line, for a person: the file, the line, and whose default it is. */
export function settingWords(setting: CoverageSetting): string {
  const { program, file, line, byDefault } = setting;
  const since =
    byDefault === 'on' || byDefault === 'off'
      ? `${byDefault} by default`
      : `on by default since ${byDefault.onSince}`;
  return `${file}: ${line.replaceAll('\n', ' ⏎ ')} (${program}; ${since})`;
}

type ByDefault = CoverageSetting['byDefault'];

/** A line of Ceilometer's polling.yaml. */
export const polled = (
  agent: 'compute' | 'central',
  meter: string,
  byDefault: ByDefault,
  note?: string,
): CoverageSetting => ({
  program: `ceilometer-polling --polling-namespaces ${agent}, on ${agent === 'compute' ? 'each compute host' : 'a controller'}`,
  file: 'polling.yaml, under sources[].meters',
  line: `- ${meter}`,
  byDefault,
  note,
  source: 'ceilometer: etc/ceilometer/polling.yaml',
});

/** Nova's hourly word of each server that exists. */
export const usageAudits: CoverageSetting = {
  program: 'nova-compute, on each compute host',
  file: 'nova.conf [DEFAULT]',
  line: 'instance_usage_audit = True\ninstance_usage_audit_period = hour',
  byDefault: 'off',
  note: 'the period is a month by default; set the same one for nova-api, whose log of the audits follows its own',
  source: 'nova: nova/conf/compute.py, nova/conf/base.py; nova/compute/manager.py, _instance_usage_audit',
};

/** Nova's own poll of what attached volumes read and write. */
export const volumeUsagePoll: CoverageSetting = {
  program: 'nova-compute, on each compute host',
  file: 'nova.conf [DEFAULT]',
  line: 'volume_usage_poll_interval = 300',
  byDefault: 'off',
  note: 'it makes notifications volume.usage; Ceilometer makes no meter of them (ceilometer/data/meters.d/meters.yaml)',
  source: 'nova: nova/conf/compute.py; nova/compute/manager.py, _poll_volume_usage',
};

/** Cinder's word of each volume that exists; a command, and no daemon. */
export const volumeAudits: CoverageSetting = {
  program: 'cron, on one controller',
  file: 'crontab of cinder, and cinder.conf [DEFAULT] volume_usage_audit_period = hour',
  line: '5 * * * * cinder-volume-usage-audit --send_actions',
  byDefault: 'off',
  note: 'the period is a month by default',
  source: 'cinder: cinder/cmd/volume_usage_audit.py, cinder/common/config.py',
};

/** Nova's monitor of the processors of a host. */
export const computeMonitors: CoverageSetting = {
  program: 'nova-compute, on each compute host',
  file: 'nova.conf [DEFAULT]',
  line: 'compute_monitors = cpu.virt_driver',
  byDefault: 'off',
  note: 'only the unversioned notifications reach Ceilometer: notification_format must be unversioned (the default) or both',
  source: 'nova: nova/conf/compute.py; ceilometer: ceilometer/data/meters.d/meters.yaml',
};

/** A job of Prometheus. */
const scraped = (program: string, targets: string, source: string, note?: string): CoverageSetting => ({
  program,
  file: 'prometheus.yml, under scrape_configs',
  line: targets,
  byDefault: 'off',
  note,
  source,
});

export const libvirtExporter: CoverageSetting = scraped(
  'an exporter of libvirt, on each compute host',
  "- job_name: libvirt\n  static_configs: [{ targets: ['COMPUTE-HOST:9177'] }]",
  'inovex/prometheus-libvirt-exporter: pkg/exporter; Tinkoff/libvirt-exporter: README.md',
  'a server that is shut off has no such series',
);

export const nodeExporter: CoverageSetting = scraped(
  'node_exporter, on each compute host',
  "- job_name: node\n  static_configs: [{ targets: ['COMPUTE-HOST:9100'] }]",
  'prometheus/node_exporter: collector/uname.go; the collector uname is on by default',
);

export const blackboxExporter: CoverageSetting = scraped(
  'blackbox_exporter',
  '- job_name: openstack-api\n  metrics_path: /probe\n  params: { module: [http_2xx] }\n  static_configs: [{ targets: [URL] }]',
  'prometheus/blackbox_exporter: README.md',
  'the label instance must keep the probed URL, as the README relabels it; a root that answers 300 needs valid_status_codes',
);

/** What openstack-exporter shows unless a flag takes it away, and our exporter where its `ids` ask for it. */
export const openstackExporter = (
  metric: string,
  isSlow: boolean,
  ids: 'servers' | 'volumes' | 'images' | 'ports' | 'floating-ips' | undefined,
): CoverageSetting => ({
  program: 'openstack-exporter',
  file: 'its command line',
  line: `without --disable-metric ${metric}${isSlow ? ' and without --disable-slow-metrics' : ''}`,
  byDefault: 'on',
  note: ids === undefined ? undefined : `or exporter({ ids: ['${ids}'] }) of @groundcrew/monitoring/exporter`,
  source: 'openstack-exporter/openstack-exporter: main.go, exporters/',
});

/** Ceilometer's samples in Prometheus, as Red Hat's OpenStack Services on OpenShift and STF bring them there. */
export const smartGateway = (poll: CoverageSetting): CoverageSetting => ({
  ...poll,
  note: 'and sg-core beside Ceilometer, to which pipeline.yaml publishes (tcp://127.0.0.1:3060 in telemetry-operator)',
  source: `${poll.source}; openstack-k8s-operators/sg-core: plugins/handler/ceilometer-metrics/main.go`,
});
