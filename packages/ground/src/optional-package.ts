import { GroundcrewError } from './errors.ts';

/** A package that only some callers need is not installed. */
export class MissingPackageError extends GroundcrewError {
  readonly code = 'missing-package';
  /** The package to install. */
  readonly packageName: string;

  constructor(packageName: string, purpose: string, cause: unknown) {
    super(`${purpose} needs the package ${packageName}, which is not installed`, {
      remedy: `Install it beside the package that uses it: npm install ${packageName}`,
      cause,
    });
    this.packageName = packageName;
  }
}

/**
 * Imports an optional peer when it is first needed.
 *
 * @throws MissingPackageError if the package is not installed, with what to install. Every other failure, such as a missing
 * dependency of the package itself, is left as it is.
 * @example
 * const { createConnection } = await importOptional('mysql2', () => import('mysql2'), 'Observing Galera');
 */
export async function importOptional<Module>(
  packageName: string,
  load: () => Promise<Module>,
  purpose: string,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (missingPackage(error) !== packageName) throw error;
    throw new MissingPackageError(packageName, purpose, error);
  }
}

/** The package that Node did not find. */
function missingPackage(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND')
    return undefined;
  return /^Cannot find package '((?:@[^/']+\/)?[^/']+)/.exec(error.message)?.[1];
}
