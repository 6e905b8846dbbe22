import { records } from '@groundcrew/core';
import type { Answer } from '../../answer.ts';
import type { SimulatedService } from '../../service.ts';
import { keystoneSchemaFault, keystoneFault } from '../dialects.ts';
import { json, self } from '../documents.ts';
import { applicationCredentialRoutes } from './application-credentials.ts';
import { authRoutes } from './auth.ts';
import { credentialRoutes } from './credentials.ts';
import { domainRoutes } from './domains.ts';
import { endpointRoutes } from './endpoints.ts';
import { groupRoutes } from './groups.ts';
import { limitRoutes } from './limits.ts';
import { projectTagRoutes } from './project-tags.ts';
import { projectRoutes } from './projects.ts';
import { regionRoutes } from './regions.ts';
import { registeredLimitRoutes } from './registered-limits.ts';
import { roleAssignmentRoutes } from './role-assignments.ts';
import { roleGrantRoutes } from './role-grants.ts';
import { roleInferenceRoutes } from './role-inferences.ts';
import { roleRoutes } from './roles.ts';
import { serviceRoutes } from './services.ts';
import { tokenRoutes } from './tokens.ts';
import { trustRoutes } from './trusts.ts';
import { userRoutes } from './users.ts';

/** Flask's answer to an unknown path, whatever the client accepts. */
const noPage: Answer = {
  status: 404,
  raw: '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n',
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
};

export const identity: SimulatedService = {
  spec: records.identity,
  prefix: '/identity',
  version: '/v3',
  paths: { trailingSlash: 'ignored', manySlashes: 'redirect', json: false, head: 'get' },
  routes: {
    ...tokenRoutes,
    ...authRoutes,
    ...domainRoutes,
    ...projectRoutes,
    ...userRoutes,
    ...groupRoutes,
    ...projectTagRoutes,
    ...roleRoutes,
    ...roleGrantRoutes,
    ...roleAssignmentRoutes,
    ...roleInferenceRoutes,
    ...serviceRoutes,
    ...endpointRoutes,
    ...regionRoutes,
    ...credentialRoutes,
    ...registeredLimitRoutes,
    ...limitRoutes,
    ...applicationCredentialRoutes,
    ...trustRoutes,
  },
  versions: (root, path, release) => {
    const version = {
      id: release.identity,
      status: 'stable',
      updated: '2020-04-07T00:00:00Z',
      links: self(`${root}/v3/`),
      'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
    };
    return path === ''
      ? json(300, { versions: { values: [version] } }, { Location: `${root}/v3/` })
      : json(200, { version });
  },
  fault: keystoneFault,
  unknown: ({ allow }) =>
    allow === undefined
      ? noPage
      : json(
          405,
          { message: 'The method is not allowed for the requested URL.' },
          { Allow: allow.join(', ') },
        ),
  malformed:
    'Expecting to find valid JSON in request body. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.',
  argumentFault: keystoneSchemaFault,
  headers: (id) => ({ Vary: 'X-Auth-Token', 'X-Openstack-Request-Id': id }),
};
