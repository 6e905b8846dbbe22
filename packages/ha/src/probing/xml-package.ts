import { importOptional } from '@groundcrew/ground';
import type { XMLParser, XMLValidator } from 'fast-xml-parser';

/** The parts of `fast-xml-parser` that read what Pacemaker prints. */
export interface XmlPackage {
  readonly XMLParser: typeof XMLParser;
  readonly XMLValidator: typeof XMLValidator;
}

/**
 * Imports `fast-xml-parser`, an optional peer, when the first answer of Pacemaker is read.
 *
 * @throws MissingPackageError if it is not installed
 */
export const importXmlPackage = (): Promise<XmlPackage> =>
  importOptional('fast-xml-parser', () => import('fast-xml-parser'), 'Reading what Pacemaker prints');
