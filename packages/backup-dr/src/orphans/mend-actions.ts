import { counted } from '@groundcrew/ground';
import { action } from '@groundcrew/runbook';
import { z } from 'zod';

const Id = z.string().min(1);
const nothing = z.object({});

/** Asks the hypervisors once more, before anything goes that a guest may be using. */
export const checkGuests = action({
  name: 'backup-dr.check-guests',
  title: ({ servers, unknown, hosts }) =>
    `Make sure that ${
      unknown
        ? 'no guest that Nova does not know'
        : `no guest of ${counted(servers.length, 'server')} that Nova does not know`
    } runs on ${counted(hosts.length, 'host')}`,
  input: z.strictObject({
    servers: z.array(Id),
    /** Whether a guest of any server that Nova does not know is in the way. */
    unknown: z.boolean(),
    hosts: z.array(Id),
  }),
  output: z.object({ hosts: z.int(), guests: z.int() }),
  rollback: 'free',
});

/** Takes the power from a guest that Nova does not know to be there. Its definition and its disks stay. */
export const powerOffGuest = action({
  name: 'backup-dr.power-off-guest',
  title: ({ host, guest, name }) => `Power off guest ${name} (${guest}) on ${host}`,
  input: z.strictObject({ host: Id, guest: Id, name: Id }),
  output: nothing,
  rollback: 'none',
});

/** Ends the attachment of a volume to a server that there is not. */
export const deleteAttachment = action({
  name: 'backup-dr.delete-attachment',
  title: ({ attachment, volume, server }) =>
    `Delete attachment ${attachment} of volume ${volume} to server ${server}, which Nova does not know`,
  input: z.strictObject({ attachment: Id, volume: Id, server: Id }),
  output: z.object({
    /** Of the volume afterwards. */
    status: z.string(),
  }),
  rollback: 'none',
});

/** Writes into Cinder's database that a volume is free. */
export const resetVolume = action({
  name: 'backup-dr.reset-volume',
  title: ({ volume, status }) =>
    `Reset volume ${volume} from ${status} to available: nothing has it attached`,
  input: z.strictObject({ volume: Id, status: Id }),
  output: nothing,
  rollback: 'none',
});

const PortOfServer = z.strictObject({
  port: Id,
  server: Id,
  /** As it was when it was planned; null: Neutron does not tell. */
  revision: z.int().nullable(),
});

/** Takes a port from a server that there is not: it keeps its addresses, and is free. */
export const unbindPort = action({
  name: 'backup-dr.unbind-port',
  title: ({ port, server }) => `Unbind port ${port} from server ${server}, which Nova does not know`,
  input: PortOfServer,
  output: nothing,
  rollback: 'none',
});

/** Deletes a port of a server that there is not: its addresses are free. */
export const deletePort = action({
  name: 'backup-dr.delete-port',
  title: ({ port, server }) => `Delete port ${port} of server ${server}, which Nova does not know`,
  input: PortOfServer,
  output: nothing,
  rollback: 'none',
});

/** Gives the resources back that a consumer holds which Nova does not know. */
export const deleteAllocation = action({
  name: 'backup-dr.delete-allocation',
  title: ({ consumer }) => `Delete the allocations of ${consumer}, which Nova does not know`,
  input: z.strictObject({
    consumer: Id,
    /** As it was when it was planned: one that has changed since is left. */
    generation: z.int().nullable(),
  }),
  output: z.object({
    /** What it had, by the uuid of the provider. */
    had: z.record(z.string(), z.record(z.string(), z.number())),
  }),
  rollback: 'none',
});
