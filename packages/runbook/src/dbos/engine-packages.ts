import type { DBOS } from '@dbos-inc/dbos-sdk';
import { importOptional } from '@groundcrew/ground';
import type { Pool } from 'pg';

/** The optional packages of the engine. */
export interface EnginePackages {
  readonly DBOS: typeof DBOS;
  readonly Pool: typeof Pool;
}

/** Imports the packages. @throws MissingPackageError naming the package to install */
export async function enginePackages(): Promise<EnginePackages> {
  const purpose = 'Running plans on DBOS';
  const pg = await importOptional('pg', () => import('pg'), purpose);
  const dbos = await importOptional('@dbos-inc/dbos-sdk', () => import('@dbos-inc/dbos-sdk'), purpose);
  return { DBOS: dbos.DBOS, Pool: pg.default.Pool };
}
