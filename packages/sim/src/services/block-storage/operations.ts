import { accepted, ok } from '../../answer.ts';
import { admin, type Call, type Handler, type Routes } from '../../call.ts';
import { badRequest, forbidden, notFound } from '../../fault.ts';
import { flag, type Json, micros, number, record, text } from '../../wire.ts';
import type { VolumeAttachment, VolumeService } from './state.ts';
import { logLevelRoutes } from './log-levels.ts';
import { attach, detach } from './volume-actions.ts';
import { lastReport, serviceView } from './views.ts';
import { find as findVolume, isMine } from './volumes.ts';

const services = (action: string, change: (service: VolumeService, given: Json) => void): Handler =>
  admin('volume_extension:services:update', (call) => {
    const given = record(call.body);
    const [host, binary] = [
      text(given['host']) ?? '',
      text(given['binary']) ?? text(given['service']) ?? 'cinder-volume',
    ];
    const service = call.state.blockStorage.services.find(
      (candidate) => candidate.host === host && candidate.binary === binary,
    );
    if (service === undefined) throw notFound(`Service ${binary} could not be found on host ${host}.`);
    change(service, given);
    if (action === 'freeze' || action === 'thaw') return accepted();
    return ok({
      host,
      service: binary,
      binary,
      disabled: service.disabled,
      status: service.disabled ? 'disabled' : 'enabled',
      ...(action === 'disable-log-reason' ? { disabled_reason: service.disabled_reason } : {}),
    });
  });

/** Services, pools, attachments, quotas, limits, zones. */
export const operationRoutes: Routes = {
  'GET os-services': admin('volume_extension:services:index', (call) => {
    const { host, binary } = Object.fromEntries(call.query);
    const found = call.state.blockStorage.services.filter(
      (service) =>
        (host === undefined || service.host === host || service.host.startsWith(`${host}@`)) &&
        (binary === undefined || service.binary === binary),
    );
    return ok({ services: found.map((service) => serviceView(call, service)) });
  }),
  'PUT os-services/enable': services('enable', (service) =>
    Object.assign(service, { disabled: false, disabled_reason: null }),
  ),
  'PUT os-services/disable': services('disable', (service) => void (service.disabled = true)),
  'PUT os-services/disable-log-reason': services('disable-log-reason', (service, given) =>
    Object.assign(service, { disabled: true, disabled_reason: text(given['disabled_reason']) ?? null }),
  ),
  'PUT os-services/freeze': services('freeze', (service) => void (service.frozen = true)),
  'PUT os-services/thaw': services('thaw', (service) => void (service.frozen = false)),
  ...logLevelRoutes,
  'GET scheduler-stats/get_pools': admin('scheduler_extension:scheduler_stats:get_pools', (call) => {
    const { blockStorage } = call.state;
    const detail = flag(call.query.get('detail') ?? undefined) === true;
    const alive = [...blockStorage.pools.values()].filter((pool) => {
      const service = blockStorage.services.find((candidate) => candidate.host === pool.name.split('#')[0]);
      // The scheduler forgets a backend that does not report.
      return service === undefined || call.now - lastReport(call.now, service) < 60_000;
    });
    return ok({
      pools: alive.map((pool) => {
        const used = blockStorage.volumes
          .values()
          .reduce((sum, volume) => sum + (volume.host === pool.name ? volume.size : 0), 0);
        if (!detail) return { name: pool.name };
        return {
          name: pool.name,
          capabilities: {
            volume_backend_name: pool.backend,
            vendor_name: 'Open Source',
            driver_version: '1.3.0',
            storage_protocol: pool.protocol,
            total_capacity_gb: pool.total,
            free_capacity_gb: pool.total - used,
            provisioned_capacity_gb: used,
            allocated_capacity_gb: used,
            reserved_percentage: 0,
            max_over_subscription_ratio: '20.0',
            thin_provisioning_support: true,
            multiattach: true,
            QoS_support: false,
            filter_function: null,
            goodness_function: null,
            timestamp: micros(call.now),
          },
        };
      }),
    });
  }),
  'GET os-availability-zone': (call) => (
    call.token,
    ok({ availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true } }] })
  ),
  'GET os-hosts': admin('volume_extension:hosts', (call) =>
    ok({
      hosts: call.state.blockStorage.services.values().map((service) => ({
        host_name: service.host,
        service: service.binary,
        zone: service.zone,
        'service-status': call.now - lastReport(call.now, service) < 60_000 ? 'available' : 'unavailable',
        'service-state': service.disabled ? 'disabled' : 'enabled',
        'last-update': micros(lastReport(call.now, service)),
      })),
    }),
  ),
  'GET limits': (call) => {
    const limit = call.state.blockStorage.quota(call.projectId);
    const used = call.state.blockStorage.used(call.projectId);
    return ok({
      limits: {
        rate: [],
        absolute: {
          maxTotalVolumes: limit['volumes'],
          maxTotalSnapshots: limit['snapshots'],
          maxTotalVolumeGigabytes: limit['gigabytes'],
          maxTotalBackups: limit['backups'],
          maxTotalBackupGigabytes: limit['backup_gigabytes'],
          totalVolumesUsed: used['volumes'],
          totalGigabytesUsed: used['gigabytes'],
          totalSnapshotsUsed: used['snapshots'],
          totalBackupsUsed: used['backups'],
          totalBackupGigabytesUsed: used['backup_gigabytes'],
        },
      },
    });
  },
  'GET os-quota-sets/{project}': (call) =>
    ok({
      quota_set: {
        ...quota(call, flag(call.query.get('usage') ?? undefined) === true),
        id: call.param('project'),
      },
    }),
  'GET os-quota-sets/{project}/defaults': (call) =>
    ok({ quota_set: { ...withTypes(call, ''), id: call.param('project') } }),
  'PUT os-quota-sets/{project}': admin('volume_extension:quotas:update', (call) => {
    const own = { ...call.state.blockStorage.quotas.get(call.param('project')) };
    for (const [name, value] of Object.entries(call.envelope('quota_set'))) {
      const limit = number(value);
      if (limit !== undefined) own[name] = limit;
    }
    call.state.blockStorage.quotas.set(call.param('project'), own);
    return ok({ quota_set: quota(call, false) });
  }),
  'DELETE os-quota-sets/{project}': admin('volume_extension:quotas:delete', (call) => {
    call.state.blockStorage.quotas.delete(call.param('project'));
    return ok(undefined);
  }),
  'GET os-quota-class-sets/{id}': admin('volume_extension:quota_classes:get', (call) =>
    ok({ quota_class_set: { ...withTypes(call, ''), id: call.param('id') } }),
  ),
  'GET qos-specs': admin('volume_extension:qos_specs_manage:get_all', (call) =>
    ok({ qos_specs: call.state.blockStorage.qosSpecs.values() }),
  ),
  'GET messages': (call) => (call.token, ok({ messages: [] })),
  'GET groups': (call) => (call.token, ok({ groups: [] })),
  'GET groups/detail': (call) => (call.token, ok({ groups: [] })),
  'GET group_snapshots': (call) => (call.token, ok({ group_snapshots: [] })),
  'GET group_snapshots/detail': (call) => (call.token, ok({ group_snapshots: [] })),
  'GET clusters': admin('clusters:get_all', () => ok({ clusters: [] })),
  'GET clusters/detail': admin('clusters:get_all', () => ok({ clusters: [] })),
  'GET extensions': (call) => (call.token, ok({ extensions: [] })),
  'GET os-volume-transfer': (call) => (call.token, ok({ transfers: [] })),
  'GET os-volume-transfer/detail': (call) => (call.token, ok({ transfers: [] })),
  'GET attachments': (call) => ok({ attachments: attachments(call, false) }),
  'GET attachments/detail': (call) => ok({ attachments: attachments(call, true) }),
  'GET attachments/{id}': (call) => {
    const found = attachmentOf(call);
    return ok({ attachment: attachmentView(found.volume, found.attachment, true) });
  },
  'POST attachments': (call) => {
    const given = call.envelope('attachment');
    const volume = findVolume(call, text(given['volume_uuid']) ?? '');
    if (volume.status !== 'available' && !(volume.multiattach && volume.status === 'in-use')) {
      throw badRequest(
        `Invalid volume: Volume ${volume.id} status must be available or downloading to reserve, but the current status is ${volume.status}.`,
      );
    }
    attach(call.state, volume, text(given['instance_uuid']) ?? '', null, null);
    volume.status = 'reserved';
    return ok({ attachment: attachmentView(volume, volume.attachments.at(-1) as VolumeAttachment, true) });
  },
  'PUT attachments/{id}': (call) => {
    const found = attachmentOf(call);
    found.volume.status = 'attaching';
    return ok({ attachment: attachmentView(found.volume, found.attachment, true) });
  },
  'POST attachments/{id}/action#os-complete': (call) => {
    attachmentOf(call).volume.status = 'in-use';
    return { status: 204 };
  },
  'DELETE attachments/{id}': (call) => {
    const found = attachmentOf(call);
    detach(call.state, found.volume, found.attachment.attachment_id);
    return ok({ attachments: [] });
  },
};

/** Limits, and those of each type besides. */
function withTypes(call: Call, project: string): Record<string, number> {
  const limits = { ...call.state.blockStorage.quota(project) };
  for (const type of call.state.blockStorage.types.values()) {
    for (const kind of ['volumes', 'gigabytes', 'snapshots']) limits[`${kind}_${type.name}`] ??= -1;
  }
  return limits;
}

function quota(call: Call, usage: boolean): Json {
  const project = call.param('project');
  if (!call.owns(project)) throw forbidden('volume_extension:quotas:show', 'policy');
  const { blockStorage } = call.state;
  const used = blockStorage.used(project);
  const limits = withTypes(call, project);
  if (!usage) return limits;
  return Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [name, { limit, in_use: used[name] ?? 0, reserved: 0 }]),
  );
}

function attachments(call: Call, full: boolean): Json[] {
  return call.state.blockStorage.volumes
    .filter((volume) => isMine(call, volume) && [null, volume.id].includes(call.query.get('volume_id')))
    .flatMap((volume) => volume.attachments.map((attachment) => attachmentView(volume, attachment, full)));
}

function attachmentOf(call: Call) {
  for (const volume of call.state.blockStorage.volumes.values()) {
    const found = call.owns(volume.project_id)
      ? volume.attachments.find((attachment) => attachment.attachment_id === call.param('id'))
      : undefined;
    if (found !== undefined) return { volume, attachment: found };
  }
  throw notFound(`Volume attachment could not be found with filter: attachment_id = ${call.param('id')}.`);
}

const attachmentView = (
  volume: { readonly id: string; readonly status: string },
  attachment: VolumeAttachment,
  full: boolean,
): Json => ({
  id: attachment.attachment_id,
  status: volume.status === 'in-use' ? 'attached' : volume.status,
  instance: attachment.server_id,
  volume_id: volume.id,
  ...(full
    ? {
        attached_at: micros(attachment.attached_at),
        detached_at: '',
        attach_mode: 'rw',
        connection_info: { driver_volume_type: 'rbd' },
      }
    : {}),
});
