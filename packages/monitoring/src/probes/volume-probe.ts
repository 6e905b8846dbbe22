import { aPositiveDuration, type Duration, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { CloudProbe } from './cloud-probe.ts';

export interface VolumeProbeOptions {
  /** GiB. @default 1 */
  readonly size?: number | undefined;
  /** The name or id of the volume's type. @default the project's, or the cloud's */
  readonly type?: string | undefined;
  /** The id of a running server of the project, which the volume is attached to. @default none; it is not attached */
  readonly attachTo?: string | undefined;
  /** The longest time until the volume is `available`. @default '2m' */
  readonly createLimit?: Duration | undefined;
  /** The longest time until it is attached, and as much until it is taken off again. @default '2m' */
  readonly attachLimit?: Duration | undefined;
  /** The longest time until it is deleted. @default '2m' */
  readonly deleteLimit?: Duration | undefined;
}

const volumeOptions = optionsSchema<VolumeProbeOptions>({
  size: z.int().positive().optional(),
  type: z.string().min(1).optional(),
  attachTo: z.string().min(1).optional(),
  createLimit: aPositiveDuration.optional(),
  attachLimit: aPositiveDuration.optional(),
  deleteLimit: aPositiveDuration.optional(),
});

/**
 * Creates a volume, attaches it to a server and takes it off again, and deletes it.
 *
 * @throws InputError
 * @example probe(cloud, volumeProbe({ size: 1, attachTo: server.id }))
 */
export function volumeProbe(options: VolumeProbeOptions = {}): CloudProbe {
  parseArguments('volumeProbe', volumeOptions, options);
  const { size = 1, type, attachTo, createLimit = '2m', attachLimit = '2m', deleteLimit = '2m' } = options;
  return {
    name: 'volume',
    async run({ cloud, making, metadata, name, remove, step }) {
      const { blockStorage, compute } = cloud;
      const { volumes } = blockStorage;
      making('volume');
      const { id } = await step('create', createLimit, (call) =>
        volumes.create({ size, name, metadata, ...(type === undefined ? {} : { volume_type: type }) }, call),
      );
      await step('available', createLimit, (call) =>
        volumes.waitFor(id, 'available', { ...call, patience: createLimit }),
      );
      if (attachTo !== undefined) {
        const where = { server_id: attachTo };
        await step('attach', attachLimit, async (call) => {
          await compute.volumeAttachments.create({ ...where, volumeId: id }, call);
          await volumes.waitFor(id, 'in-use', { ...call, patience: attachLimit });
        });
        await step('detach', attachLimit, async (call) => {
          await compute.volumeAttachments.delete({ ...where, volume_id: id }, call);
          await volumes.waitFor(id, 'available', { ...call, patience: attachLimit });
        });
      }
      await step('delete', deleteLimit, (call) => remove('volume', id, deleteLimit, call));
    },
  };
}
