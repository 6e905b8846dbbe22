import { created, noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { conflict, forbidden, notFound } from '../../fault.ts';
import { flag, type Json, list, micros, record, text } from '../../wire.ts';
import { accessRulesIn } from './access-rules.ts';
import { links, nameOf } from './crud.ts';
import type { ApplicationCredential } from './state.ts';

export const applicationCredentialRoutes: Routes = {
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
};

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
