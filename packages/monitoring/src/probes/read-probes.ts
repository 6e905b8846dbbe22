import { aPositiveDuration, type Duration, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { CloudProbe } from './cloud-probe.ts';

export interface TokenProbeOptions {
  /** The longest time until Keystone has given a token. @default '10s' */
  readonly limit?: Duration | undefined;
}

export interface ListProbeOptions {
  /** The list whose first page is asked for. @default 'servers' */
  readonly of?: 'servers' | 'volumes' | 'networks' | 'images' | undefined;
  /** The longest time until the first page is there. @default '30s' */
  readonly limit?: Duration | undefined;
}

const tokenOptions = optionsSchema<TokenProbeOptions>({ limit: aPositiveDuration.optional() });
const listOptions = optionsSchema<ListProbeOptions>({
  of: z.enum(['servers', 'volumes', 'networks', 'images']).optional(),
  limit: aPositiveDuration.optional(),
});

/**
 * A new token of the project, by the credentials of the client.
 *
 * @throws InputError
 * @example probe(cloud, tokenProbe())
 */
export function tokenProbe(options: TokenProbeOptions = {}): CloudProbe {
  parseArguments('tokenProbe', tokenOptions, options);
  const { limit = '10s' } = options;
  return {
    name: 'token',
    run: (run) =>
      run.step('token', limit, async ({ signal }) => {
        const { project } = (await run.cloud.token({ signal })) ?? {};
        if (project === undefined) throw new Error('the client has no token of a project');
        // The client keeps its token until it ends; another client of the same project asks for one.
        await run.cloud.scoped({ project_id: project.id }).token({ signal });
      }),
  };
}

/**
 * The first page of a list, as a user sees it.
 *
 * @throws InputError
 * @example probe(cloud, listProbe({ of: 'volumes' }))
 */
export function listProbe(options: ListProbeOptions = {}): CloudProbe {
  parseArguments('listProbe', listOptions, options);
  const { of = 'servers', limit = '30s' } = options;
  return {
    name: `list ${of}`,
    run: ({ cloud, step }) =>
      step('list', limit, async (call) => {
        const lists = {
          servers: () => cloud.compute.servers.listBrief({}, call),
          volumes: () => cloud.blockStorage.volumes.listBrief({}, call),
          networks: () => cloud.network.networks.list({}, call),
          images: () => cloud.image.images.list({}, call),
        };
        const elements = lists[of]()[Symbol.asyncIterator]();
        await elements.next();
        await elements.return?.();
      }),
  };
}
