import { importOptional } from '@groundcrew/ground';

/** The parts of `fast-xml-parser` that read what Pacemaker prints. */
export type XmlPackage = Pick<typeof import('fast-xml-parser'), 'XMLParser' | 'XMLValidator'>;

/**
 * Imports `fast-xml-parser`, an optional peer, when the first answer of Pacemaker is read.
 *
 * @throws MissingPackageError if it is not installed
 */
export const importXmlPackage = (): Promise<XmlPackage> =>
  importOptional('fast-xml-parser', () => import('fast-xml-parser'), 'Reading what Pacemaker prints');
