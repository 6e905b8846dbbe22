import { importOptional } from '@groundcrew/ground';

/** The optional packages of the engine. */
export interface EnginePackages {
  readonly DBOS: (typeof import('@dbos-inc/dbos-sdk'))['DBOS'];
  readonly Pool: (typeof import('pg'))['Pool'];
}

/** Imports the packages. @throws MissingPackageError naming the package to install */
export async function enginePackages(): Promise<EnginePackages> {
  const purpose = 'Running plans on DBOS';
  const pg = await importOptional('pg', () => import('pg'), purpose);
  const { DBOS } = await importOptional('@dbos-inc/dbos-sdk', () => import('@dbos-inc/dbos-sdk'), purpose);
  return { DBOS, Pool: pg.default.Pool };
}
