import { accepted, noContent, ok } from '../../answer.ts';
import { adminOf, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, forbidden, notFound } from '../../fault.ts';
import { flag, type Json, metadata, micros, record, text, texts, str } from '../../wire.ts';
import { detach } from '../block-storage/volume-actions.ts';
import { visibleNetwork } from '../network/networks.ts';
import { addPort, bind } from '../network/ports.ts';
import { find, letGo, requireUnlocked } from './lifecycle.ts';
import { addressesOf, portsOf } from './server-view.ts';
import { attachTo } from './block-devices.ts';
import type { InstanceAction } from './state.ts';
import type { AttachedVolume, Server } from './server.ts';

/** What hangs on a server: volumes, interfaces, metadata, tags, addresses, its history. */
export const serverPartRoutes: Routes = {
  'GET servers/{server_id}/os-volume_attachments': (call) => {
    const server = find(call);
    return ok({
      volumeAttachments: server.volumes.map((attachment) => volumeView(call, server, attachment)),
    });
  },
  'POST servers/{server_id}/os-volume_attachments': (call) => {
    const server = find(call);
    requireUnlocked(call, server);
    const given = call.envelope('volumeAttachment');
    const id = text(given['volumeId']) ?? '';
    const volume = call.state.blockStorage.volumes.get(id);
    if (volume === undefined || !call.owns(volume.project_id))
      throw notFound(`Volume ${id} could not be found.`);
    if (server.volumes.some((attachment) => attachment.volume_id === id)) {
      throw badRequest(`Invalid volume: volume ${id} is already attached to instances: ${server.id}`);
    }
    if (volume.status !== 'available' && !(volume.multiattach && volume.status === 'in-use')) {
      throw badRequest(
        `Invalid volume: volume '${id}' status must be 'available' or 'in-use'. Currently in '${volume.status}' status.`,
      );
    }
    if (
      !['active', 'paused', 'stopped', 'suspended', 'shelved', 'shelved_offloaded'].includes(server.vm_state)
    ) {
      throw conflict(
        `Cannot 'attach_volume' instance ${server.id} while it is in vm_state ${server.vm_state}`,
      );
    }
    const made = attachTo(
      call.state,
      server,
      id,
      text(given['device']),
      flag(given['delete_on_termination']) ?? false,
      text(given['tag']) ?? null,
    );
    call.state.compute.began(server, 'attach_volume', call).finish = call.now;
    // The answer comes before the volume is attached: it is `attaching` for a while.
    volume.status = 'attaching';
    call.state.clock.after(call.state.settings.timing.volume, () => {
      if (volume.status === 'attaching') volume.status = 'in-use';
    });
    return ok({
      volumeAttachment: {
        id,
        serverId: server.id,
        volumeId: id,
        device: made.device,
        ...(call.atLeast('2.70') ? { tag: made.tag } : {}),
        ...(call.atLeast('2.79') ? { delete_on_termination: made.delete_on_termination } : {}),
      },
    });
  },
  'GET servers/{server_id}/os-volume_attachments/{volume}': (call) => {
    const server = find(call);
    return ok({ volumeAttachment: volumeView(call, server, attached(call, server)) });
  },
  'PUT servers/{server_id}/os-volume_attachments/{volume}': (call) => {
    const server = find(call);
    attached(call, server).delete_on_termination =
      flag(call.envelope('volumeAttachment')['delete_on_termination']) ?? false;
    return accepted();
  },
  'DELETE servers/{server_id}/os-volume_attachments/{volume}': (call) => {
    const server = find(call);
    const attachment = attached(call, server);
    const volume = call.state.blockStorage.volumes.get(attachment.volume_id);
    call.state.compute.began(server, 'detach_volume', call).finish = call.now;
    if (volume !== undefined) volume.status = 'detaching';
    call.state.clock.after(call.state.settings.timing.volume, () => {
      server.volumes = server.volumes.filter((other) => other !== attachment);
      if (volume !== undefined) detach(call.state, volume, attachment.attachment_id);
    });
    return accepted();
  },
  'GET servers/{server_id}/os-interface': (call) =>
    ok({ interfaceAttachments: portsOf(call, find(call)).map((port) => interfaceView(call, port)) }),
  'POST servers/{server_id}/os-interface': (call) => {
    const server = find(call);
    requireUnlocked(call, server);
    const given = call.envelope('interfaceAttachment');
    const { network } = call.state;
    const port = network.ports.get(text(given['port_id']) ?? '');
    if (given['port_id'] !== undefined && !call.owns(port?.project_id))
      throw notFound(`Port id ${str(given['port_id'])} could not be found.`);
    if (port !== undefined && port.device_id !== '') throw badRequest(`Port ${port.id} is still in use.`);
    const parent = visibleNetwork(call, text(given['net_id']) ?? '');
    if (port === undefined && parent === undefined)
      throw notFound(`Network ${str(given['net_id'])} could not be found.`);
    const made =
      port ??
      addPort(
        call.state,
        parent as NonNullable<typeof parent>,
        server.project_id,
        given['fixed_ips'] === undefined ? {} : { fixed_ips: given['fixed_ips'] },
      );
    if (port !== undefined) server.preservedPorts.add(port.id);
    Object.assign(made, {
      device_id: server.id,
      device_owner: `compute:${server.availability_zone ?? 'nova'}`,
    });
    bind(made, server.host ?? '');
    call.state.compute.began(server, 'attach_interface', call).finish = call.now;
    return ok({ interfaceAttachment: interfaceView(call, made) });
  },
  'GET servers/{server_id}/os-interface/{port}': (call) =>
    ok({ interfaceAttachment: interfaceView(call, portOf(call)) }),
  'DELETE servers/{server_id}/os-interface/{port}': (call) => {
    letGo(call.state, find(call), portOf(call));
    call.state.compute.began(find(call), 'detach_interface', call).finish = call.now;
    return accepted();
  },
  'GET servers/{server_id}/metadata': (call) => ok({ metadata: find(call).metadata }),
  'POST servers/{server_id}/metadata': (call) =>
    ok({ metadata: Object.assign(find(call).metadata, metadata(record(call.body)['metadata'])) }),
  'PUT servers/{server_id}/metadata': (call) =>
    ok({ metadata: (find(call).metadata = metadata(record(call.body)['metadata'])) }),
  'GET servers/{server_id}/metadata/{key}': (call) => ok({ meta: { [call.param('key')]: item(call) } }),
  'PUT servers/{server_id}/metadata/{key}': (call) => {
    Object.assign(find(call).metadata, metadata(record(call.body)['meta']));
    return ok({ meta: { [call.param('key')]: item(call) } });
  },
  'DELETE servers/{server_id}/metadata/{key}': (call) => {
    item(call);
    delete find(call).metadata[call.param('key')];
    return noContent;
  },
  'GET servers/{server_id}/tags': (call) => ok({ tags: tagged(call, 'index').tags }),
  'PUT servers/{server_id}/tags': (call) =>
    ok({ tags: (tagged(call, 'update_all').tags = texts(record(call.body)['tags'])) }),
  'DELETE servers/{server_id}/tags': (call) => {
    tagged(call, 'delete_all').tags = [];
    return noContent;
  },
  'GET servers/{server_id}/tags/{tag}': (call) => (tagOf(call, 'show'), noContent),
  'PUT servers/{server_id}/tags/{tag}': (call) => {
    const server = tagged(call, 'update');
    const known = server.tags.includes(call.param('tag'));
    if (!known) server.tags = [...server.tags, call.param('tag')];
    return known ? noContent : { status: 201 };
  },
  'DELETE servers/{server_id}/tags/{tag}': (call) => {
    tagOf(call, 'delete');
    tagged(call, 'delete').tags = tagged(call, 'delete').tags.filter((tag) => tag !== call.param('tag'));
    return noContent;
  },
  'GET servers/{server_id}/ips': (call) => ok({ addresses: addressesOf(call, find(call), false) }),
  'GET servers/{server_id}/ips/{network}': (call) => {
    const addresses = addressesOf(call, find(call), false)[call.param('network')];
    if (addresses === undefined) throw notFound(`Instance is not a member of specified network`);
    return ok({ [call.param('network')]: addresses });
  },
  'GET servers/{server_id}/os-instance-actions': (call) => {
    const server = find(call);
    const actions = call.state.compute.actions.get(server.id) ?? [];
    return ok({ instanceActions: actions.toReversed().map((action) => actionView(call, server, action)) });
  },
  'GET servers/{server_id}/os-instance-actions/{request}': (call) => {
    const server = find(call);
    const action = call.state.compute.actions
      .get(server.id)
      ?.find((candidate) => candidate.request_id === call.param('request'));
    if (action === undefined)
      throw notFound(`Action for request_id ${call.param('request')} on instance ${server.id} not found`);
    const events =
      action.finish === null && action.message === null
        ? []
        : [
            {
              event: `compute_${action.action}_instance`,
              start_time: micros(action.start),
              finish_time: micros(action.finish ?? action.start),
              result: action.message === null ? 'Success' : 'Error',
              traceback: null,
              hostId: '',
              host: action.host,
              details: null,
            },
          ];
    return ok({ instanceAction: { ...actionView(call, server, action), events } });
  },
  'GET servers/{server_id}/topology': (call) => (find(call), ok({ nodes: [], pagesize_kb: null })),
  'GET servers/{server_id}/diagnostics': adminOf(find, 'os_compute_api:os-server-diagnostics', (call) => {
    const server = find(call);
    if (!call.atLeast('2.48')) return ok(bareDiagnostics);
    if (server.power_state !== 1)
      throw conflict(`Cannot 'get_diagnostics' instance ${server.id} while it is in power state shutdown`);
    return ok({
      state: 'running',
      driver: 'libvirt',
      hypervisor: 'kvm',
      hypervisor_os: 'linux',
      uptime: Math.floor((call.now - (server.launched ?? call.now)) / 1000),
      config_drive: server.config_drive,
      num_cpus: server.flavor.vcpus,
      num_nics: portsOf(call, server).length,
      num_disks: 1 + server.volumes.length,
      cpu_details: [],
      nic_details: [],
      disk_details: [],
      memory_details: { maximum: server.flavor.ram, used: server.flavor.ram },
    });
  }),
  'POST servers/{server_id}/remote-consoles': (call) => {
    const server = find(call);
    const given = call.envelope('remote_console');
    return ok({
      remote_console: {
        protocol: given['protocol'],
        type: given['type'],
        url: `${call.url.origin}/vnc_auto.html?path=%3Ftoken%3D${server.id}`,
      },
    });
  },
  'GET servers/{server_id}/os-server-password': (call) => (find(call), ok({ password: '' })),
  'DELETE servers/{server_id}/os-server-password': (call) => (find(call), noContent),
};

/** Before 2.48 the driver's own words: these are the fake driver's and, but for their number, libvirt's. */
const bareDiagnostics: Json = {
  cpu0_time: 17_300_000_000,
  memory: 524_288,
  vda_errors: -1,
  vda_read: 262_144,
  vda_read_req: 112,
  vda_write: 5_778_432,
  vda_write_req: 488,
  vnet1_rx: 2_070_139,
  vnet1_rx_drop: 0,
  vnet1_rx_errors: 0,
  vnet1_rx_packets: 26_701,
  vnet1_tx: 140_208,
  vnet1_tx_drop: 0,
  vnet1_tx_errors: 0,
  vnet1_tx_packets: 662,
};

function attached(call: Call, server: Server): AttachedVolume {
  const attachment = server.volumes.find((candidate) => candidate.volume_id === call.param('volume'));
  if (attachment === undefined) throw notFound(`volume_id not found: ${call.param('volume')}`);
  return attachment;
}

const volumeView = (call: Call, server: Server, attachment: AttachedVolume): Json => ({
  ...(call.atLeast('2.89') ? {} : { id: attachment.volume_id }),
  volumeId: attachment.volume_id,
  serverId: server.id,
  device: attachment.device,
  ...(call.atLeast('2.70') ? { tag: attachment.tag } : {}),
  ...(call.atLeast('2.79') ? { delete_on_termination: attachment.delete_on_termination } : {}),
  ...(call.atLeast('2.89') ? { attachment_id: attachment.attachment_id, bdm_uuid: attachment.bdm_uuid } : {}),
});

type Port = ReturnType<typeof portsOf>[number];

function portOf(call: Call): Port {
  const port = portsOf(call, find(call)).find((candidate) => candidate.id === call.param('port'));
  if (port === undefined)
    throw notFound(`Instance ${call.param('server_id')} does not have a port with id ${call.param('port')}`);
  return port;
}

const interfaceView = (call: Call, port: Port): Json => ({
  net_id: port.network_id,
  port_id: port.id,
  mac_addr: port.mac_address,
  port_state: port.status,
  fixed_ips: port.fixed_ips,
  ...(call.atLeast('2.70') ? { tag: null } : {}),
});

function item(call: Call): string {
  const value = find(call).metadata[call.param('key')];
  if (value === undefined) throw notFound('Metadata item was not found');
  return value;
}

/** Of a server of another project Nova says that policy forbids it: its tags it looks for by the server's mapping. */
function tagged(call: Call, verb: string): Server {
  const server = call.state.compute.servers.get(call.param('server_id'));
  if (server !== undefined && !call.owns(server.project_id))
    throw forbidden(`os_compute_api:os-server-tags:${verb}`, 'policy');
  return find(call);
}

function tagOf(call: Call, verb: string): void {
  if (!tagged(call, verb).tags.includes(call.param('tag'))) {
    throw notFound(`Server ${call.param('server_id')} has no tag '${call.param('tag')}'`);
  }
}

const actionView = (call: Call, server: Server, action: InstanceAction): Json => ({
  action: action.action,
  instance_uuid: server.id,
  request_id: action.request_id,
  user_id: action.user_id,
  project_id: action.project_id,
  start_time: micros(action.start),
  message: action.message,
  ...(call.atLeast('2.58') ? { updated_at: micros(action.finish ?? action.start) } : {}),
});
