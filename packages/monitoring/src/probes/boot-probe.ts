import { aPositiveDuration, type Duration, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { CloudProbe } from './cloud-probe.ts';

export interface BootProbeOptions {
  /** The id of the image. */
  readonly image: string;
  /** The id of the flavor. */
  readonly flavor: string;
  /** The id of the network; `none`: without one. */
  readonly network: string;
  /** The longest time until Nova has accepted the server. @default '30s' */
  readonly createLimit?: Duration | undefined;
  /** The longest time from then until it is `ACTIVE`. @default '5m' */
  readonly activeLimit?: Duration | undefined;
  /** The longest time until it is deleted. @default '2m' */
  readonly deleteLimit?: Duration | undefined;
}

const bootOptions = optionsSchema<BootProbeOptions>({
  image: z.string().min(1),
  flavor: z.string().min(1),
  network: z.string().min(1),
  createLimit: aPositiveDuration.optional(),
  activeLimit: aPositiveDuration.optional(),
  deleteLimit: aPositiveDuration.optional(),
});

/**
 * Boots a server, waits until it is `ACTIVE`, and deletes it. Whether its guest has come up is not looked at.
 *
 * @throws InputError
 * @example probe(cloud, bootProbe({ image, flavor, network: 'none' }))
 */
export function bootProbe(options: BootProbeOptions): CloudProbe {
  parseArguments('bootProbe', bootOptions, options);
  const {
    image,
    flavor,
    network,
    createLimit = '30s',
    activeLimit = '5m',
    deleteLimit: patience = '2m',
  } = options;
  return {
    name: 'boot',
    async run({ cloud, making, metadata, name, remove, step }) {
      // The first with which a server may have no network.
      const { servers } = cloud.compute.at('2.37');
      making('server');
      const { id } = await step('create', createLimit, (call) =>
        servers.create(
          {
            name,
            metadata,
            imageRef: image,
            flavorRef: flavor,
            networks: network === 'none' ? 'none' : [{ uuid: network }],
          },
          call,
        ),
      );
      await step('active', activeLimit, (call) =>
        servers.waitFor(id, 'ACTIVE', { ...call, patience: activeLimit }),
      );
      await step('delete', patience, (call) => remove('server', id, patience, call));
    },
  };
}
