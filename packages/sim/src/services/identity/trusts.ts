import { created, noContent, ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { forbidden, notFound } from '../../fault.ts';
import { list, record } from '../../wire.ts';
import { links } from './crud.ts';

export const trustRoutes: Routes = {
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
