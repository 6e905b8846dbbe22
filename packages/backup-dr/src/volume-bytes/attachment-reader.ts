import type { Cloud } from '@groundcrew/core';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { pulled } from '../repository/pulled.ts';
import { cloneOf, Undo } from './temporaries.ts';
import { VolumeBytesError } from './volume-bytes-error.ts';
import { GIBIBYTE, type VolumeReader } from './volume-reader.ts';

export interface AttachmentReaderOptions {
  readonly cloud: Cloud;
  /** The machine that has the devices: where Cinder exports them to, or where its volumes are local. */
  readonly host: Pick<Host, 'run' | 'name'>;
  /** As root, or as the user of that name: devices are root's. @default as who one is */
  readonly sudo?: boolean | string | undefined;
  /** What the storage needs to know of the machine, as os-brick tells it: `{ host, ip, initiator, … }`. */
  readonly connector: Readonly<Record<string, unknown>> & { readonly host: string };
}

const readerOptions = optionsSchema<AttachmentReaderOptions>({
  cloud: anObjectWith<Cloud>('a Cloud', 'blockStorage'),
  host: anObjectWith<AttachmentReaderOptions['host']>('a Host', 'run', 'name'),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
  connector: z.looseObject({ host: z.string().min(1) }),
});

/**
 * Reads volumes as devices of a host: a snapshot, a volume of it, and an attachment of that to the host. It is as fast as the storage,
 * and works where the connection names a device that is there (`local`); iSCSI and RBD become a device by os-brick, which is not here.
 *
 * @throws InputError naming the field
 */
export function attachmentReader(options: AttachmentReaderOptions): VolumeReader {
  parseArguments('attachmentReader', readerOptions, options);
  const { cloud, host, sudo, connector } = options;
  const more = sudo === undefined ? {} : { sudo };
  return {
    way: 'attachment',
    needs: ({ size }) => ({ snapshots: size, volumes: size, images: 0 }),
    async open({ id, snapshot }, { run, signal }) {
      const undo = new Undo();
      try {
        const clone = await cloneOf(cloud, { id, snapshot }, { run, signal, undo });
        const { attachments } = cloud.blockStorage;
        const made = await attachments.create(
          { volume_uuid: clone.id, connector: { ...connector } },
          { signal },
        );
        undo.later(() => attachments.delete({ id: made.id }, { missingOk: true }));
        const device = deviceIn(made.connection_info);
        if (device === undefined)
          throw new VolumeBytesError(
            'volume-bytes.connection',
            `volume ${id}: its connection names no device of ${host.name}`,
            { remedy: 'Read it through Glance: imageReader.' },
          );
        const size = clone.size * GIBIBYTE;
        await checkSize({ host, device, size, ...more, signal });
        const content = pulled(async (hand, until) => {
          await host.run(['dd', `if=${device}`, 'bs=4M', 'status=none'], {
            ...more,
            signal: until,
            timeout: '24h',
            onStdout: hand,
          });
        }, signal);
        return { size, at: clone.at, content, [Symbol.asyncDispose]: () => undo[Symbol.asyncDispose]() };
      } catch (error) {
        await undo[Symbol.asyncDispose]().catch(() => {});
        throw error;
      }
    },
  };
}

/** `device_path` of a connection of the type `local` (cinder/volume/targets), as Nova's and os-brick's local connector takes it. */
function deviceIn(connection: unknown): string | undefined {
  const told = z
    .looseObject({
      driver_volume_type: z.string().optional(),
      device_path: z.string().optional(),
      data: z.looseObject({ device_path: z.string().optional() }).optional(),
    })
    .safeParse(connection);
  const path = told.data?.data?.device_path ?? told.data?.device_path;
  // A path from outside becomes an argument of a command.
  return path !== undefined && /^\/dev\/[\w./+:@-]{1,250}$/.test(path) && !path.includes('..')
    ? path
    : undefined;
}

/** A device of another size than the volume is another device. */
async function checkSize({
  host,
  device,
  size,
  ...options
}: {
  readonly host: AttachmentReaderOptions['host'];
  readonly device: string;
  readonly size: number;
  readonly sudo?: boolean | string;
  readonly signal: AbortSignal | undefined;
}): Promise<void> {
  const { stdout } = await host.run(['blockdev', '--getsize64', device], options);
  if (Number(stdout.trim()) === size) return;
  throw new VolumeBytesError(
    'volume-bytes.size',
    `${device} of ${host.name} has ${stdout.trim()} bytes, and the volume ${size}`,
    { remedy: 'Is it the device of this volume?' },
  );
}
