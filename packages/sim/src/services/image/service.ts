import { records } from '@groundcrew/core';
import type { SimulatedService } from '../../service.ts';
import { webob } from '../../webob.ts';
import { glanceFault } from '../dialects.ts';
import { HTML, json, notFoundPage, self } from '../documents.ts';
import { cacheRoutes } from './cache.ts';
import { dataRoutes } from './data.ts';
import { imageRoutes } from './images.ts';
import { importRoutes } from './imports.ts';
import { memberRoutes } from './members.ts';
import { schemaRoutes } from './schemas.ts';
import { storeRoutes } from './stores.ts';
import { taskRoutes } from './tasks.ts';
import { usageRoutes } from './usage.ts';

export const image: SimulatedService = {
  spec: records.image,
  prefix: '/image',
  version: '/v2',
  paths: { trailingSlash: 'unknown', manySlashes: 'one', json: false, head: 'unknown' },
  routes: {
    ...imageRoutes,
    ...dataRoutes,
    ...importRoutes,
    ...memberRoutes,
    ...storeRoutes,
    ...usageRoutes,
    ...taskRoutes,
    ...schemaRoutes,
    ...cacheRoutes,
  },
  versions: (root, path, release) => {
    // All versions share a document, and the path of a version without its slash leads to the one with it.
    if (path === 'v2') return { status: 302, headers: { Location: `${root}/v2/` } };
    if (path !== '' && path !== 'versions') return undefined;
    const numbers = Array.from({ length: release.image + 1 }, (_, index) => release.image - index);
    const versions = numbers.map((minor, index) => ({
      id: `v2.${minor}`,
      status: index === 0 ? 'CURRENT' : 'SUPPORTED',
      links: self(`${root}/v2/`),
    }));
    return json(path === '' ? 300 : 200, { versions });
  },
  fault: glanceFault,
  unknown: ({ method, allow, accept }) =>
    allow === undefined
      ? notFoundPage(accept)
      : webob(accept, {
          status: 405,
          title: 'Method Not Allowed',
          explanation: `The method ${method} is not allowed for this resource.`,
          own: true,
          headers: { Allow: allow.join(', ') },
        }),
  malformed: 'Malformed JSON in request body.',
  emptyType: (status) => (status === 204 ? HTML : undefined),
  argumentFault: () => undefined,
  headers: (id) => ({ 'X-Openstack-Request-Id': id }),
};
