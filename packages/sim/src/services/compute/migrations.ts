import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { forbidden } from '../../fault.ts';
import { limitOf, paginate, withNextLink } from '../../paging.ts';
import { isInDownCell } from './down-cell.ts';
import { migrationView } from './server-migrations.ts';
import type { Migration } from './state.ts';

export const migrationRoutes: Routes = {
  'GET os-migrations': (call) => {
    if (!call.admin) throw forbidden('os_compute_api:os-migrations:index', 'policy');
    const { query } = call;
    const limit = call.atLeast('2.59') ? limitOf(call) : 1000;
    const filter = (migration: Migration): boolean =>
      !isInDownCell(call.state, migration.source) &&
      [
        [query.get('status'), migration.status],
        [query.get('instance_uuid'), migration.server],
        [query.get('migration_type'), migration.type],
        [query.get('source_compute'), migration.source],
      ].every(([wanted, value]) => wanted === null || wanted === value) &&
      (query.get('host') === null ||
        migration.source === query.get('host') ||
        migration.dest === query.get('host'));
    const page = paginate(call.state.compute.migrations, {
      filter,
      marker: query.get('marker') ?? undefined,
      limit,
    });
    const body = withNextLink(
      call,
      'migrations',
      page,
      page.map((migration) => migrationView(call, migration, false)),
      limit,
    );
    if (!call.atLeast('2.59')) delete body['migrations_links'];
    return ok(body);
  },
};
