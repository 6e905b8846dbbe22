import { created, noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, forbidden, notFound } from '../../fault.ts';
import { flag, type Json, list, micros, record, text, str } from '../../wire.ts';
import { endpointUrl } from './catalog.ts';
import { crud, links, nameOf } from './crud.ts';
import { accessRulesIn } from './access-rules.ts';
import type { ApplicationCredential } from './state.ts';

/** Services, endpoints, regions, credentials, limits; application credentials and trusts. */
export const registryRoutes: Routes = {
  ...crud({
    name: 'service',
    plural: 'services',
    store: (call) => call.state.identity.services,
    make: (call, given) =>
      call.state.identity.services.add({
        id: call.state.ids.keystone(),
        name: text(given['name']) ?? '',
        type: text(given['type']) ?? '',
        enabled: flag(given['enabled']) ?? true,
        ...(given['description'] === undefined ? {} : { description: given['description'] }),
      }),
    filters: ['type'],
  }),
  ...crud({
    name: 'endpoint',
    plural: 'endpoints',
    store: (call) => call.state.identity.endpoints,
    make: (call, given) => {
      const region = text(given['region_id']) ?? text(given['region']) ?? call.state.settings.region;
      if (call.state.identity.services.get(str(given['service_id'])) === undefined) {
        throw badRequest(`Could not find service: ${str(given['service_id'])}.`);
      }
      return call.state.identity.endpoints.add({
        id: call.state.ids.keystone(),
        name: '',
        interface: given['interface'],
        region_id: region,
        region,
        service_id: given['service_id'],
        url: given['url'],
        enabled: flag(given['enabled']) ?? true,
      });
    },
    filters: ['interface', 'service_id', 'region_id'],
    looks: ['get', 'update', 'delete'],
    show: (call, { name: _name, ...endpoint }) => ({
      ...endpoint,
      url:
        endpoint['url'] === ''
          ? endpointUrl(call.state, endpoint, call.url.origin, '%(project_id)s')
          : endpoint['url'],
    }),
  }),
  ...crud({
    name: 'region',
    plural: 'regions',
    open: true,
    store: (call) => call.state.identity.regions,
    make: (call, given) => {
      const id = text(given['id']) ?? call.state.ids.keystone();
      if (call.state.identity.regions.get(id) !== undefined) {
        throw conflict(`Conflict occurred attempting to store region - Duplicate ID, ${id}..`);
      }
      return call.state.identity.regions.add({
        id,
        name: id,
        description: text(given['description']) ?? '',
        parent_region_id: text(given['parent_region_id']) ?? null,
      });
    },
    show: (_call, { name: _name, ...region }) => region,
  }),
  ...crud({
    name: 'credential',
    plural: 'credentials',
    store: (call) => call.state.identity.credentials,
    make: (call, given) =>
      call.state.identity.credentials.add({
        id: call.state.ids.hex(64),
        name: '',
        user_id: text(given['user_id']) ?? call.userId,
        project_id: text(given['project_id']) ?? null,
        type: given['type'],
        blob: given['blob'],
      }),
    filters: ['user_id', 'type'],
    mine: (call, entity) => entity['user_id'] === call.userId,
    keeps: true,
    show: (_call, { name: _name, ...credential }) => credential,
  }),
  ...limitCrud('registered_limit', 'registered_limits', 'default_limit'),
  ...limitCrud('limit', 'limits', 'resource_limit'),
  'GET limits/model': (call) => {
    void call.token;
    return ok({
      model: {
        name: 'flat',
        description: 'Limit enforcement and validation does not take project hierarchy into consideration.',
      },
    });
  },
  'GET users/{user}/application_credentials': (call) => {
    const user = ownUser(call, 'list_application_credentials');
    const mine = call.state.identity.applicationCredentials.filter(
      (credential) => credential.user_id === user,
    );
    const name = call.query.get('name');
    const shown = mine
      .filter((credential) => name === null || credential.name === name)
      .map((credential) => show(call, credential));
    return ok({ application_credentials: shown, links: links(call) });
  },
  'POST users/{user}/application_credentials': (call) => {
    const given = call.envelope('application_credential');
    const { identity, ids } = call.state;
    const user = ownUser(call, 'create_application_credential');
    const name = nameOf(given);
    if (
      identity.applicationCredentials.find(
        (existing) => existing.user_id === user && existing.name === name,
      ) !== undefined
    ) {
      throw conflict(
        `Conflict occurred attempting to store application_credential - Duplicate entry found with name ${name}.`,
      );
    }
    const wanted = list(given['roles']).map((role) => record(role));
    const roles = call.token.roles.filter(
      (role) =>
        wanted.length === 0 || wanted.some((wish) => wish['id'] === role.id || wish['name'] === role.name),
    );
    const expires = text(given['expires_at']);
    const credential = identity.applicationCredentials.add({
      id: ids.keystone(),
      name,
      description: text(given['description']) ?? null,
      user_id: user,
      project_id: call.projectId,
      secret: text(given['secret']) ?? ids.hex(64),
      roleIds: roles.map((role) => role.id),
      expires:
        expires === undefined
          ? undefined
          : Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(expires) ? expires : `${expires}Z`),
      unrestricted: flag(given['unrestricted']) ?? false,
      accessRules: accessRulesIn(given['access_rules'], () => ids.keystone()),
    });
    return created({ application_credential: { ...show(call, credential), secret: credential.secret } });
  },
  'GET users/{user}/application_credentials/{id}': (call) =>
    ok({ application_credential: show(call, credentialOf(call, 'get')) }),
  'DELETE users/{user}/application_credentials/{id}': (call) => {
    const gone = credentialOf(call, 'delete');
    call.state.identity.applicationCredentials.delete(gone.id);
    return noContent;
  },
  'GET OS-TRUST/trusts': (call) => {
    const [trustor, trustee] = [call.query.get('trustor_user_id'), call.query.get('trustee_user_id')];
    const rule =
      trustor !== null
        ? 'list_trusts_for_trustor'
        : trustee !== null
          ? 'list_trusts_for_trustee'
          : 'list_trusts';
    if (!call.admin && (trustor ?? trustee) !== call.userId) throw forbidden(`identity:${rule}`, 'policy');
    const found = call.state.identity.trusts.filter(
      (trust) =>
        (trustor === null || trust['trustor_user_id'] === trustor) &&
        (trustee === null || trust['trustee_user_id'] === trustee),
    );
    return ok({ trusts: found.map(({ name: _name, roleIds: _ids, ...trust }) => trust), links: links(call) });
  },
  'POST OS-TRUST/trusts': (call) => {
    const given = call.envelope('trust');
    if (given['trustor_user_id'] !== call.userId) throw forbidden('identity:create_trust', 'policy');
    const wanted = list(given['roles']).map((role) => record(role));
    const roles = call.token.roles.filter((role) =>
      wanted.some((wish) => wish['id'] === role.id || wish['name'] === role.name),
    );
    const {
      name: _name,
      roleIds: _ids,
      ...trust
    } = call.state.identity.trusts.add({
      id: call.state.ids.keystone(),
      name: '',
      impersonation: given['impersonation'],
      trustor_user_id: given['trustor_user_id'],
      trustee_user_id: given['trustee_user_id'],
      project_id: given['project_id'] ?? null,
      expires_at: given['expires_at'] ?? null,
      remaining_uses: given['remaining_uses'] ?? null,
      deleted_at: null,
      redelegation_count: 0,
      roles: roles.map(({ id, name }) => ({ id, name })),
      roleIds: roles.map((role) => role.id),
    });
    return created({ trust });
  },
  'GET OS-TRUST/trusts/{id}': (call) => {
    const trust = call.state.identity.trusts.get(call.param('id'));
    if (trust === undefined) throw notFound(`Could not find trust: ${call.param('id')}.`);
    const { name: _name, roleIds: _ids, ...shown } = trust;
    return ok({ trust: shown });
  },
  'DELETE OS-TRUST/trusts/{id}': (call) => {
    if (!call.state.identity.trusts.delete(call.param('id')))
      throw notFound(`Could not find trust: ${call.param('id')}.`);
    return noContent;
  },
};

/** Limits are made several at once. */
function limitCrud(
  name: 'limit' | 'registered_limit',
  plural: 'limits' | 'registered_limits',
  value: string,
): Routes {
  const store = (call: Call) =>
    name === 'limit' ? call.state.identity.limits : call.state.identity.registeredLimits;
  return {
    ...crud({
      name,
      plural,
      open: true,
      store,
      make: () => {
        throw badRequest(`'${plural}' is a required property`);
      },
      filters: ['service_id', 'region_id', 'resource_name'],
      ...(name === 'limit' ? { looks: ['update', 'delete'] as const } : {}),
      show: (_call, { name: _name, ...limit }) => limit,
    }),
    [`POST ${plural}`]: admin(`identity:create_${plural}`, (call) => {
      const made = list(record(call.body)[plural]).map((asked) => {
        const given = record(asked);
        const limit = store(call).add({
          id: call.state.ids.keystone(),
          name: '',
          service_id: given['service_id'],
          region_id: given['region_id'] ?? null,
          resource_name: given['resource_name'],
          [value]: given[value],
          description: given['description'] ?? null,
          ...(name === 'limit'
            ? { project_id: given['project_id'] ?? null, domain_id: given['domain_id'] ?? null }
            : {}),
        });
        const { name: _name, ...shown } = limit;
        return { ...shown, links: { self: `${call.base}/${plural}/${limit.id}` } };
      });
      return created({ [plural]: made, links: links(call) });
    }),
  };
}

function ownUser(call: Call, rule: string): string {
  const user = call.param('user');
  if (!call.admin && user !== call.userId) throw forbidden(`identity:${rule}`, 'policy');
  return user;
}

function credentialOf(call: Call, verb: string): ApplicationCredential {
  const user = ownUser(call, `${verb}_application_credential`);
  const found = call.state.identity.applicationCredentials.get(call.param('id'));
  if (found === undefined || found.user_id !== user) {
    throw notFound(`Could not find Application Credential: ${call.param('id')}.`);
  }
  return found;
}

function show(call: Call, credential: ApplicationCredential): Json {
  const { secret: _secret, roleIds, expires, accessRules, ...shown } = credential;
  const { roles } = call.state.identity;
  return {
    ...shown,
    ...(accessRules === undefined ? {} : { access_rules: accessRules }),
    roles: roleIds.map((id) => ({ id, name: roles.get(id)?.name, domain_id: null })),
    expires_at: expires === undefined ? null : micros(expires),
    system: null,
    links: { self: `${call.base}/users/${credential.user_id}/application_credentials/${credential.id}` },
  };
}
