import { noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { forbidden } from '../../fault.ts';
import { type Json, number, record } from '../../wire.ts';
import { QUOTAS } from './state.ts';

export const quotaRoutes: Routes = {
  'GET quotas': admin('rule:get_quota', (call) =>
    ok({
      quotas: [...call.state.network.quotas].map(([project, own]) => ({
        ...QUOTAS,
        ...own,
        project_id: project,
        tenant_id: project,
      })),
    }),
  ),
  'GET quotas/{project}': (call) => ok({ quota: quotaOf(call) }),
  'GET quotas/{project}/default': () => ok({ quota: QUOTAS }),
  'GET quotas/{project}/details.json': (call) => ok({ quota: details(call) }),
  'GET quotas/{project}/details': (call) => ok({ quota: details(call) }),
  'PUT quotas/{project}': admin('rule:update_quota', (call) => {
    const given = record(record(call.body)['quota']);
    const own = { ...call.state.network.quotas.get(call.param('project')) };
    for (const [name, value] of Object.entries(given)) if (name in QUOTAS) own[name] = number(value) ?? 0;
    call.state.network.quotas.set(call.param('project'), own);
    return ok({ quota: quotaOf(call) });
  }),
  'DELETE quotas/{project}': admin('rule:delete_quota', (call) => {
    call.state.network.quotas.delete(call.param('project'));
    return noContent;
  }),
};

function quotaOf(call: Call): Record<string, number> {
  if (!call.owns(call.param('project'))) throw forbidden('rule:get_quota', 'policy');
  return call.state.network.quota(call.param('project'));
}

function details(call: Call): Json {
  return Object.fromEntries(
    Object.entries(quotaOf(call)).map(([name, limit]) => [
      name,
      { limit, used: call.state.network.used(call.param('project'), name), reserved: 0 },
    ]),
  );
}
