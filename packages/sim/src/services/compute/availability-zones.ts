import { ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { type Json, micros } from '../../wire.ts';
import { isInDownCell } from './down-cell.ts';
import { isUp, lastReport, zoneOf } from './hosts.ts';

export const availabilityZoneRoutes: Routes = {
  'GET os-availability-zone': (call) => (call.token, ok({ availabilityZoneInfo: zones(call, false) })),
  'GET os-availability-zone/detail': admin('os_compute_api:os-availability-zone:detail', (call) =>
    ok({ availabilityZoneInfo: zones(call, true) }),
  ),
};

function zones(call: Call, full: boolean): Json[] {
  const zoneHosts = new Map<string, Record<string, Json>>();
  const available = new Map<string, boolean>();
  for (const service of call.state.compute.services.values()) {
    if (service.binary === 'nova-compute' && isInDownCell(call.state, service.host)) continue;
    const zone = service.binary === 'nova-compute' ? zoneOf(call.state, service.host) : 'internal';
    if (zone === 'internal' && !full) continue;
    const hosts = zoneHosts.get(zone) ?? {};
    zoneHosts.set(zone, hosts);
    const up = isUp(call.now, service);
    (hosts[service.host] ??= {})[service.binary] = {
      available: up,
      active: !service.disabled,
      updated_at: micros(lastReport(call.now, service)),
    };
    available.set(zone, available.get(zone) === true || (up && !service.disabled));
  }
  return [...zoneHosts].map(([zoneName, hosts]) => ({
    zoneName,
    zoneState: { available: available.get(zoneName) ?? false },
    hosts: full ? hosts : null,
  }));
}
